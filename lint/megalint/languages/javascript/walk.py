"""Visit every node of a lowered tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from megalint.languages.javascript.syntax import Module, Node


def walk(root: Module | Node) -> Iterator[Node]:
    """Yield *root*, when it is a node, and those below it: source order, parents first."""
    pending: list[object] = [root]
    while pending:
        item = pending.pop()
        if isinstance(item, Node):
            yield item
        if isinstance(item, tuple):
            pending.extend(reversed(item))
        elif isinstance(item, Node | Module):
            kind: Any = type(item)
            pending.extend(getattr(item, name) for name in reversed(_children(kind)))


@cache
def _children(kind: type[Any]) -> tuple[str, ...]:
    skipped = {"span", "property_span", "source", "directives", "errors"}
    return tuple(name for name in kind.__struct_fields__ if name not in skipped)
