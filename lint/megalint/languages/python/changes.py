"""Statements that change a value in place: ``d["k"] = v``, ``d.update(...)``, ``l.append(v)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from megalint.languages.python import literals
from megalint.languages.python.scopes import Binding, Position
from megalint.languages.python.values import Items, OneOf, Open, PyValue, Record, one_of
from megalint.text import Text

if TYPE_CHECKING:
    from megalint.languages.python.evaluate import Evaluator, Frame

updated = literals.merged
_MAX_KEYS = 6


def apply(of: Evaluator, value: PyValue, one: Binding, frame: Frame | None) -> PyValue:
    """Return *value* after the statement of a binding."""
    if isinstance(value, OneOf):
        return one_of([apply(of, each, one, frame) for each in value.alternatives])
    at, node = one.position, one.node
    if one.target is not None:
        road = _road(of, one.target, at, frame)
        if road is None:
            return value
        if isinstance(node, cst.AugAssign):
            return _set(value, road, _added(_get(value, road), of.value(node.value, at, frame)))
        return _set(value, road, of.value(node, at, frame))
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        road = _road(of, node.func.value, at, frame)
        if road is None:
            return value
        positional, named = of.arguments(node, at, frame)
        inner = _get(value, road)
        changed = _called(inner, node.func.attr.value, positional, named)
        return _set(value, road, changed) if road else changed
    return value


def _road(
    of: Evaluator, node: cst.CSTNode, at: Position, frame: Frame | None
) -> tuple[str, ...] | None:
    """Return the keys from the name down; None where one of them is not known."""
    keys: list[str] = []
    while isinstance(node, cst.Subscript) and len(keys) < _MAX_KEYS:
        part = node.slice[0].slice
        key = of.value(part.value, at, frame) if isinstance(part, cst.Index) else Open("a slice")
        if not isinstance(key, Text) or key.known is None:
            return None
        keys.append(key.known)
        node = node.value
    return tuple(reversed(keys)) if isinstance(node, cst.Name) else None


def _get(value: PyValue, road: tuple[str, ...]) -> PyValue:
    for key in road:
        value = (value.get(key) if isinstance(value, Record) else None) or Open("an entry")
    return value


def _set(value: PyValue, road: tuple[str, ...], new: PyValue) -> PyValue:
    if not road:
        return new
    if not isinstance(value, Record):
        value = Record((), is_open=True)
    inner = value.get(road[0]) or Record((), is_open=True)
    return value.set(road[0], _set(inner, road[1:], new))


def _added(value: PyValue, new: PyValue) -> PyValue:
    if isinstance(value, Items):
        more = new if isinstance(new, Items) else Items((), is_open=True)
        return Items((*value.items, *more.items), value.is_open or more.is_open)
    if isinstance(value, Record):
        return updated(value, new)
    return value + new if isinstance(value, Text) and isinstance(new, Text) else Open("a sum")


def _called(value: PyValue, method: str, positional: tuple[PyValue, ...], named: Record) -> PyValue:
    match method, value:
        case "append" | "add", Items() if positional:
            return Items((*value.items, positional[0]), value.is_open)
        case "insert", Items() if len(positional) > 1:
            return Items((*value.items, positional[1]), value.is_open)
        case "extend", Items() if positional:
            return _added(value, positional[0])
        case "setdefault", Record() if len(positional) > 1:
            key = positional[0]
            name = key.known if isinstance(key, Text) else None
            if name is None or value.get(name) is not None:
                return value
            return value.set(name, positional[1])
        case "update", Record():
            for one in positional:
                value = updated(value, one)
            return updated(value, named)
        case _:
            return value
