"""A file's text and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any, Final, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")


class Needle:
    """Patterns, each behind a word that is in whatever it matches.

    A word is found fifty times as fast as a pattern, and mostly there is none; a pattern that
    starts with its word is found faster than others. With *is_folded* the text is searched in lower
    case, as far as it is ASCII.
    """

    def __init__(self, patterns: Iterable[tuple[str, str]], *, is_folded: bool = False) -> None:
        self.patterns = tuple(patterns)
        self.is_folded = is_folded
        self._words = [word.encode() for word, _ in self.patterns]

    def search(self, data: bytes) -> bool:
        """Whether one of the patterns is somewhere in *data*, which is UTF-8."""
        if self.is_folded:
            data = data.lower()
        if not any(word in data for word in self._words):
            return False
        text = data.decode("utf-8", "surrogatepass")
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


def found_in(data: bytes, what: str | re.Pattern[str] | Needle) -> bool:
    """Whether *what* is somewhere in *data*, which is UTF-8."""
    if isinstance(what, str):
        return what.encode("utf-8", "surrogatepass") in data
    if isinstance(what, Needle):
        return what.search(data)
    return what.search(data.decode("utf-8", "surrogatepass")) is not None


# only records that hold none of their own kind are left out of the garbage collection (gc=False):
# it is what takes deeply nested ones apart without a deep recursion
class Span(Struct, frozen=True, order=True, gc=False):
    """A half-open range of offsets, counted in Unicode code points."""

    start: int
    end: int


class Source:
    """One file as read: every later pass points into :attr:`text` with spans.

    :attr:`path` is relative to the root of the checkout, with forward slashes. Two sources
    are the same source when their paths are: a run never holds two texts of one path.

    Where nothing saw the text, a run depends on the file by :attr:`answers` alone. *text* may be
    bytes that are UTF-8.
    """

    __slots__ = ("_data", "_hash", "_outer_lines", "_starts", "_text", "answers", "path")

    def __init__(self, path: PurePosixPath, text: str | bytes) -> None:
        self.path = path
        self.answers: dict[Question, object] = {}
        # most texts are searched and never read: as bytes they are half as large, and found faster
        self._data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        self._text: str | None = None
        self._hash = hash(path)
        self._starts: list[int] | None = None
        self._outer_lines: list[int] | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        if self._text is None:
            self._text = self._data.decode("utf-8", "surrogatepass")
        return self._text

    @property
    def is_read(self) -> bool:
        """Whether anything saw the text."""
        return self._text is not None

    @property
    def data(self) -> bytes:
        """The whole text in UTF-8, for those who look for nothing in it."""
        return self._data

    def mentions(self, what: str | re.Pattern[str] | Needle) -> bool:
        """Whether *what* is somewhere in the text."""
        if what not in self.answers:
            self.answers[what] = found_in(self._data, what)
        return bool(self.answers[what])

    def ask(self, question: Callable[[str], T]) -> T:
        """Return ``question(text)``, computed once.

        *question* is a function at the top of a module: a later run finds it by its name.
        """
        if question not in self.answers:
            self.answers[question] = question(self._data.decode("utf-8", "surrogatepass"))
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
