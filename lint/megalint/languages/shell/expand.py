"""Expand words: braces, tildes, parameters, substitutions, then split what was not quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from megalint.languages.shell import parameters, patterns
from megalint.languages.shell.arithmetic import Arithmetic, Unknowable
from megalint.languages.shell.braces import braced
from megalint.languages.shell.host import Expansion
from megalint.languages.shell.syntax import (
    ArithmeticExpansion,
    BackQuoted,
    Literal,
    Parameter,
    Part,
    ProcessSubstitution,
    Range,
    Substitution,
    Tilde,
    Word,
)
from megalint.text import OPAQUE, Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

_WHITE: Final = " \t\n"


class Segment(Struct, frozen=True):
    """A part of a word after expansion; :attr:`ends_field` separates the fields of ``"$@"``."""

    text: Text
    is_quoted: bool
    is_expanded: bool = False
    ends_field: bool = False


class Expander:
    """Expands the words of one shell; :attr:`seen` are the expansions since the last reset."""

    def __init__(self, shell: Interpreter) -> None:
        self._shell = shell
        self.seen: list[Expansion] = []

    # --- what words become -----------------------------------------------------------------

    def fields(self, words: Sequence[Word]) -> tuple[list[Text], list[Range]]:
        """Return the fields of *words*, and the word that each of them came from."""
        found: list[Text] = []
        ranges: list[Range] = []
        for word in words:
            for parts in braced(word):
                for field in self._split(self._segments(parts)):
                    found.append(field)
                    ranges.append(word.range)
        return found, ranges

    def text(self, word: Word) -> Text:
        """Return *word* as one text: as a value, a file name, the body of a here-document."""
        return joined(
            Text.literal(" ") if one.ends_field else one.text for one in self._segments(word.parts)
        )

    def pattern(self, word: Word) -> str | None:
        """Return *word* as the regular expression of a pattern; None where it is not known."""
        segments = list(self._segments(word.parts))
        if any(one.text.known is None for one in segments):
            return None
        return patterns.pattern((one.text.flat, one.is_quoted) for one in segments)

    def regular_expression(self, word: Word) -> str | None:
        """Return the right side of ``=~`` as a regular expression of Python."""
        segments = list(self._segments(word.parts))
        if any(one.text.known is None for one in segments):
            return None
        return "".join(
            patterns.pattern([(one.text.flat, True)]) if one.is_quoted else one.text.flat
            for one in segments
        )

    def _split(self, segments: Iterator[Segment]) -> Iterator[Text]:
        """Yield the fields; what was expanded without quotes is cut at blanks."""
        separators = self._separators()
        current: list[Text] = []
        is_open = False
        for one in segments:
            if one.ends_field:
                yield joined(current)
                current, is_open = [], True
                continue
            if one.is_quoted or not one.is_expanded:
                current.append(one.text)
                is_open = is_open or one.is_quoted or bool(one.text)
                continue
            for text, is_end in _cut(one.text, separators):
                if text:
                    current.append(text)
                    is_open = True
                if is_end and is_open:
                    yield joined(current)
                    current, is_open = [], False
        if is_open:
            yield joined(current)

    def _separators(self) -> str:
        variable = self._shell.shell.variables.get("IFS")
        known = None if variable is None or variable.value is None else variable.value.known
        return _WHITE if known is None else known

    # --- parts -----------------------------------------------------------------------------

    def _segments(self, parts: Sequence[Part]) -> Iterator[Segment]:
        for part in parts:
            match part:
                case Literal(place, is_quoted, decoded):
                    text = place.text
                    if decoded is not None:
                        text = Text.literal(decoded, place.location)
                    yield Segment(text, is_quoted)
                case Tilde():
                    yield Segment(self._tilde(part), is_quoted=True)
                case Parameter():
                    yield from self._parameter(part)
                case Substitution(place, is_quoted, body):
                    yield Segment(self._shell.printed(body), is_quoted, is_expanded=True)
                case BackQuoted(_, is_quoted, content):
                    yield Segment(self._shell.printed_by_text(content), is_quoted, is_expanded=True)
                case ArithmeticExpansion(place, is_quoted, expression):
                    yield Segment(self._arithmetic(place, expression), is_quoted, is_expanded=True)
                case ProcessSubstitution(place, is_input, body):
                    yield Segment(self._shell.piped(place, body, is_input=is_input), is_quoted=True)

    def _tilde(self, part: Tilde) -> Text:
        place = part.range.location
        home = self._shell.home(part.user)
        text = Text.opaque(Unknown("a home folder"), place) if home is None else home
        self.seen.append(Expansion("~" + part.user, place, text))
        return text

    def _arithmetic(self, place: Range, expression: Word) -> Text:
        text = self.text(expression)
        value = self.integer(text)
        if value is None:
            return Text.opaque(Unknown("a computed number"), place.location)
        return Text.literal(str(value), place.location)

    def integer(self, text: Text) -> int | None:
        """Return the value of an arithmetic expression, or None."""
        if text.known is None:
            return None
        try:
            return Arithmetic(text.flat, self._shell.number, self._shell.put_number).value()
        except (Unknowable, RecursionError):
            return None

    def _parameter(self, part: Parameter) -> Iterator[Segment]:
        shell = self._shell
        if part.operator == "bad":
            raise shell.bad_substitution(part.range)
        is_list = part.name in {"@", "*"} or _is_all(part.index)
        if is_list and part.operator != "length":
            yield from self._list(part)
            return
        index = None if part.index is None else self.text(part.index)
        value = shell.lookup(part, index)
        if part.operator is None:
            self.seen.append(Expansion(part.name, part.range.location, value))
        result = parameters.applied(part, value, self, shell)
        yield Segment(_placed(result, part), part.is_quoted, is_expanded=True)

    def _list(self, part: Parameter) -> Iterator[Segment]:
        items = self._shell.items(part.name)
        if part.operator in {":-", "-"} and not items and part.argument is not None:
            yield from self._segments(part.argument.parts)
            return
        if part.operator == "indirect" and part.index is not None:
            items = self._shell.keys(part.name)
        elif part.operator not in {None, ":-", "-"}:
            items = [parameters.applied(part, one, self, self._shell) for one in items]
        is_one = part.name == "*" or (part.index is not None and part.index.plain == "*")
        for place, item in enumerate(items):
            if place:
                blank = Text.literal(" ")
                is_cut = not (is_one and part.is_quoted)
                yield Segment(Text() if is_cut else blank, is_quoted=True, ends_field=is_cut)
            yield Segment(item, part.is_quoted, is_expanded=True)


def _placed(text: Text, part: Parameter) -> Text:
    """Return the text; what has no place of its own was written where it was expanded."""
    if any(one.location is None for one in text.pieces):
        place = part.range.location
        return joined(
            Text((one,))
            if one.location
            else Text.literal(one.text, place)
            if one.unknown is None
            else Text.opaque(one.unknown, place)
            for one in text.pieces
        )
    return text


def _is_all(index: Word | None) -> bool:
    return (index is not None and index.plain in {"@", "*"}) or (
        index is not None and index.range.text.flat in {"@", "*"}
    )


def _cut(text: Text, separators: str) -> Iterator[tuple[Text, bool]]:
    """Yield the stretches between separators, and whether a separator follows."""
    flat, start = text.flat, 0
    if not separators:
        yield text, False
        return
    for at, char in enumerate(flat):
        if char in separators and char != OPAQUE:
            yield text[start:at], True
            start = at + 1
    yield text[start:], False
