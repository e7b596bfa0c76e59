"""The chain as a tree, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.output.plain import printable
from megalint.trace.pipeline import MARKS, Chain, Link


def to_text(chain: Chain) -> str:
    """Return a line for each step below what leads to it, and one for each finding."""
    seen: set[int] = set()
    lines = [line for root in chain.roots() for line in _lines(chain, root, "  ", "  ", seen)]
    return "".join(f"{printable(line)}\n" for line in lines)


def _lines(chain: Chain, number: int, head: str, indent: str, seen: set[int]) -> Iterator[str]:
    """Yield the lines of a link: *head* is what stands before its own, *indent* before others."""
    link = chain.links[number]
    if number in seen:
        yield f"{head}{MARKS[link.state]} {link.kind} {link.name}: see above"
        return
    seen.add(number)
    yield f"{head}{_told(link)}"
    rest = link.following
    bar = "│" if rest else " "
    for one in link.findings:
        yield f"{indent}{bar}   {one.rule_id}: {one.message}"
    for place, following in enumerate(rest):
        is_last = place == len(rest) - 1
        own, more = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        yield from _lines(chain, following, f"{indent}{own}", f"{indent}{more}", seen)


def _told(link: Link) -> str:
    words = f"  {link.words}" if link.details else ""
    return f"{MARKS[link.state]} {link.kind} {link.name}{words}  ({link.location})"
