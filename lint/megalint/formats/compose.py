"""Compose files: the services, what they build and what their processes receive."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from megalint.formats.yaml_nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Unreadable,
    composed,
    span,
)
from megalint.source import Location, Source, Span
from megalint.text import Text

_REFERENCE: Final = re.compile(
    r"\$(?:\$|\{(?P<name>\w+)(?:(?P<sign>:?[-?+])(?P<word>[^}]*))?\}|(?P<bare>\w+))"
)
_MAX_MERGES: Final = 16


class Entry(Struct, frozen=True):
    """A variable. :attr:`value` is None where compose hands on what its own process has."""

    name: str
    value: str | None
    location: Location


class Service(Struct, frozen=True):
    """A service. Paths are as written; :attr:`context` is None where nothing is built."""

    name: str
    location: Location
    context: str | None
    dockerfile: str | None
    target: str | None
    arguments: tuple[Entry, ...]
    environment: tuple[Entry, ...]
    env_files: tuple[str, ...]
    command: tuple[str, ...]


class Compose(Struct, frozen=True):
    """A compose file."""

    source: Source
    services: tuple[Service, ...]


def parse(source: Source) -> Compose:
    """Return the services in *source*; none where it is no YAML."""
    root = _root(source)
    services = _get(root, "services")
    found = (_service(source, key, value) for key, value in _items(services))
    return Compose(source, tuple(found))


def _root(source: Source) -> Node | None:
    try:
        return composed(source.text)
    except Unreadable:
        return None


def _service(source: Source, key: ScalarNode, value: Node) -> Service:
    build = _get(value, "build")
    is_short = isinstance(build, ScalarNode)
    return Service(
        key.value,
        _place(source, key),
        _text(build) if is_short else _text(_get(build, "context")) or _where(build),
        _text(_get(build, "dockerfile")),
        _text(_get(build, "target")),
        tuple(_entries(source, _get(build, "args"))),
        tuple(_entries(source, _get(value, "environment"))),
        tuple(_env_files(_get(value, "env_file"))),
        (*_command(_get(value, "entrypoint")), *_command(_get(value, "command"))),
    )


def _where(build: Node | None) -> str | None:
    """Return the context of a ``build`` that names none."""
    return "." if isinstance(build, MappingNode) else None


def _entries(source: Source, node: Node | None) -> Iterator[Entry]:
    for key, value in _items(node):
        is_empty = not isinstance(value, ScalarNode) or value.tag.endswith(":null")
        last = key if is_empty else value
        place = Location(source, Span(span(key).start, span(last).end))
        yield Entry(key.value, None if is_empty else value.value, place)
    for one in _elements(node):
        name, mark, value = one.value.partition("=")
        yield Entry(name.strip(), value if mark else None, _place(source, one))


def _env_files(node: Node | None) -> Iterator[str]:
    if isinstance(node, ScalarNode):
        yield node.value
    for one in node.value if isinstance(node, SequenceNode) else ():
        path = _text(one) or _text(_get(one, "path"))
        if path:
            yield path


def _command(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, ScalarNode):
        try:
            return tuple(shlex.split(node.value))
        except ValueError:
            return tuple(node.value.split())
    return tuple(one.value for one in _elements(node))


def _get(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in _items(node) if key.value == name), None)


def _items(node: Node | None, merges: int = 0) -> Iterator[tuple[ScalarNode, Node]]:
    """Yield the members of a mapping, then what it merges in; anchors are never expanded."""
    if not isinstance(node, MappingNode) or merges > _MAX_MERGES:
        return
    seen: set[str] = set()
    merged: list[Node] = []
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            continue
        if key.value == "<<":
            merged.extend(value.value if isinstance(value, SequenceNode) else (value,))
        else:
            seen.add(key.value)
            yield key, value
    for other in merged[:_MAX_MERGES]:
        if merges == 0 or len(merged) == 1:
            fresh = [pair for pair in _items(other, merges + 1) if pair[0].value not in seen]
            seen.update(key.value for key, _ in fresh)
            yield from fresh


def _elements(node: Node | None) -> Iterator[ScalarNode]:
    for one in node.value if isinstance(node, SequenceNode) else ():
        if isinstance(one, ScalarNode):
            yield one


def _text(node: Node | None) -> str | None:
    return node.value if isinstance(node, ScalarNode) else None


def _place(source: Source, node: Node) -> Location:
    return Location(source, span(node))


def interpolated(
    value: Text, get: Callable[[str], Text | None], either: Callable[[Text, Text], Text]
) -> Text:
    """Return a value with its variables; *get* returns one, None where it is unset.

    *either* joins a variable that is not known with the default beside it.
    """

    def one(match: re.Match[str]) -> Text:
        name = match["name"] or match["bare"]
        if name is None:
            return value[match.start() : match.start() + 1]
        word = value[match.start("word") : match.end("word")] if match["word"] else Text()
        return _chosen(get(name), match["sign"] or "", word, either)

    return value.replaced(_REFERENCE, one)


def _chosen(
    found: Text | None, sign: str, word: Text, either: Callable[[Text, Text], Text]
) -> Text:
    is_set = bool(found) if sign.startswith(":") else found is not None
    if sign.endswith("+"):
        return word if is_set else Text()
    if sign.endswith("-"):
        if not is_set or found is None:
            return word
        return found if found.known is not None else either(found, word)
    return Text() if found is None else found
