"""Text that was made of other text: every character knows where it was written.

A script goes many roads before a shell reads it: a template renders it, a shell expands it inside
double quotes, a here-document writes it to a file, another shell runs that. :class:`Text` keeps
the places through all of them, and holds open what nobody can know.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from msgspec import Struct

from megalint.source import Location, Source, Span
from megalint.values import Joined, Known, TemplateVar, Unknown, Value

OPAQUE: Final = "\ue000"
"""What stands in :attr:`Text.flat` for a part that is not known; parsers take it for a letter."""
MAX_LENGTH: Final = 2_000_000
"""Of what is put together, in characters; what a file holds may be longer."""
MAX_PIECES: Final = 200_000


class Piece(Struct, frozen=True):
    """A stretch of text from one place.

    :attr:`location` is where it was written, or, where the text is computed, what computed it.
    :attr:`unknown` says why the text is not known; :attr:`text` is :data:`OPAQUE` then.
    """

    text: str
    location: Location | None = None
    unknown: Value | None = None

    @property
    def is_exact(self) -> bool:
        """Whether each character is that of the location."""
        place = self.location
        return (
            self.unknown is None
            and place is not None
            and place.span.end - place.span.start == len(self.text)
        )

    def cut(self, start: int, end: int) -> Piece:
        """Return a part of the piece, by offsets into its text."""
        if start == 0 and end == len(self.text):
            return self
        place = self.location
        if place is not None and self.is_exact:
            span = Span(place.span.start + start, place.span.start + end)
            place = Location(place.source, span, place.label)
        return Piece(self.text[start:end], place, self.unknown)


class Text(Struct, frozen=True, dict=True):
    """Pieces in order; none is empty."""

    pieces: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, source: Source) -> Text:
        """Return the whole text of *source*."""
        return cls.at(Location(source, Span(0, len(source.text))))

    @classmethod
    def at(cls, location: Location) -> Text:
        """Return the text at *location*."""
        return cls.literal(location.text, location)

    @classmethod
    def literal(cls, text: str, location: Location | None = None) -> Text:
        """Return *text*, which *location* wrote or computed."""
        return cls((Piece(text, location),) if text else ())

    @classmethod
    def opaque(cls, value: Value, location: Location | None = None) -> Text:
        """Return text that is *value*, which is not known."""
        return cls((Piece(OPAQUE, location, value),))

    @cached_property
    def flat(self) -> str:
        """All characters, with :data:`OPAQUE` for each part that is not known."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def known(self) -> str | None:
        """The text, or None where a part of it is not known."""
        return self.flat if all(piece.unknown is None for piece in self.pieces) else None

    @property
    def value(self) -> Value:
        """The text as a value."""
        known = self.known
        if known is not None:
            return Known(known)
        parts = tuple(piece.unknown or Known(piece.text) for piece in self.pieces)
        return parts[0] if len(parts) == 1 else Joined(parts)

    @property
    def why(self) -> str | None:
        """Why it is not known; None where it is known."""
        for piece in self.pieces:
            if piece.unknown is not None:
                unknown = piece.unknown
                if isinstance(unknown, TemplateVar):
                    return f"the template variable {unknown.name}"
                return unknown.reason if isinstance(unknown, Unknown) else "it is one of several"
        return None

    @property
    def location(self) -> Location | None:
        """The place of the first piece that has one."""
        return next((piece.location for piece in self.pieces if piece.location), None)

    @cached_property
    def _starts(self) -> list[int]:
        starts, offset = [], 0
        for piece in self.pieces:
            starts.append(offset)
            offset += len(piece.text)
        return starts

    def __add__(self, other: Text) -> Text:
        return joined((self, other))

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def __len__(self) -> int:
        return len(self.flat)

    def __getitem__(self, span: Span | slice) -> Text:
        start, end, step = self._bounds(span)
        if step != 1:
            raise ValueError("a text is cut in one go")
        return Text(tuple(self._cut(start, end)))

    def _bounds(self, span: Span | slice) -> tuple[int, int, int]:
        if isinstance(span, Span):
            return span.start, span.end, 1
        return span.indices(len(self.flat))

    def _cut(self, start: int, end: int) -> Iterator[Piece]:
        index = max(0, bisect_right(self._starts, start) - 1)
        while index < len(self.pieces) and self._starts[index] < end:
            piece, base = self.pieces[index], self._starts[index]
            low, high = max(start - base, 0), min(end - base, len(piece.text))
            if low < high:
                yield piece.cut(low, high)
            index += 1

    def locate(self, span: Span) -> Location | None:
        """Return where the characters of *span* were written; those of its first place.

        The location reaches from the first character to the last one of the same source that
        follows in order, so that a range over several exact pieces is one range of the source.
        """
        places = [one.location for one in self[_wide(span, len(self))].pieces if one.location]
        if not places:
            return self.location
        first = places[0]
        end = first.span.end
        for place in places[1:]:
            if place.source == first.source and place.span.start >= end:
                end = place.span.end
        start = first.span.start
        return Location(first.source, Span(start, max(end, start)), first.label)

    def split(self, separator: str) -> Iterator[Text]:
        """Yield the parts between each *separator*."""
        start = 0
        while (end := self.flat.find(separator, start)) >= 0:
            yield self[start:end]
            start = end + len(separator)
        yield self[start:]

    def lines(self) -> Iterator[Text]:
        """Yield the lines, without their line feeds; a last line feed ends no further line."""
        parts = list(self.split("\n"))
        yield from parts[:-1] if parts and not parts[-1] else parts

    def replaced(
        self,
        expression: re.Pattern[str],
        new: Callable[[re.Match[str]], Text],
        *,
        is_first_only: bool = False,
    ) -> Text:
        """Return the text with what *new* makes of each match, or of the first one, in its place.

        The matches are those of :attr:`flat`.
        """
        parts: list[Text] = []
        at = 0
        for match in expression.finditer(self.flat):
            parts += [self[at : match.start()], new(match)]
            at = match.end()
            if is_first_only:
                break
        return joined([*parts, self[at:]])

    @property
    def stripped(self) -> Text:
        """The text without the white space around it."""
        flat = self.flat
        start = len(flat) - len(flat.lstrip())
        return self[start : max(len(flat.rstrip()), start)]

    @property
    def unquoted(self) -> Text:
        """The text without the single or double quotes around it, where it has such a pair."""
        flat = self.flat
        is_quoted = len(flat) > 1 and flat[0] == flat[-1] and flat[0] in "'\""
        return self[1:-1] if is_quoted else self


def joined(parts: Iterable[Text]) -> Text:
    """Return the parts in one text, of which nothing is known where it is too long.

    A few lines that double a text would fill any memory.
    """
    pieces: list[Piece] = []
    length = 0
    for part in parts:
        pieces += part.pieces
        length += sum(len(piece.text) for piece in part.pieces)
        if length > MAX_LENGTH or len(pieces) > MAX_PIECES:
            return Text.opaque(Unknown("it is too long"), pieces[0].location)
    return Text(tuple(pieces))


def separated(parts: Iterable[Text], mark: Text) -> Text:
    """Return the parts in one text, with *mark* between them."""
    return joined(one for part in parts for one in (mark, part))[len(mark) :]


def _wide(span: Span, length: int) -> Span:
    """Return *span*, of one character at least where there is one."""
    if span.end > span.start:
        return span
    start = min(span.start, max(length - 1, 0))
    return Span(start, min(start + 1, length))
