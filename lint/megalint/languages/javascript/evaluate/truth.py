"""What tests of values come to: true, false, or not known."""

from __future__ import annotations

from megalint.languages.javascript.evaluate.objects import (
    ArrayValue,
    Either,
    ElementValue,
    EnvironmentValue,
    JsValue,
    NativeFunction,
    ObjectValue,
)
from megalint.values import EnvRead, Joined, Known, Scalar, Undefined

THINGS = (ObjectValue, ArrayValue, ElementValue, NativeFunction, EnvironmentValue)


def truth(value: JsValue) -> bool | None:
    """Return whether *value* counts as true, or None where it may be either."""
    match value:
        case Known(known):
            return is_truthy(known)
        case Joined(parts):
            return True if any(truth(part) for part in parts if isinstance(part, Known)) else None
        case Either(alternatives):
            found = {truth(alternative) for alternative in alternatives}
            return found.pop() if len(found) == 1 else None
        case EnvRead(default=Known(default)) if is_truthy(default):
            return None
        case _:
            return True if isinstance(value, THINGS) else None


def is_truthy(scalar: Scalar) -> bool:
    """Return whether JavaScript takes *scalar* for true."""
    return scalar is not Undefined.UNDEFINED and bool(scalar) and scalar == scalar  # noqa: PLR0124 - NaN


def is_nullish(value: JsValue) -> bool | None:
    """Return whether *value* is null or undefined, or None where it may be."""
    match value:
        case Known(known):
            return known is None or known is Undefined.UNDEFINED
        case Joined():
            return False
        case Either(alternatives):
            found = {is_nullish(alternative) for alternative in alternatives}
            return found.pop() if len(found) == 1 else None
        case _:
            return False if isinstance(value, THINGS) else None


def type_name(value: JsValue) -> str | None:
    """Return what ``typeof`` says, or None where it is not known."""
    match value:
        case Known(known):
            return _scalar_type(known)
        case Joined():
            return "string"
        case NativeFunction():
            return "function"
        case ObjectValue() if hasattr(value, "syntax"):
            return "function"
        case Either(alternatives):
            found = {type_name(alternative) for alternative in alternatives}
            return found.pop() if len(found) == 1 else None
        case _:
            return "object" if isinstance(value, THINGS) else None


def _scalar_type(scalar: Scalar) -> str:
    if scalar is Undefined.UNDEFINED:
        return "undefined"
    if isinstance(scalar, bool):
        return "boolean"
    if isinstance(scalar, str):
        return "string"
    return "object" if scalar is None else "number"


def equal(left: JsValue, right: JsValue, is_strict: bool) -> bool | None:
    """Return what ``===`` or ``==`` says, or None where it is not known."""
    if isinstance(left, Known) and isinstance(right, Known):
        if not is_strict and {left.value, right.value} <= {None, Undefined.UNDEFINED}:
            return True
        return type(left.value) is type(right.value) and left.value == right.value
    for one, other in ((left, right), (right, left)):
        if isinstance(one, THINGS) and isinstance(other, (Known, *THINGS)):
            return one is other
    return None


def written(scalar: Scalar) -> str:
    """Return *scalar* as JavaScript writes it into a string."""
    if scalar is None:
        return "null"
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    if isinstance(scalar, float) and scalar.is_integer():
        return str(int(scalar))
    return scalar.value if isinstance(scalar, Undefined) else str(scalar)
