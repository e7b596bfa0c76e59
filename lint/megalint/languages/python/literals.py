"""Literals of Python, and operators on them."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from megalint.languages.python.formatting import percent, text_of
from megalint.languages.python.parse import Module
from megalint.languages.python.values import Items, Number, OneOf, Open, PyValue, Record, one_of
from megalint.source import Location, Span
from megalint.text import Text, joined

Inner = Callable[[cst.CSTNode], PyValue]


def value(node: cst.CSTNode, module: Module, inner: Inner) -> PyValue:
    """Return the value of a literal, display or operator."""
    match node:
        case cst.SimpleString():
            return _string(node, module)
        case cst.ConcatenatedString():
            parts = (node.left, node.right)
            return joined(text_of(inner(one), module.place(one)) for one in parts)
        case cst.FormattedString():
            return joined(_formatted(node, module, inner))
        case cst.Integer() | cst.Float():
            return Number(node.evaluated_value, module.place(node))
        case cst.List() | cst.Tuple() | cst.Set():
            return _items(node, inner)
        case cst.Dict():
            return _record(node, inner)
        case cst.BinaryOperation():
            return _binary(node, module, inner)
        case _:
            return Open("a computed value")


def dotted(node: cst.CSTNode | None) -> str:
    """Return ``a.b.c`` as text."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _string(node: cst.SimpleString, module: Module) -> PyValue:
    text = node.evaluated_value
    if not isinstance(text, str):
        return Open("bytes")
    place = module.place(node)
    start = place.span.start + len(node.prefix) + len(node.quote)
    inner = Location(place.source, Span(start, place.span.end - len(node.quote)))
    return Text.literal(text, inner if inner.text == text else place)


def _formatted(node: cst.FormattedString, module: Module, inner: Inner) -> list[Text]:
    found: list[Text] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            written = part.value.replace("{{", "{").replace("}}", "}")
            found.append(Text.literal(written, module.place(part)))
        elif isinstance(part, cst.FormattedStringExpression):
            found.append(text_of(inner(part.expression), module.place(part)))
    return found


def _items(node: cst.List | cst.Tuple | cst.Set, inner: Inner) -> PyValue:
    found: list[PyValue] = []
    is_open = False
    for element in node.elements:
        one = inner(element.value)
        if not isinstance(element, cst.StarredElement):
            found.append(one)
        elif isinstance(one, Items):
            found += one.items
            is_open = is_open or one.is_open
        else:
            is_open = True
    return Items(tuple(found), is_open)


def _record(node: cst.Dict, inner: Inner) -> PyValue:
    record = Record(())
    for element in node.elements:
        if isinstance(element, cst.StarredDictElement):
            record = merged(record, inner(element.value))
        elif isinstance(element, cst.DictElement):
            key = inner(element.key)
            name = key.known if isinstance(key, Text) else None
            if name is None:
                record = Record(record.entries, is_open=True)
            else:
                record = record.set(name, inner(element.value))
    return record


def merged(record: Record, other: PyValue) -> Record:
    """Return *record* with the entries of *other*, which may not be known."""
    if isinstance(other, OneOf):
        return _merged_with_one(record, other)
    if not isinstance(other, Record):
        return Record(record.entries, is_open=True)
    for key, one in other.entries:
        record = record.set(key, one)
    return Record(record.entries, record.is_open or other.is_open)


def _merged_with_one(record: Record, other: OneOf) -> Record:
    """Return *record* with each key as any of the alternatives leaves it."""
    options = [merged(record, one) for one in other.alternatives]
    keys = dict.fromkeys(key for one in options for key, _ in one.entries)
    entries = ((key, [found for one in options if (found := one.get(key))]) for key in keys)
    is_open = any(one.is_open or len(one.entries) < len(keys) for one in options)
    return Record(tuple((key, one_of(found)) for key, found in entries), is_open)


def _binary(node: cst.BinaryOperation, module: Module, inner: Inner) -> PyValue:
    left, right = inner(node.left), inner(node.right)
    match node.operator, left, right:
        case cst.Add(), Text(), _:
            return left + text_of(right, module.place(node.right))
        case cst.Add(), _, Text():
            return text_of(left, module.place(node.left)) + right
        case cst.Modulo(), Text(), _:
            values = right.items if isinstance(right, Items) else (right,)
            named = right if isinstance(right, Record) else Record(())
            return percent(left, values, named, module.place(node))
        case cst.Add(), Items(), Items():
            return Items((*left.items, *right.items), left.is_open or right.is_open)
        case cst.Add(), Items(), _:
            return Items(left.items, is_open=True)
        case cst.BitOr(), Record(), _:
            return merged(left, right)
        case _:
            return Open("a computed value")
