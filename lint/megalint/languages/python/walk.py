"""Visit the nodes of libcst's trees, and name what they call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield *node* and those below it, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


def last_name(node: cst.CSTNode) -> str:
    """Return ``c`` of ``a.b.c``, empty where an expression ends in no name."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
