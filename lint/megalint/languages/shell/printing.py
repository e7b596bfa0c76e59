"""What ``echo -e`` and ``printf`` make of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from megalint.languages.shell.words import decoded
from megalint.text import Text, joined
from megalint.values import Unknown

_ESCAPE: Final = re.compile(
    r"\\(?:x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|0[0-7]{0,3}|[0-7]{1,3}|.)",
    re.DOTALL,
)
_DIRECTIVE: Final = re.compile(
    r"%(?:%|(?P<flags>[-+ #0]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?"
    r"(?P<type>[a-zA-Z]|\([^)]*\)T))"
)
MAX_ROUNDS: Final = 200


def escaped(text: Text, *, octal_prefix: bool) -> tuple[Text, bool]:
    r"""Return *text* with its escapes replaced, and whether ``\c`` ended it.

    *octal_prefix*: octal numbers begin with a zero, as in ``echo -e``.
    """
    pieces: list[Text] = []
    at = 0
    for match in _ESCAPE.finditer(text.flat):
        pieces.append(text[at : match.start()])
        at = match.end()
        if match[0] == "\\c":
            return joined(pieces), True
        place = text[match.start() : match.end()].location
        pieces.append(Text.literal(_one(match[0], octal_prefix=octal_prefix), place))
    return joined([*pieces, text[at:]]), False


def _one(escape: str, *, octal_prefix: bool) -> str:
    if escape[1] == "0" and octal_prefix:
        return chr(int(escape[1:], 8) & 0xFF)
    if escape[1].isdigit() and octal_prefix:
        return escape
    return escape if escape in {"\\'", "\\?"} and octal_prefix else decoded(escape)


def formatted(form: Text, words: Sequence[Text]) -> Text:
    """Return what ``printf`` prints; the format is used again while words are left."""
    rest = list(words)
    pieces: list[Text] = []
    for _ in range(MAX_ROUNDS):
        before = len(rest)
        pieces.extend(_round(form, rest))
        if not rest or len(rest) == before:
            break
    return joined(pieces)


def _round(form: Text, rest: list[Text]) -> Iterator[Text]:
    at = 0
    for match in _DIRECTIVE.finditer(form.flat):
        yield escaped(form[at : match.start()], octal_prefix=False)[0]
        at = match.end()
        place = form[match.start() : match.end()].location
        if match[0] == "%%":
            yield Text.literal("%", place)
        else:
            yield _directive(match, rest.pop(0) if rest else Text())
    yield escaped(form[at:], octal_prefix=False)[0]


def _directive(match: re.Match[str], word: Text) -> Text:
    letter, width, precision = match["type"], match["width"], match["precision"]
    if letter == "b":
        word = escaped(word, octal_prefix=True)[0]
        letter = "s"
    if letter == "s" and not width and precision is None:
        return word
    if word.known is None or letter not in {"s", "d", "i", "u", "c", "q", "x", "X", "o"}:
        return Text.opaque(Unknown("a formatted value"), word.location)
    if letter == "c":
        return word[:1]
    if letter == "q":
        return Text.literal(_quoted(word.flat), word.location)
    text = _number(letter, word.flat) if letter != "s" else word.flat
    if "*" in {width, precision}:
        return Text.opaque(Unknown("a formatted value"), word.location)
    if precision is not None:
        text = text[: int(precision)] if letter == "s" else text.zfill(int(precision))
    return Text.literal(_wide(text, match["flags"] or "", int(width or 0)), word.location)


def _wide(text: str, flags: str, width: int) -> str:
    if "-" in flags:
        return text.ljust(width)
    return text.zfill(width) if "0" in flags else text.rjust(width)


def _number(letter: str, word: str) -> str:
    match = re.match(r"\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|\d+)", word)
    if match is None:
        return "0"
    digits = match[2]
    is_octal = digits[0] == "0" and digits.isdigit()
    value = int(digits, 8 if is_octal else 0) * (-1 if match[1] == "-" else 1)
    return format(value, {"x": "x", "X": "X", "o": "o"}.get(letter, "d"))


def _quoted(text: str) -> str:
    return re.sub(r"([^A-Za-z0-9_@%+=:,./-])", r"\\\1", text) if text else "''"
