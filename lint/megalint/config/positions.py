"""Where each key and value stands in a text of TOML, which ``tomllib`` does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Generator, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from megalint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

Place = tuple[str | int, ...]
"""The keys that lead to a value; a number counts in a list."""
_TABLES: Final = ("table", "table_array_element")


class Spot(Struct, frozen=True):
    """Where a setting is written: its key (in a list, the value itself) and its value.

    Of a table that has a header, both are the key in the header.
    """

    key: Span
    value: Span


def positions(text: str) -> dict[Place, Spot]:
    """Return where everything in *text* stands, which ``tomllib`` can read.

    Of a table that is written in several places the first counts; entries of an array of tables
    are taken together.
    """
    data = text.encode("utf-8")
    found: dict[Place, Spot] = {}
    for place, key, value in _entries(_parser().parse(data).root_node, ()):
        found.setdefault(place, Spot(_span(data, key), _span(data, value)))
    return found


@cache
def _parser() -> Parser:
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_toml.language()))


def _entries(node: Node, place: Place) -> Iterator[tuple[Place, Node, Node]]:
    """Yield place, key and value of what a document, a table or an inline table holds."""
    for child in _children(node):
        if child.type == "pair":
            key, value = _children(child)
            inner = yield from _keys(key, place, value)
            yield from _within(value, inner)
        elif child.type in _TABLES:
            inner = yield from _keys(_children(child)[0], place, None)
            yield from _entries(child, inner)


def _keys(
    key: Node, place: Place, value: Node | None
) -> Generator[tuple[Place, Node, Node], None, Place]:
    """Yield an entry for each part of a key, the last one with the value; return its place."""
    parts = list(_parts(key))
    for part in parts[:-1]:
        place = (*place, _name(part))
        yield place, part, part
    place = (*place, _name(parts[-1]))
    yield place, parts[-1], parts[-1] if value is None else value
    return place


def _within(value: Node, place: Place) -> Iterator[tuple[Place, Node, Node]]:
    if value.type == "inline_table":
        yield from _entries(value, place)
    elif value.type == "array":
        for number, one in enumerate(_children(value)):
            inner = (*place, number)
            yield inner, one, one
            yield from _within(one, inner)


def _children(node: Node) -> list[Node]:
    return [one for one in node.named_children if one.type != "comment"]


def _parts(key: Node) -> Iterator[Node]:
    if key.type != "dotted_key":
        yield key
        return
    for one in _children(key):
        yield from _parts(one)


def _name(key: Node) -> str:
    text = (key.text or b"").decode("utf-8")
    if key.type == "bare_key":
        return text
    return next(iter(tomllib.loads(f"{text} = 0")))


def _span(data: bytes, node: Node) -> Span:
    start = len(data[: node.start_byte].decode("utf-8"))
    return Span(start, start + len(data[node.start_byte : node.end_byte].decode("utf-8")))
