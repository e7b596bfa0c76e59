"""Text as a terminal shows it: no control characters, and how many columns it takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TAB: Final = 4
_JOINER: Final = "\u200d"
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NO_CHARACTERS: Final = frozenset("\ufffe\uffff")  # XML may not hold them, not even escaped
_ZERO_WIDTH: Final = frozenset({"Mn", "Me"})
# the vowels and finals of decomposed Hangul are drawn into the syllable before them
_JAMO: Final = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")
# a command to type stays on one line, as what stands in backticks does
_WORD: Final = re.compile(r"\s*(?:\(megalint [^()\n]*\)|`[^`\n]*`|[^\s`]|`)+")


def printable(text: str) -> str:
    """Return *text* with control and formatting characters written out, so that none acts.

    Line ends are written out, too: names and messages are one line each.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def printable_lines(text: str) -> str:
    """Return *text* with its line ends, and nothing else in it that acts."""
    return "\n".join(map(printable, text.split("\n")))


def _shown(character: str) -> str:
    acts = character in _NO_CHARACTERS or unicodedata.category(character) in _ACTING
    if not acts or character in {"\t", _JOINER}:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - two digits


def width(text: str) -> int:
    """Return how many columns *text* takes: East Asian wide characters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character == _JOINER or unicodedata.category(character) in _ZERO_WIDTH:
        return 0
    if _JAMO.match(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def expanded(text: str) -> str:
    """Return one line with its tabs as blanks and nothing that a terminal acts on."""
    return printable(text).replace("\t", " " * TAB)


def wrapped(text: str, columns: int, indent: int) -> list[str]:
    """Break *text* at blanks; lines after the first are indented.

    What stands in backticks, and any word that is too long for a line, stays whole.
    """
    lines: list[str] = []
    current = ""
    # blanks with no word behind them would be looked at once from each of them
    for word in _WORD.findall(text.rstrip()):
        if current.strip() and width(current + word) > columns:
            lines.append(current.rstrip())
            current = " " * indent + word.lstrip()
        else:
            current += word
    return [*lines, current.rstrip()]
