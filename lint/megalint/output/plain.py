"""Text as a terminal shows it: no control characters, and how many columns it takes."""

from __future__ import annotations

import unicodedata
from typing import Final

TAB: Final = 4
_KEPT: Final = frozenset("\t\n")


def printable(text: str) -> str:
    """Return *text* with control and formatting characters written out, so that none acts."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in _KEPT:
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character != "\u200d":
        code = ord(character)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"  # noqa: PLR2004 - two digits
    return character


def width(text: str) -> int:
    """Return how many columns *text* takes: East Asian wide characters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in {"\u200d", "\ufe0f"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def expanded(text: str) -> str:
    """Return one line with its tabs as blanks and nothing that a terminal acts on."""
    return printable(text).replace("\t", " " * TAB)
