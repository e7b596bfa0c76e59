"""Integer arithmetic of ``$((...))``, ``((...))`` and ``let``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|\d+#\w+|\d+)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),]))"
)
_LEVELS: Final = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<=", ">=", "<", ">"),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_MAX: Final = 2**63
_MAX_SHIFT: Final = 63


class Unknowable(Exception):
    """The value depends on something that is not known, or is no number."""


def _divided(left: int, right: int) -> int:
    if right == 0:
        raise Unknowable
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_OPERATIONS: Final[dict[str, Callable[[int, int], int]]] = {
    "||": lambda a, b: int(bool(a or b)),
    "&&": lambda a, b: int(bool(a and b)),
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<<": lambda a, b: a << min(abs(b), _MAX_SHIFT),
    ">>": lambda a, b: a >> min(abs(b), _MAX_SHIFT),
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "%": lambda a, b: a - b * _divided(a, b),
}


class Arithmetic:
    """Evaluates one expression; *get* and *put* read and set variables."""

    def __init__(
        self, text: str, get: Callable[[str], str | None], put: Callable[[str, int], None]
    ) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._get = get
        self._put = put

    def value(self) -> int:
        """Return the value; raises :class:`Unknowable`."""
        if not self._tokens:
            return 0
        result = self._comma()
        if self._at != len(self._tokens):
            raise Unknowable
        return result

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _accept(self, *signs: str) -> str | None:
        if self._peek() in signs:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _comma(self) -> int:
        result = self._assignment()
        while self._accept(","):
            result = self._assignment()
        return result

    def _assignment(self) -> int:
        name = self._peek()
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else ""
        if not _is_name(name) or not following.endswith("=") or following in {"==", "<=", ">="}:
            return self._conditional()
        if following == "!=":
            return self._conditional()
        self._at += 2
        value = self._assignment()
        if following != "=":
            value = _OPERATIONS[following[:-1]](self._number(name), value)
        self._put(name, value)
        return value

    def _conditional(self) -> int:
        test = self._binary(0)
        if not self._accept("?"):
            return test
        yes = self._assignment()
        if not self._accept(":"):
            raise Unknowable
        no = self._conditional()
        return yes if test else no

    def _binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self._power()
        left = self._binary(level + 1)
        while (sign := self._accept(*_LEVELS[level])) is not None:
            left = _wrapped(_OPERATIONS[sign](left, self._binary(level + 1)))
        return left

    def _power(self) -> int:
        left = self._unary()
        if self._accept("**"):
            right = self._power()
            if not 0 <= right <= _MAX_SHIFT:
                raise Unknowable
            return _wrapped(left**right)
        return left

    def _unary(self) -> int:
        sign = self._accept("-", "+", "!", "~", "++", "--")
        if sign is None:
            return self._primary()
        if sign in {"++", "--"}:
            name = self._peek()
            self._at += 1
            value = self._number(name) + (1 if sign == "++" else -1)
            self._put(name, value)
            return value
        value = self._unary()
        return {"-": -value, "+": value, "!": int(not value), "~": ~value}[sign]

    def _primary(self) -> int:
        if self._accept("("):
            value = self._comma()
            if not self._accept(")"):
                raise Unknowable
            return value
        token = self._peek()
        self._at += 1
        if _is_name(token):
            value = self._number(token)
            if (sign := self._accept("++", "--")) is not None:
                self._put(token, value + (1 if sign == "++" else -1))
            return value
        return _parsed(token)

    def _number(self, name: str) -> int:
        if not _is_name(name):
            raise Unknowable
        text = self._get(name)
        return 0 if not text else _parsed(text.strip())


def _wrapped(value: int) -> int:
    return (value + _MAX) % (2 * _MAX) - _MAX


def _is_name(token: str) -> bool:
    return token[:1].isalpha() or token[:1] == "_"


def _parsed(token: str) -> int:
    try:
        if "#" in token:
            base, digits = token.split("#", 1)
            return int(digits, int(base))
        if re.fullmatch(r"0[0-7]+", token):
            return int(token, 8)
        return int(token, 0) if token[:2].lower() == "0x" else int(token)
    except ValueError as error:
        raise Unknowable from error


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unknowable
        found.append(match[match.lastgroup or 0])
        at = match.end()
    return found
