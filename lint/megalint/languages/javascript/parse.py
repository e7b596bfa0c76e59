"""Lower tree-sitter's trees to :mod:`megalint.languages.javascript.syntax`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import expressions, jsx, statements
from megalint.languages.javascript.lower.tree import Tree
from megalint.source import Location, Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_GRAMMARS: Final = {
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
MAX_ERRORS: Final = 20
MAX_LENGTH: Final = 1_500_000
RECURSION_LIMIT: Final = 6_000


def parse(source: Source) -> js.Module:
    """Return the module in *source*; never raises: what cannot be read is Opaque and listed."""
    if len(source.text) > MAX_LENGTH:
        place = Location(source, Span(0, 0), "too large to be written by people")
        return js.Module(source, (), (), (place,))
    data = source.text.encode("utf-8", "replace")
    root = _root(source.path.suffix.lower(), data)
    tree = Tree(source, data)
    with _room():
        body = statements.body(tree, root)
    return js.Module(source, body, statements.directives(body), _errors(tree, root))


def root_of(source: Source) -> Node:
    """Return the tree of tree-sitter, which is not lowered."""
    return _root(source.path.suffix.lower(), source.text.encode("utf-8", "replace"))


@contextmanager
def _room() -> Iterator[None]:
    """Make room for ``MAX_DEPTH`` levels of lowering, and let nothing count the new nodes.

    Lowering makes many objects and no cycles: collecting garbage meanwhile doubles its time.
    """
    limit, is_collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if is_collecting:
            gc.enable()


def _root(suffix: str, data: bytes) -> Node:
    """Return the tree; JavaScript that only TypeScript's grammar can read is read with that."""
    name = _GRAMMARS.get(suffix, "javascript")
    root = _parser(name).parse(data).root_node
    if name == "javascript" and root.has_error:
        other = _parser("tsx").parse(data).root_node
        if _count(other) < _count(root):
            return other
    return root


def _count(root: Node) -> int:
    return sum(1 for _ in islice(_broken(root), MAX_ERRORS))


@cache
def _parser(name: str) -> Parser:
    # a grammar costs tens of milliseconds to load: only what is needed
    from tree_sitter import Language, Parser

    if name == "javascript":
        import tree_sitter_javascript

        return Parser(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript

    make = getattr(tree_sitter_typescript, f"language_{name}")
    return Parser(Language(make()))


def _errors(tree: Tree, root: Node) -> tuple[Location, ...]:
    """Return the places that could not be read, the first ones."""
    return tuple(_location(tree, node) for node in islice(_broken(root), MAX_ERRORS))


def _location(tree: Tree, node: Node) -> Location:
    span = tree.span(node)
    label = f"syntax error: {node.type} is missing" if node.is_missing else "syntax error"
    return Location(tree.source, Span(span.start, min(span.end, span.start + 80)), label)


def _broken(root: Node) -> Iterator[Node]:
    """Yield what the grammar could not read, but for valid syntax that it does not know."""
    pending = [root] if root.has_error else []
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            if not _is_valid(node):
                yield node
            continue
        children = [child for child in node.children if child.has_error or child.is_missing]
        pending.extend(reversed(children))


def _is_valid(node: Node) -> bool:
    """Whether the grammar alone is at fault: the syntax is valid."""
    parent = node.parent
    is_gap = node.is_missing and parent is not None and parent.type == "non_null_expression"
    if is_gap and expressions.typed_tag(parent) is not None:
        return True
    return jsx.is_text(node) or statements.is_type_star(node)
