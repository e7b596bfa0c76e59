"""Regular expressions of JavaScript: whether one matches, in time bounded by the text and pattern.

Every part of a pattern is asked for the set of places where it may end. Laziness and greed do not
change that set, so nothing is tried twice and no pattern can run away. What only captures could
tell (back references) is not supported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

MAX_REPEATS: Final = 1000
MAX_DEPTH: Final = 200
_DIGITS: Final = (("0", "9"),)
_WORD: Final = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SPACE: Final = (
    ("\t", "\r"), (" ", " "), ("\xa0", "\xa0"), ("\u1680", "\u1680"), ("\u2000", "\u200a"),
    ("\u2028", "\u2029"), ("\u202f", "\u202f"), ("\u205f", "\u205f"), ("\u3000", "\u3000"),
    ("\ufeff", "\ufeff"),
)  # fmt: skip
_LINE_ENDS: Final = (("\n", "\n"), ("\r", "\r"), ("\u2028", "\u2029"))
_CONTROLS: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "0": "\0"}
_UNICODE_ONLY: Final = ("\\p", "\\P", "\\u{")
_HEX_LENGTHS: Final = {"x": 2, "u": 4}

Ranges = tuple[tuple[str, str], ...]


class RegexpError(ValueError):
    """No regular expression."""


class UnsupportedError(RegexpError):
    """A regular expression, but one that cannot be told about here."""


class _Class(Struct, frozen=True):
    """One character within (or, negated, outside) some ranges."""

    ranges: Ranges
    is_negated: bool = False

    def holds(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges) is not self.is_negated


class _Sequence(Struct, frozen=True):
    parts: tuple[_Node, ...]


class _Either(Struct, frozen=True):
    options: tuple[_Node, ...]


class _Repeated(Struct, frozen=True):
    part: _Node
    least: int
    most: int | None


class _Edge(Struct, frozen=True):
    """A place between characters: ``^``, ``$``, ``b`` or ``B``."""

    kind: str


class _Look(Struct, frozen=True):
    """A look ahead or behind."""

    part: _Node
    is_behind: bool
    is_negated: bool


_Node = _Class | _Sequence | _Either | _Repeated | _Edge | _Look


class Regexp:
    """A compiled regular expression; raises :class:`RegexpError` where there is none.

    The flags ``i``, ``m``, ``s`` and ``u`` count. What only ``u`` and ``v`` allow is not supported.
    """

    def __init__(self, pattern: str, flags: str = "") -> None:
        if "v" in flags or ("u" in flags and any(one in pattern for one in _UNICODE_ONLY)):
            raise UnsupportedError("Unicode properties are not supported")
        self._node = _Parser(pattern).parsed()
        self._is_caseless = "i" in flags
        self._is_multiline = "m" in flags
        self._is_any_line_end = "s" in flags

    def test(self, text: str) -> bool:
        """Whether the pattern matches somewhere in *text*."""
        match = _Match(text, self._is_caseless, self._is_multiline, self._is_any_line_end)
        return any(match.ends(self._node, start) for start in range(len(text) + 1))


class _Match:
    """The places where the parts of a pattern may end in one text."""

    def __init__(
        self, text: str, is_caseless: bool, is_multiline: bool, is_any_line_end: bool
    ) -> None:
        self._text = text
        self._is_caseless = is_caseless
        self._is_multiline = is_multiline
        self._is_any_line_end = is_any_line_end
        self._known: dict[tuple[int, int], frozenset[int]] = {}

    def ends(self, node: _Node, start: int) -> frozenset[int]:
        key = (id(node), start)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = frozenset(self._ends(node, start))
        return found

    def _ends(self, node: _Node, start: int) -> Iterator[int] | set[int]:
        match node:
            case _Class():
                return {start + 1} if self._holds(node, start) else set()
            case _Sequence(parts):
                return self._after(parts, start)
            case _Either(options):
                return (end for option in options for end in self.ends(option, start))
            case _Repeated():
                return self._repeated(node, start)
            case _Edge(kind):
                return {start} if self._is_edge(kind, start) else set()
            case _Look(part, is_behind, is_negated):
                is_there = (
                    any(start in self.ends(part, place) for place in range(start + 1))
                    if is_behind
                    else bool(self.ends(part, start))
                )
                return {start} if is_there is not is_negated else set()

    def _holds(self, node: _Class, place: int) -> bool:
        if place >= len(self._text):
            return False
        character = self._text[place]
        if node == _ANY and self._is_any_line_end:
            return True
        if not self._is_caseless:
            return node.holds(character)
        cases = (character, character.lower(), character.upper())
        if node.is_negated:
            return all(node.holds(one) for one in cases if len(one) == 1)
        return any(node.holds(one) for one in cases if len(one) == 1)

    def _after(self, parts: tuple[_Node, ...], start: int) -> set[int]:
        places = {start}
        for part in parts:
            places = {end for place in places for end in self.ends(part, place)}
        return places

    def _repeated(self, node: _Repeated, start: int) -> set[int]:
        places = {start}
        for _ in range(node.least):
            places = {end for place in places for end in self.ends(node.part, place)}
        found, newest, rounds = set(places), places, node.least
        while newest and (node.most is None or rounds < node.most):
            newest = {end for place in newest for end in self.ends(node.part, place)} - found
            found |= newest
            rounds += 1
        return found

    def _is_edge(self, kind: str, place: int) -> bool:
        text = self._text
        if kind == "^":
            return place == 0 or (self._is_multiline and _is_line_end(text[place - 1]))
        if kind == "$":
            return place == len(text) or (self._is_multiline and _is_line_end(text[place]))
        before = place > 0 and _WORDS.holds(text[place - 1])
        after = place < len(text) and _WORDS.holds(text[place])
        return (before is not after) is (kind == "b")


def _is_line_end(character: str) -> bool:
    return not _ANY.holds(character)


_ANY: Final = _Class(_LINE_ENDS, is_negated=True)
_WORDS: Final = _Class(_WORD)
_CLASSES: Final = {
    "d": _Class(_DIGITS),
    "D": _Class(_DIGITS, is_negated=True),
    "w": _WORDS,
    "W": _Class(_WORD, is_negated=True),
    "s": _Class(_SPACE),
    "S": _Class(_SPACE, is_negated=True),
}


# --- reading -------------------------------------------------------------------------------


class _Parser:
    """Reads the syntax that browsers accept without the flag ``u``."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._place = 0
        self._depth = 0
        self._names: set[str] = set()

    def parsed(self) -> _Node:
        node = self._options()
        if self._place < len(self._pattern):
            raise RegexpError(f"unmatched ) at {self._place}")
        return node

    def _take(self, text: str) -> bool:
        is_there = self._pattern.startswith(text, self._place)
        self._place += len(text) if is_there else 0
        return is_there

    def _next(self) -> str:
        if self._place >= len(self._pattern):
            raise RegexpError("the pattern ends too early")
        self._place += 1
        return self._pattern[self._place - 1]

    def _options(self) -> _Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnsupportedError("nested too deeply")
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else _Either(tuple(options))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._place < len(self._pattern) and self._pattern[self._place] not in "|)":
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else _Sequence(tuple(parts))

    def _quantified(self, node: _Node) -> _Node:
        limits = self._limits()
        if limits is None:
            return node
        if isinstance(node, _Edge) or (isinstance(node, _Look) and node.is_behind):
            raise RegexpError("nothing to repeat")
        self._take("?")
        return _Repeated(node, *limits)

    def _limits(self) -> tuple[int, int | None] | None:
        for sign, limits in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return limits
        return self._braces() if self._pattern.startswith("{", self._place) else None

    def _braces(self) -> tuple[int, int | None] | None:
        """Read ``{2}``, ``{2,}`` or ``{2,3}``; other braces stand for themselves."""
        inner, closing, _ = self._pattern[self._place + 1 :].partition("}")
        least, comma, most = inner.partition(",")
        if not closing or not _is_number(least) or (most and not _is_number(most)):
            return None
        self._place += len(inner) + 2
        low, high = int(least), int(most) if most else (None if comma else int(least))
        if high is not None and high < low:
            raise RegexpError("the numbers of repeats are out of order")
        if max(low, high or 0) > MAX_REPEATS:
            raise UnsupportedError("too many repeats")
        return low, high

    def _atom(self) -> _Node:
        character = self._next()
        match character:
            case ".":
                return _ANY
            case "^" | "$":
                return _Edge(character)
            case "(":
                return self._group()
            case "[":
                return self._class()
            case "\\":
                return self._escape()
            case "*" | "+" | "?":
                raise RegexpError("nothing to repeat")
            case "{":
                self._place -= 1
                if self._braces() is not None:
                    raise RegexpError("nothing to repeat")
                self._place += 1
                return _single("{")
            case _:
                return _single(character)

    def _group(self) -> _Node:
        wrap = self._opening()
        node = self._options()
        if not self._take(")"):
            raise RegexpError("unterminated group")
        return wrap(node)

    def _opening(self) -> Callable[[_Node], _Node]:
        """Read what follows ``(``, and return what it makes of the group."""
        if not self._take("?"):
            return _grouped
        for sign, is_behind, is_negated in (
            ("=", False, False),
            ("!", False, True),
            ("<=", True, False),
            ("<!", True, True),
        ):
            if self._take(sign):
                return lambda node: _Look(node, is_behind, is_negated)
        if self._take(":"):
            return _grouped
        name, closing, _ = self._pattern[self._place :].partition(">")
        is_new = name not in self._names
        if not (name.startswith("<") and closing and name[1:].isidentifier() and is_new):
            raise RegexpError("invalid group")
        self._names.add(name)
        self._place += len(name) + 1
        return _grouped

    def _escape(self) -> _Node:
        character = self._next()
        if character in _CLASSES:
            return _CLASSES[character]
        if character in "bB":
            return _Edge(character)
        if character in "123456789" or (character == "k" and "(?<" in self._pattern):
            raise UnsupportedError("back references are not supported")
        return _single(self._escaped(character))

    def _escaped(self, character: str) -> str:
        """Return what a backslash and *character* stand for."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "c":
            if self._pattern[self._place : self._place + 1].isalpha():
                return chr(ord(self._next()) % 32)
            self._place -= 1
            return "\\"
        length = _HEX_LENGTHS.get(character, 0)
        digits = self._pattern[self._place : self._place + length]
        if length and len(digits) == length and all(one in _HEX for one in digits):
            self._place += length
            return chr(int(digits, 16))
        return character

    def _class(self) -> _Node:
        is_negated = self._take("^")
        ranges: list[tuple[str, str]] = []
        while not self._take("]"):
            first = self._member()
            is_range = self._pattern.startswith("-", self._place) and not self._pattern.startswith(
                "-]", self._place
            )
            if not is_range:
                ranges.extend(first)
                continue
            self._place += 1
            last = self._member()
            ranges.extend(_range(first, last))
        return _Class(tuple(ranges), is_negated)

    def _member(self) -> Ranges:
        character = self._next()
        if character != "\\":
            return ((character, character),)
        escaped = self._next()
        if escaped in _CLASSES:
            return _all_of(_CLASSES[escaped])
        one = "\b" if escaped == "b" else self._escaped(escaped)
        return ((one, one),)


_HEX: Final = "0123456789abcdefABCDEF"


def _grouped(node: _Node) -> _Node:
    """Return a group, which may be repeated where what is in it may not."""
    return _Sequence((node,))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _single(character: str) -> _Class:
    return _Class(((character, character),))


def _range(first: Ranges, last: Ranges) -> Ranges:
    """Return the range between two members; with a class on one side ``-`` stands for itself."""
    is_plain = all(len(one) == 1 and one[0][0] == one[0][1] for one in (first, last))
    if not is_plain:
        return (*first, ("-", "-"), *last)
    if last[0][0] < first[0][0]:
        raise RegexpError("a range out of order")
    return ((first[0][0], last[0][0]),)


def _all_of(one: _Class) -> Ranges:
    """Return the ranges of a class, turned around where it is negated."""
    if not one.is_negated:
        return one.ranges
    found, place = [], 0
    for low, high in one.ranges:
        if place < ord(low):
            found.append((chr(place), chr(ord(low) - 1)))
        place = ord(high) + 1
    return (*found, (chr(place), "\U0010ffff"))
