"""A file's text and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

MAX_BYTES: Final = 20_000_000
"""Larger files are not read."""
_OUTER: Final = re.compile(r"[^\s)}\]#/*]")


class Span(Struct, frozen=True, order=True):
    """A half-open range of offsets, counted in Unicode code points."""

    start: int
    end: int


class Source(Struct, frozen=True, dict=True):
    """One file as read: every later pass points into :attr:`text` with spans.

    :attr:`path` is relative to the root of the checkout, with forward slashes. Two sources
    are the same source when their paths are: a run never holds two texts of one path.
    """

    path: PurePosixPath
    text: str

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Source) and self.path == other.path)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.path)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        end = self.text.find("\n")
        while end >= 0:
            starts.append(end + 1)
            end = self.text.find("\n", end + 1)
        return starts

    @cached_property
    def outer_lines(self) -> list[int]:
        """The 1-based lines on which something begins that is not indented, in order."""
        return [
            number
            for number, start in enumerate(self._line_starts, 1)
            if _OUTER.match(self.text, start)
        ]

    @property
    def line_count(self) -> int:
        """How many lines there are; a final newline starts no line of its own."""
        return len(self._line_starts) - (self.text.endswith("\n") and self.text != "\n")

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of *offset*; only a line feed ends a line."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_span(self, line: int) -> Span:
        """Return the span of a 1-based line, without its line end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < len(self._line_starts) else len(self.text)
        if end > start and self.text[end - 1] == "\r":
            end -= 1
        return Span(start, end)

    def line_text(self, line: int) -> str:
        """Return the text of a 1-based line, without its line end."""
        return self[self.line_span(line)]

    def __getitem__(self, span: Span) -> str:
        return self.text[span.start : span.end]


class Location(Struct, frozen=True):
    """A place, and what to say about it."""

    source: Source
    span: Span
    label: str = ""

    @property
    def line(self) -> int:
        """The 1-based line on which the place starts."""
        return self.source.line_column(self.span.start)[0]

    @property
    def text(self) -> str:
        """The source text of the place."""
        return self.source[self.span]

    def labelled(self, label: str) -> Location:
        """Return the same place with other words."""
        return Location(self.source, self.span, label)

    def __str__(self) -> str:
        return f"{self.source.path}:{self.line}"
