"""The commands of a PowerShell script: their words, with variables that are set once filled in.

Quotes follow about_Quoting_Rules: nothing is expanded between single quotes, ``$name`` between
double ones, and the backtick takes a sign for itself. No branch or loop is followed: a variable
that is set twice, or by a loop, is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from megalint.source import Location, Source, Span
from megalint.text import Text, joined
from megalint.values import Unknown

_SPACE: Final = re.compile(r"(?:[ \t]|`\r?\n|<#.*?#>)+", re.DOTALL)
_END: Final = re.compile(r"\r?\n|[;|{}()]|&&")
_COMMENT: Final = re.compile(r"#[^\n]*")
_VARIABLE: Final = re.compile(r"\$(?:\{(?P<braced>[^}\n]+)\}|(?P<name>(?:\w+:)?\w+))")
_HERE: Final = re.compile(r"@(?P<quote>['\"])\r?\n(?P<text>.*?)\r?\n(?P=quote)@", re.DOTALL)
_TYPED: Final = re.compile(r"(?:\[[\w.\[\]]+\]\s*)*\$(?P<name>\w+)")
_MEMBER: Final = re.compile(r"[.\[]")


class Word(Struct, frozen=True):
    """A word, where it is written, and the variables in it whose value is not known."""

    text: Text
    location: Location
    unknown: tuple[Location, ...] = ()


class Command(Struct, frozen=True):
    """The words of a command."""

    words: tuple[Word, ...]


def commands(source: Source) -> tuple[Command, ...]:
    """Return the commands of a script, in order."""
    return tuple(_Reader(source).commands())


class _Reader(Struct):
    source: Source
    at: int = 0
    variables: dict[str, Text | None] = field(default_factory=dict[str, Text | None])

    def commands(self) -> Iterator[Command]:
        words: list[Word] = []
        text = self.source.text
        while self.at < len(text):
            if (match := _SPACE.match(text, self.at) or _COMMENT.match(text, self.at)) is not None:
                self.at = match.end()
            elif (match := _END.match(text, self.at)) is not None:
                self.at = match.end()
                yield from self._ended(words)
                words = []
            else:
                words.append(self._word())
        yield from self._ended(words)

    def _ended(self, words: list[Word]) -> Iterator[Command]:
        """Set what a statement assigns, and yield the command in it."""
        shown = [self.source[one.location.span] for one in words]
        if len(words) > 1 and shown[1] == "=":
            match = _TYPED.fullmatch(shown[0])
            if match is not None:
                self._assign(match["name"], words[2:], shown[2:])
            words = words[2:]
        elif shown[:1] == ["foreach"] or (len(shown) > 1 and shown[1] == "in"):
            for one in shown:
                match = _TYPED.fullmatch(one)
                if match is not None:
                    self.variables[match["name"].lower()] = None
        if words and self.source[words[0].location.span] == "&":
            words = words[1:]
        if words:
            yield Command(tuple(words))

    def _assign(self, name: str, words: list[Word], shown: list[str]) -> None:
        key = name.lower()
        is_single = len(words) == 1 and not shown[0].startswith("@")
        is_new = key not in self.variables
        self.variables[key] = words[0].text if is_single and is_new else None

    # --- words -----------------------------------------------------------------------------

    def _word(self) -> Word:
        start = self.at
        parts: list[Text] = []
        unknown: list[Location] = []
        text = self.source.text
        while self.at < len(text) and not self._is_end():
            before = self.at
            if (match := _HERE.match(text, self.at)) is not None:
                self.at = match.end()
                span = Span(match.start("text"), match.end("text"))
                parts.append(self._quoted(span, unknown, is_expanding=match["quote"] == '"'))
            elif text[self.at] in "'\"":
                parts.append(self._string(unknown))
            elif text[self.at] == "$" and (match := _VARIABLE.match(text, self.at)) is not None:
                self.at = match.end()
                parts.append(self._variable(match, unknown))
            else:
                self.at += 2 if text[self.at] == "`" else 1
                parts.append(self._at(Span(self.at - 1, self.at)))
            if self.at == before:
                break
        span = Span(start, self.at)
        return Word(_trimmed(joined(parts)), Location(self.source, span), tuple(unknown))

    def _is_end(self) -> bool:
        text, at = self.source.text, self.at
        return _END.match(text, at) is not None or _SPACE.match(text, at) is not None

    def _at(self, span: Span) -> Text:
        return Text.at(Location(self.source, span))

    def _string(self, unknown: list[Location]) -> Text:
        text, quote, start = self.source.text, self.source.text[self.at], self.at + 1
        end = start
        while end < len(text) and text[end] != quote:
            end += 2 if text[end] == "`" and quote == '"' else 1
        self.at = min(end + 1, len(text))
        return self._quoted(Span(start, min(end, len(text))), unknown, is_expanding=quote == '"')

    def _quoted(self, span: Span, unknown: list[Location], *, is_expanding: bool) -> Text:
        whole = self._at(span)
        if not is_expanding:
            return whole
        parts: list[Text] = []
        at = 0
        for match in re.finditer(rf"`(?P<sign>.)|{_VARIABLE.pattern}", whole.flat, re.DOTALL):
            parts.append(whole[at : match.start()])
            at = match.end()
            if match["sign"]:
                parts.append(whole[match.start("sign") : match.end("sign")])
            else:
                place = Location(
                    self.source, Span(span.start + match.start(), span.start + match.end())
                )
                parts.append(self._value(match["braced"] or match["name"], place, unknown))
        return joined([*parts, whole[at:]])

    def _variable(self, match: re.Match[str], unknown: list[Location]) -> Text:
        place = Location(self.source, Span(match.start(), match.end()))
        following = self.source.text[self.at : self.at + 1]
        if following and _MEMBER.match(following):
            return Text.opaque(Unknown("a member of an object"), place)
        return self._value(match["braced"] or match["name"], place, unknown)

    def _value(self, name: str, place: Location, unknown: list[Location]) -> Text:
        found = self.variables.get(name.lower())
        if found is not None:
            return found
        if name.lower() not in self.variables:
            unknown.append(place)
        return Text.opaque(Unknown(f"${name}"), place)


def _trimmed(text: Text) -> Text:
    """Return a word without the comma that parts it from the next one."""
    return text[:-1] if text.flat.endswith(",") else text
