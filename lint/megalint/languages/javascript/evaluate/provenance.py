"""Which environment reads a value depends on, and values joined and labelled accordingly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec.structs import replace

from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ArrayValue,
    Either,
    ElementValue,
    EnvironmentName,
    EnvironmentValue,
    External,
    FunctionValue,
    JsValue,
    NativeFunction,
    ObjectValue,
)
from megalint.source import Location
from megalint.values import (
    Choice,
    EnvRead,
    Flows,
    Joined,
    Known,
    Record,
    Sequence,
    Unknown,
    Value,
    merge,
)

MAX_ALTERNATIVES = 12
MAX_SEEN = 64
MAX_DEPTH = 12
MAX_PARTS = 600
_FLAT = (Known, EnvRead, Joined, Unknown)


def flows_of(value: JsValue) -> Flows:
    """Return what *value* itself depends on, without looking into objects."""
    match value:
        case Either(alternatives, flows):
            return merge(flows, *(flows_of(alternative) for alternative in alternatives))
        case Known() | EnvRead() | Joined() | Unknown() | External() | EnvironmentValue():
            return value.flows
        case _:
            return ()


def deep_flows(*values: JsValue) -> Flows:
    """Return what *values* and everything inside them depend on; functions are not called."""
    if not values:
        return ()
    if all(isinstance(value, _FLAT) for value in values):
        return merge(*map(flows_of, values)) if len(values) > 1 else flows_of(values[0])
    return merge(*(flows_of(value) for value in parts(values, in_externals=False)))


def parts(values: Iterable[JsValue], *, in_externals: bool = True) -> Iterator[JsValue]:
    """Yield *values* and, once each, what they hold; the bodies of functions are not looked at.

    An external's flows cover those of its inputs, so that whoever wants flows alone can do
    without them.
    """
    pending = [(value, 0) for value in values]
    seen: set[int] = set()
    while pending and len(seen) < MAX_PARTS:
        value, depth = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if depth < MAX_DEPTH and (in_externals or not isinstance(value, External)):
            pending.extend((child, depth + 1) for child in _children(value))


def _children(value: JsValue) -> Iterable[JsValue]:
    kind = type(value)
    if kind in _FLAT:
        return ()
    match value:
        case Either(alternatives):
            return alternatives
        case External(inputs=inputs):
            return inputs
        case ArrayValue(elements, rest):
            return (*elements, *rest)
        case ElementValue(tag, properties):
            return (tag, properties)
        case ObjectValue():
            return value.properties.values()
        case _:
            return ()


def functions_in(values: Iterable[JsValue]) -> Iterator[FunctionValue | NativeFunction]:
    """Yield the functions that *values* hold."""
    for value in parts(values):
        if isinstance(value, FunctionValue):
            yield value


def with_flows(value: JsValue, flows: Flows) -> JsValue:
    """Return *value*, which now also depends on *flows*."""
    if not flows:
        return value
    match value:
        case (
            Known() | EnvRead() | Joined() | Unknown() | External() | EnvironmentValue() | Either()
        ):
            merged = merge(value.flows, flows)
            return value if len(merged) == len(value.flows) else replace(value, flows=merged)
        case _:
            return Either((value,), flows)


def via(value: JsValue, step: Location) -> JsValue:
    """Return *value* with *step* added to the road of every flow it has."""
    match value:
        case Known() | EnvRead() | Joined() | Unknown() | External() | Either() if value.flows:
            return replace(value, flows=tuple(flow.via(step) for flow in value.flows))
        case _:
            return value


def either(values: Iterable[JsValue], flows: Flows = ()) -> JsValue:
    """Return one of *values*, chosen by what *flows* read; equal ones count once."""
    found: list[JsValue] = []
    for value in islice(_flattened(values), MAX_SEEN):
        if len(found) > MAX_ALTERNATIVES or not any(_is_same(value, one) for one in found):
            found.append(value)
    if not found:
        return with_flows(UNDEFINED, flows)
    if len(found) == 1:
        return with_flows(found[0], flows)
    if len(found) > MAX_ALTERNATIVES:
        rest = found[MAX_ALTERNATIVES:]
        found[MAX_ALTERNATIVES:] = [
            External(("too many alternatives",), tuple(rest), deep_flows(*rest))
        ]
    return Either(tuple(found), flows)


def _flattened(values: Iterable[JsValue]) -> Iterator[JsValue]:
    for value in values:
        if isinstance(value, Either) and not value.flows:
            yield from value.alternatives
        else:
            yield value


def _is_same(one: JsValue, other: JsValue) -> bool:
    if isinstance(one, Known) and isinstance(other, Known):
        # Python takes 1 and True for equal
        return type(one.value) is type(other.value) and one == other
    if isinstance(one, EnvRead | Joined | Unknown):
        return type(one) is type(other) and one == other
    return one is other


def alternatives(value: JsValue) -> tuple[JsValue, ...]:
    """Return the values that *value* may be, nested choices flattened."""
    if isinstance(value, Either):
        return tuple(
            with_flows(leaf, value.flows)
            if not isinstance(leaf, ObjectValue | ArrayValue | ElementValue)
            else leaf
            for alternative in value.alternatives
            for leaf in alternatives(alternative)
        )
    return (value,)


def to_value(value: JsValue, depth: int = 0) -> Value:
    """Return *value* as a value of the common domain; what has no place there is Unknown."""
    if depth > MAX_DEPTH:
        return Unknown("nested too deeply")
    match value:
        case Known() | EnvRead() | Joined() | Unknown():
            return value
        case Either(options, flows):
            return Choice(tuple(to_value(option, depth + 1) for option in options), flows)
        case ArrayValue(elements, ()):
            return Sequence(tuple(to_value(element, depth + 1) for element in elements))
        case FunctionValue() | NativeFunction():
            return Unknown("a function")
        case ObjectValue():
            entries = value.properties.items()
            return Record(tuple((key, to_value(item, depth + 1)) for key, item in entries))
        case External(path, _, flows):
            return Unknown(f"made by {path[0]}" if path else "made elsewhere", flows)
        case EnvironmentValue() | EnvironmentName():
            return Unknown("the whole environment")
        case _:
            return Unknown("more than one kind of thing", deep_flows(value))
