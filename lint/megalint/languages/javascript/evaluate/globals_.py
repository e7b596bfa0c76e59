"""The names that every program sees, and the functions behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript.evaluate.arithmetic import joined
from megalint.languages.javascript.evaluate.host import Realm
from megalint.languages.javascript.evaluate.natives import STATICS, array_of, promise, same, url
from megalint.languages.javascript.evaluate.objects import (
    CALL_KEY,
    UNDEFINED,
    External,
    JsValue,
    Native,
    NativeFunction,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import deep_flows, flows_of
from megalint.languages.javascript.evaluate.truth import truth
from megalint.source import Location, Source, Span
from megalint.values import Known, Unknown

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter

Arguments = tuple[JsValue, ...]

_BROWSER_ONLY = frozenset(
    {"window", "document", "navigator", "localStorage", "sessionStorage", "self"}
)
_GLOBAL_OBJECT = frozenset({"globalThis", "global", "window", "self"})


def lookup(name: str, interpreter: Interpreter, context: Context) -> JsValue:
    """Return the global called *name*."""
    if name == "require":
        return NativeFunction("require", _require(context))
    if name in _BROWSER_ONLY and interpreter.realm is Realm.SERVER:
        return UNDEFINED if name == "window" else External(("globalThis", name))
    return member(name)


def member(name: str) -> JsValue:
    """Return what ``globalThis`` holds as *name*."""
    if name in _GLOBAL_OBJECT:
        return External(("globalThis",))
    if name == "process":
        return External(("process",))
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    if name in _FUNCTIONS:
        return NativeFunction(name, _FUNCTIONS[name])
    if name in STATICS:
        return _NAMESPACES[name]
    return External(("globalThis", name))


def type_of(interpreter: Interpreter, name: str) -> str | None:
    """Return what ``typeof name`` says of a global, or None where it is not known."""
    if name in _BROWSER_ONLY or name == "EdgeRuntime":
        is_there = interpreter.realm is Realm.BROWSER and name != "EdgeRuntime"
        return "object" if is_there else "undefined"
    if name in {"globalThis", "process", "global"}:
        return "object"
    return "function" if name in _FUNCTIONS or name in STATICS or name == "fetch" else None


def load(interpreter: Interpreter, specifier: JsValue, context: Context) -> JsValue:
    """Return the module that ``require`` or ``import()`` gives."""
    if not isinstance(specifier, Known) or not isinstance(specifier.value, str):
        return External(("a module whose name is not known",), (), deep_flows(specifier))
    target = interpreter.host.resolve(specifier.value, context.source)
    if not isinstance(target, Source):
        return target
    return interpreter.namespace(target, Location(context.source, Span(0, 0)))


def _require(context: Context) -> Callable[[Interpreter, JsValue, Arguments, Location], JsValue]:
    def run(interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location) -> JsValue:
        return load(interpreter, arguments[0] if arguments else UNDEFINED, context)

    return run


def _string(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    return joined(arguments[:1])


def _boolean(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    value = arguments[0] if arguments else UNDEFINED
    known = truth(value)
    return Unknown("a test of an unknown value", flows_of(value)) if known is None else Known(known)


def _number(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    value = arguments[0] if arguments else Known(0)
    if isinstance(value, Known):
        try:
            return Known(float(str(value.value)), value.flows)
        except ValueError:
            return Known(float("nan"), value.flows)
    return Unknown("a number read from text", deep_flows(value))


_CONSTANTS: Final[dict[str, JsValue]] = {
    "undefined": UNDEFINED,
    "NaN": Known(float("nan")),
    "Infinity": Known(float("inf")),
}
_FUNCTIONS: Final = {
    "URL": url,
    "String": _string,
    "encodeURI": same,
    "encodeURIComponent": same,
    "decodeURI": same,
    "decodeURIComponent": same,
    "structuredClone": same,
    "Boolean": _boolean,
    "Number": _number,
    "parseInt": _number,
    "parseFloat": _number,
}
_CALLS: Final[dict[str, Native]] = {"Promise": promise, "Array": array_of, "Object": same}


def _namespace(name: str) -> ObjectValue:
    members = {key: NativeFunction(f"{name}.{key}", run) for key, run in STATICS[name].items()}
    value = ObjectValue(dict(members))
    if name in _CALLS:
        value.properties[CALL_KEY] = NativeFunction(name, _CALLS[name])
    return value


_NAMESPACES: Final = {name: _namespace(name) for name in STATICS}
