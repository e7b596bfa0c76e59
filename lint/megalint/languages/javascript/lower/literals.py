"""The values of literals."""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\n\r\u2028\u2029])|([0-3][0-7]{0,2}|[4-7][0-7]?)|(.))",
    re.DOTALL,
)
_SINGLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_RADIX: Final = {"0x": 16, "0o": 8, "0b": 2}
MAX_CODE_POINT: Final = 0x10FFFF
MAX_EXACT: Final = 2**53


def cooked(text: str) -> str:
    """Return *text* with its escapes resolved, surrogate pairs joined."""
    if "\\" not in text:
        return text
    result = _ESCAPE.sub(_character, text)
    return result.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    braced, four, two, line_end, octal, single = match.groups()
    digits = braced or four or two
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= MAX_CODE_POINT else "\ufffd"
    if line_end is not None:
        return ""
    if octal:
        return chr(int(octal, 8))
    return _SINGLE.get(single, single)


def template_text(text: str) -> str:
    """Return the cooked text of a template; line ends count as one newline."""
    return cooked(text.replace("\r\n", "\n").replace("\r", "\n"))


def number(text: str) -> int | float:
    """Return the value of a number literal: an exact one for a bigint, else a double's.

    What is no number gives 0.
    """
    digits = text.replace("_", "").lower()
    try:
        if digits[-1:] == "n":
            return _integer(digits[:-1])
        if digits[:2] in _RADIX or digits.isdecimal():
            return _rounded(_integer(digits))
        return float(digits)
    except ValueError:
        return 0


def _rounded(value: int | float) -> int | float:
    """Return the double nearest to *value*, kept as an int where it is one."""
    if abs(value) <= MAX_EXACT:
        return value
    try:
        return int(float(value))
    except OverflowError:
        return float("inf")


def _integer(digits: str) -> int | float:
    if digits[:2] in _RADIX:
        return int(digits[2:], _RADIX[digits[:2]])
    return _decimal(digits)


def _decimal(digits: str) -> int | float:
    if len(digits) > 1 and digits[0] == "0" and all(digit < "8" for digit in digits):
        return int(digits, 8)
    return int(digits) if len(digits) < 300 else float("inf")  # noqa: PLR2004 - past any double
