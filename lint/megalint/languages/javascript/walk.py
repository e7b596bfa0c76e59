"""Visit every node of a lowered tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Final

from megalint.languages.javascript.syntax import Module, Node

_NO_NODES: Final = frozenset({"span", "property_span", "source", "directives", "errors"})
_SCALARS: Final = frozenset({"str", "bool", "str | None", "str | int | float | bool | None"})


def walk(root: Module | Node) -> Iterator[Node]:
    """Yield *root*, when it is a node, and those below it: source order, parents first."""
    pending: list[Any] = [root]
    while pending:
        item = pending.pop()
        kind = type(item)
        if kind is tuple:
            pending.extend(item[::-1])
            continue
        children = _READERS[kind]
        if children is not None:
            if kind is not Module:
                yield item
            pending.extend(children(item))


class _Readers(dict[type[Any], Callable[[Any], tuple[Any, ...]] | None]):
    """What returns the children of a node of a kind, last ones first; None for no node."""

    def __missing__(self, kind: type[Any]) -> Callable[[Any], tuple[Any, ...]] | None:
        self[kind] = _reader(kind) if issubclass(kind, Node | Module) else None
        return self[kind]


def _reader(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    names = [name for name in reversed(kind.__struct_fields__) if name not in _NO_NODES]
    names = [name for name in names if _annotation(kind, name) not in _SCALARS]
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    read = attrgetter(names[0])
    return lambda item: (read(item),)


def _annotation(kind: type[Any], name: str) -> str:
    found = (vars(base).get("__annotations__", {}).get(name) for base in kind.__mro__)
    return next(str(one) for one in found if one is not None)


_READERS: Final = _Readers()
