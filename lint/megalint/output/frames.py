"""Source frames: lines of code with the places of a finding marked below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from megalint.output.plain import expanded, width, wrapped
from megalint.output.windows import Window, windows
from megalint.secrets import masked_line
from megalint.source import Location, Source, Span

_GAP: Final = 2
_LEAST_ROOM: Final = 20


class Mark(Struct, frozen=True):
    """A stretch of one line to mark: ``^`` for the finding itself, ``-`` for the others.

    :attr:`span` counts from the start of the line.
    """

    line: int
    span: Span
    sign: str
    label: str = ""


def frame(primary: Location, others: Sequence[Location], columns: int) -> Iterator[str]:
    """Yield the lines of a frame: the file of the finding first, then the other files."""
    places = _distinct([primary, *others])
    by_source: dict[Source, list[Mark]] = {}
    for number, place in enumerate(places):
        marks = by_source.setdefault(place.source, [])
        marks.extend(_marks(place, "-" if number else "^"))
    gutter = max(len(str(mark.line)) for marks in by_source.values() for mark in marks)
    room = max(columns - gutter - 3, _LEAST_ROOM)
    for number, (source, marks) in enumerate(by_source.items()):
        first = next(place for place in places if place.source == source)
        line, column = source.line_column(first.span.start)
        arrow = ":::" if number else "-->"
        yield f"{'':{gutter}}{arrow} {expanded(str(source.path))}:{line}:{column}"
        yield f"{'':{gutter}} |"
        yield from _block(source, marks, gutter, room)
        yield f"{'':{gutter}} |"


def _distinct(places: Sequence[Location]) -> list[Location]:
    """Keep each place once, in order, with the first label that there is for it."""
    found: dict[tuple[Source, Span], Location] = {}
    for place in places:
        known = found.setdefault((place.source, place.span), place)
        if not known.label:
            found[place.source, place.span] = known.labelled(place.label)
    return list(found.values())


def _marks(place: Location, sign: str) -> list[Mark]:
    """Return one mark, or two for a place of several lines: its first line and its last."""
    source, span = place.source, place.span
    line, column = source.line_column(span.start)
    last, end = source.line_column(max(span.end, span.start))
    while last > line and not source.line_text(last)[: end - 1].strip():
        last -= 1
        end = len(source.line_text(last)) + 1
    length = len(source.line_text(line))
    if last == line:
        start = min(column - 1, length)
        return [Mark(line, Span(start, max(min(end - 1, length), start)), sign, place.label)]
    text = source.line_text(last)[: end - 1]
    rest = Span(len(text) - len(text.lstrip()), len(text))
    first = Span(min(column - 1, length), length)
    return [Mark(line, first, sign), Mark(last, rest, sign, place.label)]


def _block(source: Source, marks: Sequence[Mark], gutter: int, room: int) -> Iterator[str]:
    """Yield the marked lines of one file, short gaps as they are and longer ones as ``:``."""
    previous: int | None = None
    for line in sorted({mark.line for mark in marks}):
        if previous is not None and line - previous > _GAP:
            yield f"{'':{gutter}} :"
        elif previous is not None and line - previous == _GAP:
            (between,) = windows(masked_line(source.line_text(line - 1)), [], room)
            yield f"{line - 1:>{gutter}} | {between.text}".rstrip()
        here = sorted((mark for mark in marks if mark.line == line), key=_order)
        text = masked_line(source.line_text(line))
        for window in windows(text, [mark.span for mark in here], room):
            yield f"{line:>{gutter}} | {window.text}".rstrip()
            shown = [here[index] for index in window.members]
            for row in _rows(shown, window, room):
                yield f"{'':{gutter}} | {row}"
        previous = line


def _order(mark: Mark) -> tuple[int, int]:
    return mark.span.start, -mark.span.end


def _rows(marks: Sequence[Mark], window: Window, room: int) -> Iterator[str]:
    """Yield what stands below a line; marks share a row when only the last has a label."""
    row, label, start = "", "", 0
    for mark in marks:
        begin, end = window.columns(mark.span)
        if row and (label or begin <= width(row)):
            yield from _labelled(row, label, start, room)
            row = ""
        row = f"{row:<{begin}}" + mark.sign * max(end - begin, 1)
        label, start = expanded(mark.label), begin
    yield from _labelled(row, label, start, room)


def _labelled(row: str, label: str, start: int, room: int) -> Iterator[str]:
    """Yield a row of marks with its label: behind it, or below where that is too wide."""
    if not label or width(row) + 1 + width(label) <= room:
        yield f"{row} {label}".rstrip()
        return
    yield row
    indent = max(min(start, room - width(label)), 0)
    if width(label) > room:
        indent = min(start, room // 4)
    yield from wrapped(f"{'':{indent}}{label}", room, indent)
