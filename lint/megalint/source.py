"""A file's text and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, Final, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")


class Needle(Struct, frozen=True):
    """Patterns, each behind a word that is in whatever it matches.

    A word is found fifty times as fast as a pattern, and mostly there is none; a pattern that
    starts with its word is found faster than others. With *is_folded* the text is searched in lower
    case.
    """

    patterns: tuple[tuple[str, str], ...]
    is_folded: bool = False

    def search(self, text: str) -> bool:
        """Whether one of the patterns is somewhere in *text*."""
        if self.is_folded:
            text = text.lower()
        return any(
            word in text and (word == pattern or re.search(pattern, text) is not None)
            for word, pattern in self.patterns
        )


def whole(word: str) -> tuple[str, str]:
    """Return *word* and the pattern of it as a whole word."""
    return word, rf"{word}\b(?<=\b{word})"


Question = str | re.Pattern[str] | Needle | Callable[[str], Any]
"""What can be asked of a text: whether it holds something, or what a function says."""

MAX_BYTES: Final = 20_000_000
"""Larger files are not read."""
_LINE_END: Final = re.compile(r"\n")
_OUTER: Final = re.compile(r"[^\s)}\]#/*]")


class Span(Struct, frozen=True, order=True, gc=False):
    """A half-open range of offsets, counted in Unicode code points."""

    start: int
    end: int


class Source:
    """One file as read: every later pass points into :attr:`text` with spans.

    :attr:`path` is relative to the root of the checkout, with forward slashes. Two sources
    are the same source when their paths are: a run never holds two texts of one path.

    :attr:`is_read` says whether anything saw the text; where nothing did, a run depends on the
    file by :attr:`answers` alone.
    """

    __slots__ = ("_hash", "_outer_lines", "_starts", "_text", "answers", "is_read", "path")

    def __init__(self, path: PurePosixPath, text: str) -> None:
        self.path = path
        self.is_read = False
        self.answers: dict[Question, object] = {}
        self._text = text
        self._hash = hash(path)
        self._starts: list[int] | None = None
        self._outer_lines: list[int] | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        self.is_read = True
        return self._text

    @property
    def unread(self) -> str:
        """The whole text, for those who find nothing in it."""
        return self._text

    def mentions(self, what: str | re.Pattern[str] | Needle) -> bool:
        """Whether *what* is somewhere in the text."""
        if what not in self.answers:
            is_there = what in self._text if isinstance(what, str) else what.search(self._text)
            self.answers[what] = bool(is_there)
        return bool(self.answers[what])

    def ask(self, question: Callable[[str], T]) -> T:
        """Return ``question(text)``, computed once.

        *question* is a function at the top of a module: a later run finds it by its name.
        """
        if question not in self.answers:
            self.answers[question] = question(self._text)
        return cast(T, self.answers[question])

    def __repr__(self) -> str:
        return f"Source({str(self.path)!r})"

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Source) and self.path == other.path)

    def __hash__(self) -> int:
        return self._hash

    @property
    def _line_starts(self) -> list[int]:
        if self._starts is None:
            text = self.text
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        return self._starts

    @property
    def outer_lines(self) -> list[int]:
        """The 1-based lines on which something begins that is not indented, in order."""
        if self._outer_lines is None:
            numbered = enumerate(self._line_starts, 1)
            self._outer_lines = [n for n, start in numbered if _OUTER.match(self.text, start)]
        return self._outer_lines

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


class Location(Struct, frozen=True, gc=False):
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
