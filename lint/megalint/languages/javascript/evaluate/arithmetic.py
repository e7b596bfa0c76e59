"""Operators on scalars and on text that is only partly known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Final

from megalint.languages.javascript.evaluate.objects import (
    ArrayValue,
    Either,
    EnvironmentName,
    External,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import (
    deep_flows,
    either,
    flows_of,
    with_flows,
)
from megalint.languages.javascript.evaluate.truth import equal, written
from megalint.values import Choice, EnvRead, Joined, Known, Unknown, Value, merge

MAX_PARTS = 64
MAX_WAYS: Final = 64
MAX_LENGTH: Final = 100_000
"""Of text that is put together; a loop that doubles one would fill any memory."""

_EQUALITY: Final = {
    "===": (True, True),
    "==": (False, True),
    "!==": (True, False),
    "!=": (False, False),
}
_NUMERIC: Final[dict[str, Callable[[float, float], float | bool]]] = {
    "-": operator.sub,
    "+": operator.add,
    "*": operator.mul,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def joined(parts: Iterable[JsValue]) -> JsValue:
    """Return the text that *parts* make together; known neighbours are merged."""
    found: list[Value] = []
    extra: list[JsValue] = []
    for part in parts:
        for piece in _pieces(part, extra):
            last = found[-1] if found else None
            if isinstance(piece, Known) and isinstance(last, Known):
                text = written(last.value) + written(piece.value)
                if len(text) > MAX_LENGTH:
                    return Unknown("text that is too long", merge(last.flows, piece.flows))
                found[-1] = Known(text, merge(last.flows, piece.flows))
            elif piece != Known(""):
                found.append(
                    Known(written(piece.value), piece.flows) if isinstance(piece, Known) else piece
                )
    flows = merge(*(piece.flows for piece in found), deep_flows(*extra))
    if not found:
        return Known("", flows)
    if len(found) == 1 and isinstance(found[0], Known | EnvRead):
        return with_flows(found[0], flows)
    if len(found) > MAX_PARTS:
        return Unknown("text of too many parts", flows)
    return Joined(tuple(found), flows)


def _pieces(part: JsValue, extra: list[JsValue]) -> tuple[Value, ...]:
    match part:
        case Joined(parts):
            return parts
        case Known() | EnvRead() | Unknown():
            return (part,)
        case Either(alternatives, flows):
            texts = [joined((alternative,)) for alternative in alternatives]
            scalars = [one for one in texts if isinstance(one, Known | EnvRead | Joined | Unknown)]
            return (Choice(tuple(scalars), merge(flows, *(one.flows for one in scalars))),)
        case External(path, _, flows):
            return (Unknown(f"made by {path[0]}" if path else "made elsewhere", flows),)
        case ArrayValue(elements, ()):
            return tuple(
                piece
                for place, element in enumerate(elements)
                for piece in ((Known(","),) if place else ()) + _pieces(element, extra)
            )
        case EnvironmentName():
            return (Unknown("the name of some variable"),)
        case ObjectValue() if "href" in part.properties:
            return _pieces(part.properties["href"], extra)
        case _:
            extra.append(part)
            return (Unknown("an object as text"),)


def add(left: JsValue, right: JsValue) -> JsValue:
    """Return ``left + right``; each way is followed where there are few."""
    if ways(left) * ways(right) > MAX_WAYS:
        return joined((left, right))
    if isinstance(left, Either):
        return either((add(one, right) for one in left.alternatives), left.flows)
    if isinstance(right, Either):
        return either((add(left, one) for one in right.alternatives), right.flows)
    numbers = _numbers(left, right)
    if numbers is not None:
        return Known(numbers[0] + numbers[1], merge(flows_of(left), flows_of(right)))
    if isinstance(left, Known | Joined | EnvRead) or isinstance(right, Known | Joined | EnvRead):
        return joined((left, right))
    return Unknown("a sum of unknown values", merge(deep_flows(left), deep_flows(right)))


def ways(value: JsValue) -> int:
    """Return how many values an expression may have, those of inner choices among them."""
    return sum(map(ways, value.alternatives)) if isinstance(value, Either) else 1


def _numbers(left: JsValue, right: JsValue) -> tuple[float, float] | None:
    if isinstance(left, Known) and isinstance(right, Known):
        one, other = left.value, right.value
        if _is_number(one) and _is_number(other):
            assert isinstance(one, int | float)
            assert isinstance(other, int | float)
            return one, other
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def compute(name: str, left: JsValue, right: JsValue) -> JsValue:
    """Return what a binary operator other than ``+`` on text gives."""
    flows = merge(deep_flows(left), deep_flows(right))
    if name in _EQUALITY:
        is_strict, wanted = _EQUALITY[name]
        known = _equal(left, right, is_strict=is_strict)
        return (
            Unknown("a comparison of unknown values", flows)
            if known is None
            else Known(known is wanted, flows)
        )
    numbers = _numbers(left, right)
    if numbers is not None and name in _NUMERIC:
        return Known(_NUMERIC[name](*numbers), flows)
    return Unknown("arithmetic on unknown values", flows)


def _equal(left: JsValue, right: JsValue, *, is_strict: bool) -> bool | None:
    if isinstance(left, Either):
        found = {_equal(one, right, is_strict=is_strict) for one in left.alternatives}
        return found.pop() if len(found) == 1 else None
    if isinstance(right, Either):
        return _equal(right, left, is_strict=is_strict)
    return equal(left, right, is_strict)
