"""What all nodes are."""

from __future__ import annotations

from msgspec import Struct

from megalint.source import Span


class Node(Struct, frozen=True):
    """Anything with a place in the text."""

    span: Span


class Expression(Node, frozen=True):
    """A node that has a value."""


class Statement(Node, frozen=True):
    """A node that is executed."""
