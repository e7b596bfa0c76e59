"""Projects that were built with the real Next.js: every label holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from megalint.project.nextjs.facts import EnvironmentRead, Phase
from megalint.run import load

CASES = sorted((Path(__file__).parent.parent / "fixtures" / "labelled" / "nextjs").iterdir())


def phases(case: Path) -> dict[tuple[str, int], list[tuple[str, Phase]]]:
    project, problems = load(case)
    assert problems == ()
    found: dict[tuple[str, int], list[tuple[str, Phase]]] = {}
    for read in project.each(EnvironmentRead):
        place = str(read.read.location.source.path), read.read.location.line
        found.setdefault(place, []).append((read.read.name, read.phase))
    return found


def covers(name: str, variable: str) -> bool:
    """Whether a read of *name* stands for *variable*: by prefix where only that is known."""
    return variable.startswith(name[:-1]) if name.endswith("*") else name == variable


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_frozen_reads_are_found_and_no_others(case: Path) -> None:
    label = json.loads((case / "label.json").read_text(encoding="utf-8"))
    found = phases(case)

    missing = [
        one
        for one in label["frozen"]
        if not any(
            covers(name, one["var"]) and phase.is_frozen
            for name, phase in found.get((one["file"], one["line"]), [])
        )
    ]
    noisy = [
        one
        for one in label["not_frozen"]
        for name, phase in found.get((one["file"], one["line"]), [])
        if covers(name, one["var"]) and phase.is_frozen
    ]

    assert missing == []
    assert noisy == []
