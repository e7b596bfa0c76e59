"""megalint says of every read what the real Next.js does with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from megalint.project.nextjs.facts import EnvironmentRead
from megalint.run import load
from oracle.nextjs.app import build, measure
from oracle.nextjs.constructs import Construct, all_constructs, cache_component_constructs
from oracle.npm import installed

VERSIONS = (14, 15, 16)


def version_in(home: Path) -> str:
    manifest = json.loads((home / "node_modules/next/package.json").read_text(encoding="utf-8"))
    return str(manifest["version"])


def phases_said(folder: Path) -> dict[str, str]:
    """Return the earliest phase that megalint gives for each variable."""
    project, problems = load(folder)
    assert problems == ()
    reads = sorted(project.each(EnvironmentRead), key=lambda one: one.phase, reverse=True)
    return {read.read.name: read.phase.name.lower() for read in reads}


def disagreements(
    constructs: Sequence[Construct], measured: dict[str, str], said: dict[str, str]
) -> list[str]:
    return [
        f"{one.name}: measured {measured[one.name]}, said {said.get(one.variable)}"
        for one in constructs
        if not agree(measured[one.name], said.get(one.variable), one)
    ]


def agree(measured: str, said: str | None, construct: Construct) -> bool:
    live = {"start", "request"}
    if construct.is_live_only and measured in live:
        return said in live
    return measured == said


@pytest.mark.parametrize("major", VERSIONS)
def test_every_read_has_the_measured_phase(major: int) -> None:
    home = installed(f"next-{major}")
    constructs = all_constructs(major)
    folder = build(home, constructs, version_in(home))

    measured = measure(home, folder, constructs)

    assert len(constructs) >= 120
    assert disagreements(constructs, measured, phases_said(folder)) == []


@pytest.mark.parametrize("major", VERSIONS)
def test_the_standalone_server_does_the_same(major: int) -> None:
    home = installed(f"next-{major}")
    constructs = all_constructs(major)
    folder = build(home, constructs, version_in(home))

    measured = measure(home, folder, constructs, is_standalone=True)

    assert disagreements(constructs, measured, phases_said(folder)) == []


def test_cache_components_prerender_by_part() -> None:
    home = installed("next-16")
    constructs = cache_component_constructs()
    folder = build(home, constructs, version_in(home), "parts", "cacheComponents: true,")

    measured = measure(home, folder, constructs)

    assert disagreements(constructs, measured, phases_said(folder)) == []
