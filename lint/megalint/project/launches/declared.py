"""Launches that no script makes: compose services, images, ecosystem files, units."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.project.launches.facts import Launch
from megalint.project.launches.placement import Placement
from megalint.project.linked import Project


def launches(project: Project, place: Placement) -> Iterator[Launch]:
    """Yield the launches that files declare."""
    yield from ()
