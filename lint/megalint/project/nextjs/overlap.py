"""Whether two sets of paths, each known in part, have a path in common."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

ANY: Final = "any character"
SEGMENT: Final = "any character but a slash"


class One(Struct, frozen=True):
    """One character: itself, or one of a class (:data:`ANY`, :data:`SEGMENT`)."""

    kind: str


class Many(Struct, frozen=True):
    """Any number of characters of a class, none included."""

    kind: str


Glob = tuple[One | Many, ...]


def overlap(left: Glob, right: Glob) -> bool:
    """Return whether some text belongs to both."""
    reached = {(0, 0)}
    pending = [(0, 0)]
    while pending:
        place = pending.pop()
        if place == (len(left), len(right)):
            return True
        for following in _steps(left, right, *place):
            if following not in reached:
                reached.add(following)
                pending.append(following)
    return False


def _steps(left: Glob, right: Glob, i: int, j: int) -> list[tuple[int, int]]:
    """Return the places that one character, or the end of a repetition, leads to."""
    one = left[i] if i < len(left) else None
    other = right[j] if j < len(right) else None
    steps = []
    if isinstance(one, Many):
        steps.append((i + 1, j))
    if isinstance(other, Many):
        steps.append((i, j + 1))
    if one is not None and other is not None and _meet(one.kind, other.kind):
        steps.append((i + isinstance(one, One), j + isinstance(other, One)))
    return steps


def _meet(one: str, other: str) -> bool:
    if ANY in {one, other}:
        return True
    if SEGMENT in {one, other}:
        return "/" not in {one, other}
    return one == other
