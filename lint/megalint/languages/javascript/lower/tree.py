"""The text below a tree, and places in it."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from megalint.source import Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTINUES: Final = 0x80
_JAVASCRIPT: Final = frozenset({".js", ".jsx", ".mjs", ".cjs"})
MAX_DEPTH: Final = 250
"""Deeper syntax is opaque: people do not write it, and recursion has its limits."""


class Tree:
    """A parsed text; tree-sitter counts bytes, spans count code points."""

    def __init__(self, source: Source, data: bytes) -> None:
        self.source = source
        self.depth = 0
        self.is_typescript = source.path.suffix.lower() not in _JAVASCRIPT
        self.templates: dict[int, Node] = {}
        self._data = data
        self._starts = None if data.isascii() else _character_numbers(data)

    def offset(self, byte: int) -> int:
        """Return the code-point offset of a byte offset."""
        return byte if self._starts is None else self._starts[byte]

    def span(self, node: Node) -> Span:
        """Return the span of *node*."""
        return Span(self.offset(node.start_byte), self.offset(node.end_byte))

    def between(self, first: Node, last: Node) -> Span:
        """Return the span from the start of one node to the end of another."""
        return Span(self.offset(first.start_byte), self.offset(last.end_byte))

    def text(self, node: Node) -> str:
        """Return the text of *node*."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def has_question_mark(self, start: int, end: int) -> bool:
        """Whether a ``?`` stands between two byte offsets."""
        return self._data.find(b"?", start, end) >= 0

    def slice(self, start: int, end: int) -> str:
        """Return the text between two byte offsets."""
        return self._data[start:end].decode("utf-8", "replace")


def _character_numbers(data: bytes) -> array[int]:
    """Return, for every byte offset, the number of characters that start before it."""
    numbers = array("L", [0]) * (len(data) + 1)
    count = 0
    for place, byte in enumerate(data):
        is_start = byte & 0xC0 != _CONTINUES
        numbers[place] = count if is_start else count - 1
        count += is_start
    numbers[len(data)] = count
    return numbers
