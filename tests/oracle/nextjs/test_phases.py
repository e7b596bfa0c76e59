"""megalint says of every read what the real Next.js does with it."""

from __future__ import annotations

import json

import pytest

from megalint.project.nextjs.facts import EnvironmentRead
from megalint.run import load
from oracle.nextjs.app import build, measure
from oracle.nextjs.constructs import Construct, all_constructs
from oracle.npm import installed

VERSIONS = (14, 15, 16)


@pytest.mark.parametrize("major", VERSIONS)
def test_every_read_has_the_measured_phase(major: int) -> None:
    home = installed(f"next-{major}")
    version = json.loads((home / "node_modules/next/package.json").read_text())["version"]
    constructs = all_constructs(major)
    folder = build(home, constructs, version)

    measured = measure(home, folder, constructs)
    project, problems = load(folder)
    said: dict[str, str] = {}
    for read in sorted(project.each(EnvironmentRead), key=lambda one: one.phase, reverse=True):
        said[read.read.name] = read.phase.name.lower()

    assert problems == ()
    assert len(constructs) >= 120
    assert [name for name, phase in measured.items() if phase.startswith("not seen")] == []
    differing = [
        f"{one.name}: measured {measured[one.name]}, said {said.get(one.variable)}"
        for one in constructs
        if not agree(measured[one.name], said.get(one.variable), one)
    ]
    assert differing == []


def agree(measured: str, said: str | None, construct: Construct) -> bool:
    live = {"start", "request"}
    if construct.is_live_only and measured in live:
        return said in live
    return measured == said
