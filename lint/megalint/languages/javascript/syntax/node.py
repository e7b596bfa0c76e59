"""What all nodes are."""

from __future__ import annotations

from dataclasses import dataclass

from megalint.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the text."""

    span: Span


class Expression(Node):
    """A node that has a value."""

    __slots__ = ()


class Statement(Node):
    """A node that is executed."""

    __slots__ = ()
