"""Methods of strings, arrays, functions and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from megalint.languages.javascript.evaluate import access, array_methods, string_methods
from megalint.languages.javascript.evaluate.arithmetic import joined
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ArrayValue,
    ClassValue,
    EnvironmentName,
    External,
    FunctionValue,
    JsValue,
    Native,
    NativeFunction,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import either
from megalint.source import Location
from megalint.values import EnvRead, Joined, Known, Unknown

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Interpreter

TEXT = (EnvRead, Joined, Unknown, EnvironmentName)
Arguments = tuple[JsValue, ...]


def find(value: JsValue, key: str) -> NativeFunction | None:
    """Return the method *key* of *value*, or None where it has none of its own."""
    run = _find(value, key)
    return None if run is None else NativeFunction(key, run)


def _find(value: JsValue, key: str) -> Native | None:
    if key == "then":
        return _then
    if isinstance(value, External):
        return None
    if isinstance(value, ArrayValue):
        return array_methods.METHODS.get(key) or _PROMISE.get(key)
    if isinstance(value, TEXT):
        return string_methods.METHODS.get(key) or _PROMISE.get(key)
    if isinstance(value, Known) and isinstance(value.value, str | int | float):
        return string_methods.METHODS.get(key)
    if isinstance(value, FunctionValue | ClassValue | NativeFunction) and key in _FUNCTION:
        return _FUNCTION[key]
    return (_OBJECT.get(key) or _PROMISE.get(key)) if isinstance(value, ObjectValue) else None


def _then(interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location) -> JsValue:
    return interpreter.call(arguments[0] if arguments else UNDEFINED, (this,), site)


def _catch(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    callback = arguments[0] if arguments else UNDEFINED
    return either((this, interpreter.call(callback, (External(("an exception",)),), site)))


def _finally(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    interpreter.call(arguments[0] if arguments else UNDEFINED, (), site)
    return this


def _call(interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location) -> JsValue:
    receiver = arguments[0] if arguments else UNDEFINED
    return interpreter.call(this, arguments[1:], site, receiver)


def _apply(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    receiver = arguments[0] if arguments else UNDEFINED
    known, maybe = access.items(interpreter, arguments[1]) if len(arguments) > 1 else ([], [])
    return interpreter.call(this, (*known, *maybe), site, receiver)


def _bind(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    receiver = arguments[0] if arguments else UNDEFINED
    first = arguments[1:]

    def run(
        interpreter: Interpreter, ___: JsValue, arguments: Arguments, site: Location
    ) -> JsValue:
        return interpreter.call(this, (*first, *arguments), site, receiver)

    return NativeFunction("bound", run)


def _has_own(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    return access.has(interpreter, this, arguments[0] if arguments else UNDEFINED, site)


def _to_string(_: Interpreter, this: JsValue, __: Arguments, ___: Location) -> JsValue:
    return joined((this,))


def _itself(_: Interpreter, this: JsValue, __: Arguments, ___: Location) -> JsValue:
    return this


_PROMISE: Final[dict[str, Native]] = {"catch": _catch, "finally": _finally}
_FUNCTION: Final[dict[str, Native]] = {"call": _call, "apply": _apply, "bind": _bind}
_OBJECT: Final[dict[str, Native]] = {
    "hasOwnProperty": _has_own,
    "toString": _to_string,
    "toJSON": _to_string,
    "valueOf": _itself,
}
