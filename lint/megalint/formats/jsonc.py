"""JSON as people write it, with comments and trailing commas, and the place of every value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.source import Source, Span

MAX_DEPTH: Final = 64
_TOKEN: Final = re.compile(
    r"""(?P<skip>[\s\ufeff]+|//[^\n]*|/\*.*?\*/)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\]:,])
    |(?P<word>[^\s{}\[\]:,"/]+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


class Json(Struct, frozen=True):
    """A value: an object is a mapping of keys to values, an array a tuple, else a scalar."""

    value: dict[str, Json] | tuple[Json, ...] | str | int | float | bool | None
    span: Span
    key_span: Span | None = None

    def get(self, *path: str) -> Json | None:
        """Return the value below the keys of *path*, or None."""
        found: Json | None = self
        for key in path:
            if found is None or not isinstance(found.value, dict):
                return None
            found = found.value.get(key)
        return found

    def text(self, *path: str) -> str | None:
        """Return the string below *path*, or None."""
        found = self.get(*path)
        return found.value if found is not None and isinstance(found.value, str) else None

    def items(self, *path: str) -> dict[str, Json]:
        """Return the members of the object below *path*; empty where there is none."""
        found = self.get(*path)
        return found.value if found is not None and isinstance(found.value, dict) else {}

    def elements(self, *path: str) -> tuple[Json, ...]:
        """Return the elements of the array below *path*; empty where there is none."""
        found = self.get(*path)
        return found.value if found is not None and isinstance(found.value, tuple) else ()

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the strings of the array below *path*."""
        return tuple(one.value for one in self.elements(*path) if isinstance(one.value, str))


class _Token(Struct, frozen=True):
    kind: str
    text: str
    span: Span


EMPTY: Final = Json({}, Span(0, 0))


def parse(source: Source) -> Json:
    """Return the value in *source*; what cannot be read ends it, and what came before stays."""
    return _Reader(list(_tokens(source.text))).value(0) or EMPTY


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind != "skip":
            yield _Token(kind, match.group(), Span(*match.span()))


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, text: str) -> _Token | None:
        token = self._peek()
        if token is None or token.text != text or token.kind == "string":
            return None
        self._at += 1
        return token

    def value(self, depth: int) -> Json | None:
        token = self._peek()
        if token is None or depth > MAX_DEPTH:
            return None
        if token.text == "{" and token.kind == "mark":
            return self._object(depth)
        if token.text == "[" and token.kind == "mark":
            return self._array(depth)
        if token.kind not in {"string", "word"}:
            return None
        self._at += 1
        return Json(_scalar(token.text), token.span)

    def _object(self, depth: int) -> Json:
        start = self._tokens[self._at]
        self._at += 1
        members: dict[str, Json] = {}
        while (key := self._peek()) is not None and key.kind in {"string", "word"}:
            self._at += 1
            if self._take(":") is None or (value := self.value(depth + 1)) is None:
                break
            members[str(_scalar(key.text))] = Json(value.value, value.span, key.span)
            if self._take(",") is None:
                break
        return Json(members, Span(start.span.start, self._end("}")))

    def _array(self, depth: int) -> Json:
        start = self._tokens[self._at]
        self._at += 1
        elements: list[Json] = []
        while (value := self.value(depth + 1)) is not None:
            elements.append(value)
            if self._take(",") is None:
                break
        return Json(tuple(elements), Span(start.span.start, self._end("]")))

    def _end(self, mark: str) -> int:
        token = self._take(mark) or self._tokens[self._at - 1]
        return token.span.end


def _scalar(text: str) -> str | int | float | bool | None:
    try:
        value = json.loads(text, strict=False)
    except ValueError:
        return text.strip('"')
    return value if isinstance(value, str | int | float | bool) else None
