"""``primaryLocationLineHash``: the fingerprint by which GitHub tells alerts apart.

The algorithm is codeql-action's: a rolling hash over the 100 UTF-16 units that follow the first
non-blank unit of a line, blanks left out, line ends counted as one newline; then the number of
times that this hash was seen.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Final

from megalint.source import Source

_WINDOW: Final = 100
_FACTOR: Final = 37
_BITS: Final = 1 << 64
_LEAVING: Final = pow(_FACTOR, _WINDOW, _BITS)
_END_OF_FILE: Final = 0xFFFF
_BLANKS: Final = frozenset((0x20, 0x09))
_LINE_FEED, _RETURN = 0x0A, 0x0D


def line_hashes(source: Source) -> dict[int, str]:
    """Return the hash of every 1-based line of *source*.

    The result is that of a file whose text is :attr:`Source.text`; a byte order mark counts.
    """
    units = _units(source.text)
    hashes: dict[int, str] = {}
    seen: Counter[str] = Counter()
    window = [0] * _WINDOW
    lines = [-1] * _WINDOW
    state = _State(window, lines)
    for unit, line in (*_numbered(units), *((0, -1),) * _WINDOW):
        finished = state.push(unit, line)
        if finished is not None:
            number, value = finished
            text = f"{value:x}"
            seen[text] += 1
            hashes.setdefault(number, f"{text}:{seen[text]}")
    return hashes


class _State:
    """The rolling hash, and for each unit in the window the line that starts with it."""

    def __init__(self, window: list[int], lines: list[int]) -> None:
        self._window, self._lines = window, lines
        self._place = 0
        self._hash = 0

    def push(self, unit: int, line: int) -> tuple[int, int] | None:
        """Take in one unit; return a line and its hash when a line's window is complete."""
        place = self._place
        finished = self._lines[place]
        result = (finished, self._hash) if finished >= 0 else None
        leaving, self._window[place] = self._window[place], unit
        self._lines[place] = line
        self._hash = (_FACTOR * self._hash + unit - _LEAVING * leaving) % _BITS
        self._place = (place + 1) % _WINDOW
        return result


def _units(text: str) -> array[int]:
    units = array("H")
    units.frombytes(text.encode("utf-16-le", "surrogatepass"))
    return units


def _numbered(units: array[int]) -> list[tuple[int, int]]:
    """Return the units that count, the first of each line with its number, and the end of file."""
    found: list[tuple[int, int]] = []
    line, is_start, after_return = 1, True, False
    for unit in units:
        if unit in _BLANKS or (unit == _LINE_FEED and after_return):
            after_return = False
            continue
        after_return = unit == _RETURN
        value = _LINE_FEED if after_return else unit
        found.append((value, line if is_start else -1))
        is_start = value == _LINE_FEED
        line += is_start
    return [*found, (_END_OF_FILE, line if is_start else -1)]
