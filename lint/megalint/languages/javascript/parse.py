"""Lower tree-sitter's trees to :mod:`megalint.languages.javascript.syntax`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import statements
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


def parse(source: Source) -> js.Module:
    """Return the module in *source*; never raises: what cannot be read is Opaque and listed."""
    if len(source.text) > MAX_LENGTH:
        place = Location(source, Span(0, 0), "too large to be written by people")
        return js.Module(source, (), (), (place,))
    data = source.text.encode("utf-8", "replace")
    root = _root(source.path.suffix.lower(), data)
    tree = Tree(source, data)
    body = statements.body(tree, root)
    return js.Module(source, body, statements.directives(body), tuple(_errors(tree, root)))


def _root(suffix: str, data: bytes) -> Node:
    """Return the tree; JavaScript that only TypeScript's grammar can read is read with that."""
    name = _GRAMMARS.get(suffix, "javascript")
    root = _parser(name).parse(data).root_node
    if name == "javascript" and root.has_error:
        other = _parser("tsx").parse(data).root_node
        if not other.has_error:
            return other
    return root


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


def _errors(tree: Tree, root: Node) -> list[Location]:
    """Return the places that could not be read, the first ones."""
    found: list[Location] = []
    pending = [root] if root.has_error else []
    while pending and len(found) < MAX_ERRORS:
        node = pending.pop()
        if node.is_error or node.is_missing:
            span = tree.span(node)
            label = f"syntax error: {node.type} is missing" if node.is_missing else "syntax error"
            found.append(
                Location(tree.source, Span(span.start, min(span.end, span.start + 80)), label)
            )
        else:
            pending.extend(
                child for child in reversed(node.children) if child.has_error or child.is_missing
            )
    return found
