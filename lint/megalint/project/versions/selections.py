"""Code that takes the first of several launch templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from megalint.languages.python.evaluate import Evaluator
from megalint.languages.python.scopes import Index, Position
from megalint.languages.python.values import Items, PyValue, Record, alternatives
from megalint.languages.python.walk import last_name, walk
from megalint.project.versions.facts import Selection
from megalint.source import Location
from megalint.text import Text

_LISTS: Final = frozenset({"describe_launch_templates", "paginate"})
_OPERATION: Final = "describe_launch_templates"
_EXACT: Final = ("LaunchTemplateIds", "LaunchTemplateNames")
_RESULT: Final = "LaunchTemplates"
_NAME: Final = "LaunchTemplateName"


def selections(evaluator: Evaluator, index: Index) -> Iterator[Selection]:
    """Yield the places that take one of the templates that a wide question finds."""
    for call, at in index.calls:
        if _OPERATION not in index.module.source[index.module.place(call).span]:
            continue
        if last_name(call.func) not in _LISTS:
            continue
        evaluator.begin()
        named = evaluator.arguments(call, at)[1]
        wide = _wildcard(named)
        is_open = named.is_open or any(named.get(key) is not None for key in _EXACT)
        for place, is_filtered in () if is_open else _taken(index, at):
            if wide is not None or (is_filtered and named.get("Filters") is None):
                yield Selection(place, wide)


def _wildcard(named: Record) -> str | None:
    """Return the pattern of a filter by name, where it has one."""
    filters = named.get("Filters")
    for one in () if filters is None else alternatives(filters):
        for entry in one.items if isinstance(one, Items) else ():
            if isinstance(entry, Record) and _known(entry.get("Name")) == "launch-template-name":
                return next((text for text in _texts(entry.get("Values")) if "*" in text), None)
    return None


def _known(value: PyValue | None) -> str | None:
    return value.known if isinstance(value, Text) else None


def _texts(value: PyValue | None) -> Iterator[str]:
    for one in () if value is None else alternatives(value):
        for item in one.items if isinstance(one, Items) else ():
            if isinstance(item, Text):
                yield item.flat


def _taken(index: Index, at: Position) -> Iterator[tuple[Location, bool]]:
    """Yield the places of the scope that take the first template, and whether by its name."""
    module, scope = index.module, at.scope
    text = module.source[module.place(scope.node).span] if scope.parent else module.source.text
    if "len(" in text or "sort" in text or "max(" in text:
        return
    for node in walk(scope.node):
        taken = _source_of(node)
        held = None if taken is None else _held(taken, at, 0)
        if held is not None:
            yield module.place(node), _asks_name(held)


def _source_of(node: cst.CSTNode) -> cst.CSTNode | None:
    """Return what ``x[0]`` or ``next(x for ...)`` takes the first of."""
    if isinstance(node, cst.Subscript):
        return node.value if _is_first(node) else None
    is_next = isinstance(node, cst.Call) and last_name(node.func) == "next" and node.args
    if isinstance(node, cst.Call) and is_next:
        inner = node.args[0].value
        return inner if isinstance(inner, cst.GeneratorExp) else None
    return None


def _is_first(node: cst.Subscript) -> bool:
    part = node.slice[0].slice
    return (
        isinstance(part, cst.Index)
        and isinstance(part.value, cst.Integer)
        and (part.value.evaluated_value == 0)
    )


def _held(node: cst.CSTNode, at: Position, depth: int) -> cst.CSTNode | None:
    """Return the expression that makes a list of templates, None for any other list."""
    match node:
        case cst.Subscript():
            return node if _RESULT in _keys(node) else None
        case cst.ListComp() | cst.GeneratorExp():
            return None if _held(node.for_in.iter, at, depth) is None else node
        case cst.Call(func=cst.Attribute(attr=cst.Name("get"))):
            is_result = any(_RESULT in _string(one.value) for one in node.args)
            return node if is_result else None
        case cst.Name(name) if depth < len(_EXACT):
            bindings = at.scope.bindings.get(name, [])
            found = (_held(one.node, one.position, depth + 1) for one in bindings)
            return next((one for one in found if one is not None), None)
        case _:
            return None


def _keys(node: cst.Subscript) -> str:
    part = node.slice[0].slice
    return _string(part.value) if isinstance(part, cst.Index) else ""


def _string(node: cst.CSTNode) -> str:
    return str(node.evaluated_value) if isinstance(node, cst.SimpleString) else ""


def _asks_name(node: cst.CSTNode) -> bool:
    """Whether a list is narrowed by a part of the name."""
    tests = [test.test for one in walk(node) if isinstance(one, cst.CompFor) for test in one.ifs]
    return any(_is_partial(test) for test in tests)


def _is_partial(test: cst.BaseExpression) -> bool:
    """Whether a test looks at a part of the name: its start, or a word in it."""
    parts = list(walk(test))
    names = any(_string(one) == _NAME for one in parts)
    is_part = any(
        isinstance(one, cst.In)
        or (isinstance(one, cst.Name) and one.value in {"startswith", "match", "search"})
        for one in parts
    )
    return names and is_part
