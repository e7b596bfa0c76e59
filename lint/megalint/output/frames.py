"""Source frames: lines of code with the places of a finding marked below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from megalint.output.plain import expanded, width
from megalint.source import Location, Source, Span

_GAP: Final = 2
_ELLIPSIS: Final = "…"
_LEAST_ROOM: Final = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to mark: ``^`` for the finding itself, ``-`` for the others."""

    location: Location
    is_primary: bool

    @property
    def line(self) -> int:
        """The 1-based line of the place."""
        return self.location.line


def frame(primary: Location, others: Sequence[Location], columns: int) -> Iterator[str]:
    """Yield the lines of a frame: the file of the finding first, then the other files."""
    marks = _distinct([Mark(primary, True), *(Mark(one, False) for one in others)])
    groups: dict[Source, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.location.source, []).append(mark)
    gutter = max(len(str(mark.line)) for mark in marks)
    for number, (source, members) in enumerate(groups.items()):
        line, column = source.line_column(members[0].location.span.start)
        arrow = "-->" if number == 0 else ":::"
        yield f"{'':{gutter}}{arrow} {expanded(str(source.path))}:{line}:{column}"
        yield f"{'':{gutter}} |"
        yield from _lines(source, members, gutter, columns)
    yield f"{'':{gutter}} |"


def _distinct(marks: Sequence[Mark]) -> list[Mark]:
    """Keep one mark for each place; of several the first, with the first label there is."""
    found: dict[tuple[Source, Span], Mark] = {}
    for mark in marks:
        key = (mark.location.source, mark.location.span)
        known = found.get(key)
        if known is None:
            found[key] = mark
        elif not known.location.label:
            found[key] = Mark(known.location.labelled(mark.location.label), known.is_primary)
    return list(found.values())


def _lines(source: Source, marks: Sequence[Mark], gutter: int, columns: int) -> Iterator[str]:
    last: int | None = None
    lines = sorted({mark.line for mark in marks})
    for line in lines:
        if last is not None and line - last > _GAP:
            yield f"{'':{gutter}} :"
        elif last is not None:
            for between in range(last + 1, line):
                text, _ = _shortened(source, between, [], columns - gutter - 3)
                yield f"{between:>{gutter}} | {text}".rstrip()
        here = [mark for mark in marks if mark.line == line]
        yield from _marked(source, line, here, gutter, columns)
        last = line


def _marked(
    source: Source, line: int, marks: Sequence[Mark], gutter: int, columns: int
) -> Iterator[str]:
    ordered = sorted(marks, key=lambda mark: mark.location.span)
    text, places = _shortened(source, line, ordered, columns - gutter - 3)
    yield f"{line:>{gutter}} | {text}".rstrip()
    for mark, (start, length) in zip(ordered, places, strict=True):
        sign = ("^" if mark.is_primary else "-") * max(length, 1)
        label = expanded(mark.location.label)
        yield f"{'':{gutter}} | {'':{start}}{sign} {label}".rstrip()


def _shortened(
    source: Source, line: int, marks: Sequence[Mark], room: int
) -> tuple[str, list[tuple[int, int]]]:
    """Return the line cut to *room* columns around its marks, and the columns of each mark."""
    span = source.line_span(line)
    text = source[span]
    spans = [_within(mark.location.span, span) for mark in marks]
    cut = _cut(text, spans, max(room, _LEAST_ROOM))
    prefix = _ELLIPSIS if cut.start else ""
    suffix = _ELLIPSIS if cut.end < len(text) else ""
    shown = expanded(text[cut.start : cut.end])
    places = []
    for one in spans:
        start = min(max(one.start, cut.start), cut.end)
        end = min(max(one.end, start), cut.end)
        before = width(prefix + expanded(text[cut.start : start]))
        places.append((before, width(expanded(text[start:end]))))
    return prefix + shown + suffix, places


def _within(span: Span, line: Span) -> Span:
    """Return the part of *span* on its first line, counted from the line's start."""
    end = min(span.end, line.end)
    return Span(span.start - line.start, max(end - line.start, span.start - line.start))


def _cut(text: str, spans: Sequence[Span], room: int) -> Span:
    """Return the part of a long line to show: from a little before the first mark."""
    if width(expanded(text)) <= room:
        return Span(0, len(text))
    start = max(min((one.start for one in spans), default=0) - room // 4, 0)
    end, taken = start, 2
    while end < len(text) and taken < room:
        taken += width(expanded(text[end]))
        end += 1
    return Span(start, end - 1 if taken > room else end)
