"""The chain as one HTML file with a picture that asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.output.page import escaped, page, prose
from megalint.trace.pipeline import MARKS, Chain, Link, State

_WIDTH: Final = 300
_HEIGHT: Final = 52
_INDENT: Final = 44
_GAP: Final = 14
_LONGEST: Final = 36


def to_html(chain: Chain) -> str:
    """Return the whole page: the picture, then the findings in words."""
    counts = {state: sum(one.state is state for one in chain.links) for state in State}
    summary = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
    body = f'<div class="scroll">{_picture(chain)}</div>{_findings(chain)}'
    package = "megalint.trace.pipeline"
    return page(package, "megalint trace", "The chain of the failover", summary, body)


def _picture(chain: Chain) -> str:
    """Return the drawing: a row for each link, further in than what leads to it."""
    rows = [(number, depth) for number, depth, was_there in chain.walk() if not was_there]
    places = {
        number: (depth * _INDENT, row * (_HEIGHT + _GAP))
        for row, (number, depth) in enumerate(rows)
    }
    width = max((x for x, _ in places.values()), default=0) + _WIDTH
    height = len(rows) * (_HEIGHT + _GAP)
    arrows = "".join(_arrows(chain, places))
    boxes = "".join(_box(chain.links[number], *places[number]) for number, _ in rows)
    return (
        f'<svg viewBox="-2 -2 {width + 28} {height + 4}" width="{width + 28}" role="img" '
        f'aria-label="the chain as a drawing">{arrows}{boxes}</svg>'
    )


def _arrows(chain: Chain, places: dict[int, tuple[int, int]]) -> Iterator[str]:
    for number, link in enumerate(chain.links):
        x, y = places[number]
        for goal in link.following:
            to_x, to_y = places[goal]
            middle = to_y + _HEIGHT // 2
            if to_y > y and to_x > x:
                start = x + _INDENT // 2
                path = f"M{start} {y + _HEIGHT}V{middle}H{to_x}"
            else:
                side = max(x, to_x) + _WIDTH + 18
                path = f"M{x + _WIDTH} {y + _HEIGHT // 2}H{side}V{middle}H{to_x + _WIDTH}"
            yield f'<path d="{path}"/>'


def _box(link: Link, x: int, y: int) -> str:
    title = f"{link.name}: {link.words} ({link.location})"
    return (
        f'<g class="{link.state.value}" transform="translate({x} {y})">'
        f"<title>{escaped(title)}</title>"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>'
        f'<text x="12" y="20" class="kind">{MARKS[link.state]} {escaped(link.kind)}</text>'
        f'<text x="12" y="40">{escaped(_shortened(link.name))}</text></g>'
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _findings(chain: Chain) -> str:
    rows = "".join(
        f'<tr class="{one.state.value}"><th scope="row">{escaped(one.name)}</th>'
        f"<td>{escaped(one.kind)}</td><td>{escaped(one.words)}</td>"
        f"<td><code>{escaped(str(one.location))}</code></td><td>{_told(one)}</td></tr>"
        for number, _, was_there in chain.walk()
        if not was_there
        for one in (chain.links[number],)
    )
    heads = ("Step", "Kind", "What is known", "Where", "Findings")
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _told(link: Link) -> str:
    found = (f"<b>{escaped(one.rule_id)}</b> {prose(one.message)}" for one in link.findings)
    return "<br>".join(found)
