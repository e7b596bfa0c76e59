"""POSIX regular expressions, basic and extended, as those of Python."""

from __future__ import annotations

import re
from typing import Final

_CLASSES: Final = {
    "[:space:]": r"\s",
    "[:blank:]": r" \t",
    "[:digit:]": "0-9",
    "[:alpha:]": "A-Za-z",
    "[:alnum:]": "A-Za-z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:punct:]": r"!-/:-@\[-`{-~",
}
_BRACKET: Final = re.compile(r"\[\^?\]?(?:\[:[a-z]+:\]|[^\]])*\]")
_SWAPPED: Final = frozenset("(){}+?|")


def extended(text: str) -> str:
    """Return an extended expression (``grep -E``, ``sed -E``)."""
    return _translated(text, is_basic=False)


def basic(text: str) -> str:
    """Return a basic expression: ``( ) { } + ? |`` are letters unless a backslash is before."""
    return _translated(text, is_basic=True)


def _translated(text: str, *, is_basic: bool) -> str:
    found: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "[" and (match := _BRACKET.match(text, at)) is not None:
            found.append(_bracket(match[0]))
            at = match.end()
            continue
        if char == "\\" and at + 1 < len(text):
            found.append(_escaped(text[at + 1], is_basic=is_basic))
            at += 2
            continue
        is_first = not found or found[-1] in {"(", "|", "^"}
        if is_basic and (char in _SWAPPED or (char == "*" and is_first)):
            found.append("\\" + char)
        elif is_basic and char == "$" and at + 1 < len(text) and text[at + 1 : at + 3] != "\\)":
            found.append(r"\$")
        elif is_basic and char == "^" and not is_first:
            found.append(r"\^")
        else:
            found.append(char)
        at += 1
    return "".join(found)


def _escaped(char: str, *, is_basic: bool) -> str:
    if is_basic and char in _SWAPPED:
        return char
    if char in {"n", "t", "w", "W", "s", "S", "b", "B"} or char.isdigit():
        return "\\" + char
    if char in {"<", ">"}:
        return r"\b"
    return re.escape(char)


def _bracket(text: str) -> str:
    body = text[1:-1].replace("\\", "\\\\")
    for name, letters in _CLASSES.items():
        body = body.replace(name, letters)
    return "[" + re.sub(r"(?<!\\)\[", r"\\[", body) + "]"
