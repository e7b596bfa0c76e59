"""Static functions of ``Object``, ``Array``, ``Promise`` and their like, and the URL class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from megalint.languages.javascript.evaluate import access
from megalint.languages.javascript.evaluate.arithmetic import joined
from megalint.languages.javascript.evaluate.objects import (
    ANY_KEY,
    UNDEFINED,
    ArrayValue,
    Either,
    EnvironmentName,
    EnvironmentValue,
    External,
    JsValue,
    Native,
    NativeFunction,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import deep_flows, either, with_flows
from megalint.source import Location
from megalint.values import EnvRead, Flows, Form, Known, Unknown, text

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Interpreter

Arguments = tuple[JsValue, ...]


def _first(arguments: Arguments) -> JsValue:
    return arguments[0] if arguments else UNDEFINED


def same(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    """Return the argument."""
    return _first(arguments)


# --- Object --------------------------------------------------------------------------------


def _keys(interpreter: Interpreter, _: JsValue, arguments: Arguments, __: Location) -> JsValue:
    return access.keys(interpreter, _first(arguments))


def _values(interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location) -> JsValue:
    value = _first(arguments)
    match value:
        case ObjectValue():
            items = dict(value.properties)
            rest = (items.pop(ANY_KEY),) if ANY_KEY in items else ()
            return ArrayValue(tuple(items.values()), rest)
        case ArrayValue():
            return value
        case Either(alternatives, flows):
            return either(
                (_values(interpreter, UNDEFINED, (one,), site) for one in alternatives), flows
            )
        case _:
            return ArrayValue((), (External(("a value",), (value,), deep_flows(value)),))


def _entries(interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location) -> JsValue:
    value = _first(arguments)
    match value:
        case ObjectValue():
            pairs = [
                ArrayValue((Known(key), item))
                for key, item in value.properties.items()
                if key != ANY_KEY
            ]
            more = value.properties.get(ANY_KEY)
            rest = () if more is None else (ArrayValue((Unknown("a key"), more)),)
            return ArrayValue(tuple(pairs), rest)
        case EnvironmentValue():
            read = interpreter.read("*", Form.COMPUTED, site)
            return ArrayValue((), (ArrayValue((EnvironmentName(), read)),))
        case Either(alternatives, flows):
            return either(
                (_entries(interpreter, UNDEFINED, (one,), site) for one in alternatives), flows
            )
        case _:
            part = External(("an entry",), (value,), deep_flows(value))
            return ArrayValue((), (ArrayValue((Unknown("a key"), part)),))


def _assign(interpreter: Interpreter, _: JsValue, arguments: Arguments, __: Location) -> JsValue:
    target = _first(arguments)
    if isinstance(target, ObjectValue):
        for value in arguments[1:]:
            access.copy_into(interpreter, target, value)
    return target


def _from_entries(
    interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    result = ObjectValue(location=site)
    known, maybe = access.items(interpreter, _first(arguments))
    for pair in (*known, *maybe):
        key = access.element(interpreter, pair, 0)
        value = access.element(interpreter, pair, 1)
        is_certain = any(pair is one for one in known) and isinstance(key, Known)
        access.put_index(
            interpreter, result, key if is_certain else Unknown("a key", deep_flows(key)), value
        )
    return result


def _create(_: Interpreter, __: JsValue, arguments: Arguments, site: Location) -> JsValue:
    prototype = _first(arguments)
    return ObjectValue(
        prototype=prototype if isinstance(prototype, ObjectValue) else None, location=site
    )


def _define_property(
    interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    if len(arguments) > 2:  # noqa: PLR2004 - target, key, descriptor
        value = interpreter.get(arguments[2], "value", site)
        if value == UNDEFINED:
            getter = interpreter.get(arguments[2], "get", site)
            value = UNDEFINED if getter == UNDEFINED else interpreter.call(getter, (), site)
        access.put_index(interpreter, arguments[0], arguments[1], value)
    return _first(arguments)


def _has_own(interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location) -> JsValue:
    return access.has(interpreter, _first(arguments), _first(arguments[1:]), site)


def _reflect_get(
    interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    return access.index(interpreter, _first(arguments), _first(arguments[1:]), site)


# --- Array ---------------------------------------------------------------------------------


def _array_from(
    interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    known, maybe = access.items(interpreter, _first(arguments))
    result: JsValue = ArrayValue(tuple(known), tuple(maybe))
    if len(arguments) > 1:
        mapper = interpreter.get(result, "map", site)
        result = interpreter.call(mapper, (arguments[1],), site, result)
    return result


def array_of(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    """Return an array of the arguments."""
    return ArrayValue(arguments)


def _is_array(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    value = _first(arguments)
    if isinstance(value, ArrayValue):
        return Known(True)
    if isinstance(value, Known | ObjectValue):
        return Known(False)
    return Unknown("whether it is an array", deep_flows(value))


# --- Promise and JSON ----------------------------------------------------------------------


def _settled(interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location) -> JsValue:
    known, maybe = access.items(interpreter, _first(arguments))
    wrapped = [
        ObjectValue({"status": Unknown("a status"), "value": one}, location=site)
        for one in (*known, *maybe)
    ]
    return ArrayValue(tuple(wrapped[: len(known)]), tuple(wrapped[len(known) :]))


def _any_of(interpreter: Interpreter, _: JsValue, arguments: Arguments, __: Location) -> JsValue:
    known, maybe = access.items(interpreter, _first(arguments))
    return either((*known, *maybe))


def _reject(_: Interpreter, __: JsValue, ___: Arguments, ____: Location) -> JsValue:
    return UNDEFINED


def _parse(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    value = _first(arguments)
    return External(("JSON.parse()",), (value,), deep_flows(value))


def _stringify(_: Interpreter, __: JsValue, arguments: Arguments, ___: Location) -> JsValue:
    return Unknown("JSON of a value", deep_flows(_first(arguments)))


def promise(interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location) -> JsValue:
    """Return what ``new Promise(executor)`` resolves to."""
    found = ArrayValue()

    def resolve(
        interpreter: Interpreter, _: JsValue, arguments: Arguments, __: Location
    ) -> JsValue:
        value = with_flows(_first(arguments), interpreter.journal.control())
        interpreter.journal.fill(found, (*found.elements, value), ())
        return UNDEFINED

    executor = _first(arguments)
    interpreter.call(
        executor, (NativeFunction("resolve", resolve), NativeFunction("reject", _reject)), site
    )
    return either(found.elements) if found.elements else External(("a promise",), (executor,))


# --- URL -----------------------------------------------------------------------------------


def url(_: Interpreter, __: JsValue, arguments: Arguments, site: Location) -> JsValue:
    """Return ``new URL(path, base)``: its ``href`` is text as far as it is known."""
    path, base = joined(arguments[:1]), _first(arguments[1:])
    href = path if base == UNDEFINED else _resolved(path, joined((base,)))
    flows = deep_flows(href)
    parts = ("origin", "host", "hostname", "protocol", "port", "pathname", "search", "hash")
    result = ObjectValue(
        {name: Unknown(f"the {name} of a URL", flows) for name in parts}, location=site
    )
    result.properties["href"] = href
    if isinstance(href, Known) and isinstance(href.value, str):
        _split_known(result, href.value, flows)
    result.properties["searchParams"] = External(("URLSearchParams",), (), flows)
    return result


def _split_known(result: ObjectValue, href: str, flows: Flows) -> None:
    try:
        parts = urlsplit(href)
    except ValueError:
        return
    for name, value in (
        ("origin", f"{parts.scheme}://{parts.netloc}"),
        ("protocol", f"{parts.scheme}:"),
        ("host", parts.netloc),
        ("pathname", parts.path or "/"),
        ("search", f"?{parts.query}" if parts.query else ""),
    ):
        result.properties[name] = Known(value, flows)


def _resolved(path: JsValue, base: JsValue) -> JsValue:
    known_path = text(path) if isinstance(path, Known) else None
    known_base = text(base) if isinstance(base, Known) else None
    flows = deep_flows(path, base)
    if known_path is not None and known_base is not None:
        return Known(urljoin(known_base, known_path), flows)
    if known_path is not None and known_path.startswith(("http://", "https://")):
        return with_flows(path, flows)
    return (
        with_flows(joined((base, path)), flows)
        if isinstance(base, EnvRead | Known)
        else joined((base, path))
    )


STATICS: Final[dict[str, dict[str, Native]]] = {
    "Object": {
        "keys": _keys,
        "getOwnPropertyNames": _keys,
        "values": _values,
        "entries": _entries,
        "assign": _assign,
        "fromEntries": _from_entries,
        "freeze": same,
        "seal": same,
        "preventExtensions": same,
        "create": _create,
        "defineProperty": _define_property,
        "hasOwn": _has_own,
    },
    "Array": {"from": _array_from, "of": array_of, "isArray": _is_array},
    "Promise": {
        "resolve": same,
        "all": same,
        "allSettled": _settled,
        "any": _any_of,
        "race": _any_of,
        "reject": _reject,
    },
    "Reflect": {"get": _reflect_get, "has": _has_own, "ownKeys": _keys},
    "JSON": {"parse": _parse, "stringify": _stringify},
}
