"""State machines that Python code writes: as a text of JSON or YAML, or as a dictionary."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.formats.states_language import Part, machines
from megalint.project.checkout import Checkout
from megalint.project.versions.contexts import is_test
from megalint.source import Location, Source, Span
from megalint.text import Text

_MARK: Final = "StartAt"
_KEYS: Final = frozenset({"StartAt", "States"})
_MAX_DEPTH: Final = 40


def machines_of(checkout: Checkout) -> Iterator[Part]:
    """Yield the state machines in the Python code of *checkout*, tests left out."""
    for source in checkout.of_kind(Kind.PYTHON):
        if source.mentions(_MARK) and not is_test(source):
            tree = checkout.parsed(source, tree_of)
            yield from () if tree is None else _machines(source, tree)


def tree_of(source: Source) -> ast.Module | None:
    """Return the syntax of a file, None for one that Python refuses."""
    try:
        return ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def span_of(source: Source, node: ast.expr) -> Span:
    """Return where an expression stands, by characters."""
    start = offset_of(source, node.lineno, node.col_offset)
    line = node.end_lineno or node.lineno
    return Span(start, max(start, offset_of(source, line, node.end_col_offset or 0)))


def offset_of(source: Source, line: int, column: int) -> int:
    """Return an offset in characters; the syntax counts columns in bytes."""
    start = source.line_span(line).start
    if source.text.isascii():
        return start + column
    return start + len(source.line_text(line).encode()[:column].decode("utf-8", "ignore"))


def _machines(source: Source, tree: ast.AST) -> Iterator[Part]:
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Dict) and _keys(node) >= _KEYS:
            yield _part(source, node, 0)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _in_text(source, node, node.value)
        elif not isinstance(node, ast.JoinedStr):
            pending.extend(ast.iter_child_nodes(node))


def _keys(node: ast.Dict) -> set[object]:
    return {one.value for one in node.keys if isinstance(one, ast.Constant)}


def _in_text(source: Source, node: ast.expr, value: str) -> Iterator[Part]:
    """Yield the machines of a text that is written without escapes, as it stands there."""
    if _MARK not in value or "States" not in value:
        return
    span = span_of(source, node)
    at = source[span].find(value)
    if at >= 0:
        inner = Span(span.start + at, span.start + at + len(value))
        yield from machines(Text.at(Location(source, inner)))


def _entries(source: Source, node: ast.Dict, depth: int) -> dict[str, Part] | None:
    """Return the entries of a dictionary; None where some are made elsewhere."""
    found: dict[str, Part] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        found[key.value] = _part(source, value, depth + 1)
    return found


def _part(source: Source, node: ast.expr, depth: int) -> Part:
    place = Location(source, span_of(source, node))
    match node:
        case ast.Dict() if depth < _MAX_DEPTH:
            return Part(_entries(source, node, depth), place)
        case ast.List() | ast.Tuple() if depth < _MAX_DEPTH:
            return Part(tuple(_part(source, one, depth + 1) for one in node.elts), place)
        case ast.Constant(bool() as value):
            return Part(Text.literal(str(value).lower(), place), place)
        case ast.Constant(str() | int() | float() as value):
            return Part(Text.literal(str(value), place), place)
        case _:
            return Part(None, place)
