"""The chain of a failover as it is written: what is proven, what is not known, what is broken."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from megalint.finding import Finding
from megalint.source import Location


class State(Enum):
    """What is known of a link."""

    PROVEN = "proven"
    UNKNOWN = "unknown"
    BROKEN = "broken"


MARKS = {State.PROVEN: "✓", State.UNKNOWN: "?", State.BROKEN: "✗"}


class Link(Struct, frozen=True):
    """One step of the chain: what it is, how it is called, what is known of it, where it leads.

    :attr:`details` are None where something is not written out; :attr:`findings` are what the rules
    of the family say of it. :attr:`following` are the numbers of the links that it leads to.
    """

    kind: str
    name: str
    details: tuple[str | None, ...]
    location: Location
    findings: tuple[Finding, ...] = ()
    following: tuple[int, ...] = ()

    @property
    def state(self) -> State:
        """Whether the step is broken, not known in part, or neither."""
        if self.findings:
            return State.BROKEN
        return State.UNKNOWN if None in self.details else State.PROVEN

    @property
    def words(self) -> str:
        """What is known of it, in a line."""
        return ", ".join(one or "not known" for one in self.details)


class Chain(Struct, frozen=True):
    """All links, in the order in which they happen, each known by its number."""

    links: tuple[Link, ...] = ()

    def roots(self) -> tuple[int, ...]:
        """Return the links that no other leads to; of circles the first."""
        led = {number for one in self.links for number in one.following}
        roots = [number for number in range(len(self.links)) if number not in led]
        seen = {number for root in roots for number, _, _ in self._walk(root, 0, set())}
        for number in range(len(self.links)):
            if number not in seen:
                roots.append(number)
                seen |= {one for one, _, _ in self._walk(number, 0, set())}
        return tuple(roots)

    def walk(self) -> Iterator[tuple[int, int, bool]]:
        """Yield number and depth of each link from its root on, and whether it was there before."""
        seen: set[int] = set()
        for root in self.roots():
            yield from self._walk(root, 0, seen)

    def _walk(self, number: int, depth: int, seen: set[int]) -> Iterator[tuple[int, int, bool]]:
        yield number, depth, number in seen
        if number not in seen:
            seen.add(number)
            for one in self.links[number].following:
                yield from self._walk(one, depth + 1, seen)
