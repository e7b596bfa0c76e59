"""The parts of a long line that fit into a terminal, around what is marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from megalint.output.plain import expanded, width
from megalint.source import Span

_ELLIPSIS: Final = "…"


class Window(Struct, frozen=True):
    """A part of a line as shown, and which of the marked spans it is for.

    :attr:`part` counts code points of the line; :attr:`members` are indices of the spans.
    """

    line: str
    part: Span
    members: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The part with dots where something is left out."""
        shown = expanded(self.line[self.part.start : self.part.end])
        return self._before + shown + (_ELLIPSIS if self.part.end < len(self.line) else "")

    @property
    def _before(self) -> str:
        return _ELLIPSIS if self.part.start else ""

    def columns(self, span: Span) -> tuple[int, int]:
        """Return the first column of *span* and the one past its last, as far as it is shown."""
        start = min(max(span.start, self.part.start), self.part.end)
        end = min(max(span.end, start), self.part.end)
        before = width(self._before + expanded(self.line[self.part.start : start]))
        return before, before + width(expanded(self.line[start:end]))


def windows(line: str, spans: Sequence[Span], room: int) -> list[Window]:
    """Return the windows of at most *room* columns that show where each of *spans* starts.

    *spans* are in order of their starts; there is one window when all fit, or when there are none.
    """
    needed = width(expanded(line)) + any(span.start == len(line) for span in spans)
    if needed <= room:
        return [Window(line, Span(0, len(line)), tuple(range(len(spans))))]
    if not spans:
        return [Window(line, _part(line, Span(0, 0), room))]
    found: list[Window] = []
    for index, span in enumerate(spans):
        last = found[-1] if found else None
        if last is not None and _shows(last, span):
            found[-1] = Window(line, last.part, (*last.members, index))
        else:
            found.append(Window(line, _part(line, span, room), (index,)))
    return found


def _shows(window: Window, span: Span) -> bool:
    """Whether *span* is in the window, or at least starts well inside of it."""
    length = window.part.end - window.part.start
    return span.end <= window.part.end or span.start < window.part.start + length // 2


def _part(line: str, span: Span, room: int) -> Span:
    """Return the part to show for *span*: a little before it, then as much as fits."""
    room -= 2 * len(_ELLIPSIS)
    start = end = span.start
    taken = 0
    while start > 0 and taken + _cost(line, start - 1) <= room // 4:
        start -= 1
        taken += _cost(line, start)
    while end < len(line) and taken + _cost(line, end) <= room:
        taken += _cost(line, end)
        end += 1
    while start > 0 and taken + _cost(line, start - 1) <= room:
        start -= 1
        taken += _cost(line, start)
    return Span(start, end)


def _cost(line: str, index: int) -> int:
    return width(expanded(line[index]))
