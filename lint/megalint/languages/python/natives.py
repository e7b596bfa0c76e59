"""What Python and its library do with values: builtins, methods of text and dicts, arguments."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterable, Mapping
from typing import Final

import libcst as cst

from megalint.languages.python.formatting import braces
from megalint.languages.python.scopes import parameters
from megalint.languages.python.values import (
    Coded,
    Fallback,
    Items,
    Method,
    Namespace,
    Nothing,
    Number,
    OneOf,
    Open,
    PyValue,
    Record,
    one_of,
)
from megalint.source import Location
from megalint.text import Text
from megalint.values import Unknown

BUILTINS: Final = frozenset(dir(builtins))
_SAME: Final = frozenset({"list", "tuple", "set", "sorted", "reversed", "frozenset", "iter"})
_ENVIRONMENT: Final = frozenset({"os.environ.get", "os.getenv", "environ.get", "getenv"})
_TEXT: Final = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "casefold"})
_SUBMITS: Final = frozenset({"partial", "functools.partial", "asyncio.to_thread", "to_thread"})
_SUBMIT_METHODS: Final = frozenset({"submit", "run_in_executor", "spawn"})
_READS: Final = frozenset({"get", "pop", "getenv", "items", "values", "keys"})
_KEEPING: Final = _TEXT | {"replace", "decode", "encode", "format", "expandtabs"}
_SUBJECT: Final = 2
_DATA: Final = "the entry LaunchTemplateData"
_OPENERS: Final = frozenset({"get_paginator", "paginator"})
Arguments = tuple[tuple[PyValue, ...], Record]


def called(
    value: PyValue, positional: tuple[PyValue, ...], named: Record, place: Location
) -> PyValue:
    """Return what a call of something outside of the checkout gives."""
    first = positional[0] if positional else None
    match value:
        case Namespace(name) if name in _SUBMITS:
            return _partial(first, named)
        case Namespace(name):
            return _builtin(name, positional, named, place)
        case Method() if value.name in _READS:
            return _read(value, positional)
        case Method("copy", Record() | Items() as same):
            return same
        case Method(name, Text() as text) if name in _TEXT:
            return text
        case Method("format", Text() as text):
            return braces(text, positional, named, place)
        case Method(name, Coded() as coded) if name in _KEEPING:
            return coded
        case Method(name) if name in _OPENERS and isinstance(first, Text) and first.known:
            return Method(first.known, value)
        case Method(name) if name in _SUBMIT_METHODS:
            given = (one for one in positional if isinstance(one, Method))
            return _partial(next(given, None), named)
        case _:
            return Open("what a call returns")


def _read(method: Method, positional: tuple[PyValue, ...]) -> PyValue:
    """Return what a dict, or something like one, holds."""
    first = positional[0] if positional else None
    match method:
        case Method("get" | "pop", Record() as record) if first is not None:
            return _entry(record, first, positional[1:])
        case Method("get" | "getenv" | "pop", Namespace(name) | Method(name)) if first is not None:
            return _maybe(f"the environment or {name}", first, positional[1:])
        case Method("get", Open() as held) if first is not None:
            return _maybe(held.reason, first, positional[1:], held.key)
        case Method("items" | "values" | "keys" as view, Record() as record):
            return _view(view, record)
        case _:
            return Open("what a call returns")


def _view(name: str, record: Record) -> Items:
    keys = [Text.literal(key) for key, _ in record.entries]
    values = [value for _, value in record.entries]
    pairs = (Items(pair) for pair in zip(keys, values, strict=True))
    found: Iterable[PyValue] = {"items": pairs, "values": values, "keys": keys}[name]
    return Items(tuple(found), record.is_open)


def _partial(function: PyValue | None, named: Record) -> PyValue:
    if not isinstance(function, Method):
        return Open("what a call returns")
    return Method(function.name, function.of, named)


def _builtin(name: str, positional: tuple[PyValue, ...], named: Record, place: Location) -> PyValue:
    first = positional[0] if positional else Record(())
    match name.rpartition(".")[2]:
        case "str" | "int":
            return _converted(first, place)
        case "dict":
            return _dict(first, named)
        case "loads" if isinstance(first, Text) and first.known is not None:
            return _loaded(first.known, first.location or place)
        case "getattr" if len(positional) > 1 and isinstance(positional[1], Text):
            return Method(positional[1].flat, first)
        case "enumerate":
            count = Open("a count")
            return Items(tuple(Items((count, one)) for one in items(first)), is_open=True)
        case "deepcopy" | "copy" | "escape" | "bytes" | "bytearray":
            return first
        case "b64decode" | "standard_b64decode" | "decodebytes":
            return Coded(is_encoded=False)
        case "b64encode" | "standard_b64encode" | "encodebytes":
            return Coded(is_encoded=True)
        case "sub" | "subn" if name.startswith("re.") and len(positional) > _SUBJECT:
            return _substituted(name, positional[_SUBJECT])
        case "getenv" | "get" if name in _ENVIRONMENT or name.startswith("os."):
            return _maybe("the environment", first, positional[1:])
        case short if short in _SAME:
            return first if isinstance(first, Items) else Open("a list")
        case _:
            return Open("what a call returns")


def _substituted(name: str, subject: PyValue) -> PyValue:
    found = subject if isinstance(subject, Coded) else Open("a replaced text")
    return Items((found, Open("a count"))) if name == "re.subn" else found


def _loaded(text: str, place: Location) -> PyValue:
    """Return a JSON text as values, all of which are written at its place."""
    try:
        return _of_json(json.loads(text), place)
    except (ValueError, RecursionError):
        return Open("no JSON")


def _of_json(value: object, place: Location) -> PyValue:
    match value:
        case str():
            return Text.literal(value, place)
        case int() | float():
            return Number(value, place)
        case list():
            return Items(tuple(_of_json(one, place) for one in value))
        case dict():
            return Record(tuple((key, _of_json(one, place)) for key, one in value.items()))
        case _:
            return Nothing()


def _converted(value: PyValue, place: Location) -> PyValue:
    match value:
        case OneOf(options):
            return one_of([_converted(one, place) for one in options])
        case Fallback(inner):
            return Fallback(_converted(inner, place))
        case Number(number, at):
            return Text.literal(str(number), at)
        case Text() | Open():
            return value
        case _:
            return Text.opaque(Unknown("a computed value"), place)


def _dict(first: PyValue, named: Record) -> PyValue:
    base = first if isinstance(first, Record) else Record((), is_open=True)
    for key, value in named.entries:
        base = base.set(key, value)
    return base


def _entry(record: Record, key: PyValue, rest: tuple[PyValue, ...]) -> PyValue:
    name = key.known if isinstance(key, Text) else None
    found = None if name is None else record.get(name)
    if found is not None:
        return found
    default = rest[0] if rest else Nothing()
    return one_of([Open("an entry"), Fallback(default)]) if record.is_open else default


def _maybe(
    reason: str, key: PyValue, rest: tuple[PyValue, ...], road: str | None = None
) -> PyValue:
    name = key.known if isinstance(key, Text) else None
    unknown: PyValue = Open(f"the entry {name or ''}".strip(), _further(road, name))
    if name == "UserData" and reason == _DATA:
        unknown = Coded(is_encoded=True)
    return one_of([unknown, Fallback(rest[0])]) if rest else unknown


def subscript(value: PyValue, key: PyValue) -> PyValue:
    """Return ``value[key]``."""
    match value:
        case OneOf(options):
            return one_of([subscript(one, key) for one in options])
        case Fallback(inner):
            return Fallback(subscript(inner, key))
        case Record() if isinstance(key, Text) and key.known is not None:
            return value.get(key.known) or Open("an entry")
        case Record():
            return one_of([*(one for _, one in value.entries), Open("an entry")])
        case Items(found) if isinstance(key, Number) and isinstance(key.value, int):
            return found[key.value] if -len(found) <= key.value < len(found) else Open("an item")
        case Items(found):
            return one_of([*found, Open("an item")])
        case _:
            name = key.known if isinstance(key, Text) else None
            road = value.key if isinstance(value, Open) else None
            if name == "UserData" and isinstance(value, Open) and value.reason == _DATA:
                return Coded(is_encoded=True)
            return Open(f"the entry {name or ''}".strip(), _further(road, name))


def _further(road: str | None, name: str | None) -> str | None:
    return None if road is None or name is None else f"{road}.{name}"


def items(value: PyValue) -> tuple[PyValue, ...]:
    """Return what a loop over *value* meets; one open value where that is not known."""
    match value:
        case Items(found, is_open):
            return (*found, Open("a further item")) if is_open else found
        case Record(entries):
            return tuple(Text.literal(key) for key, _ in entries)
        case OneOf(options):
            return tuple(one for option in options for one in items(option))
        case Fallback(inner):
            return items(inner)
        case _:
            return (Open("an item"),)


def unpacked(value: PyValue, index: tuple[int, ...]) -> PyValue:
    """Return the part of *value* that an unpacking gives a name."""
    for number in index:
        if isinstance(value, OneOf):
            return one_of([unpacked(one, index) for one in value.alternatives])
        found = value.items if isinstance(value, Items) else ()
        if number < 0:
            value = Items(found[-number - 1 :], is_open=not isinstance(value, Items))
        else:
            value = found[number] if number < len(found) else Open("a part")
    return value


# --- arguments -----------------------------------------------------------------------------


def _names(function: cst.FunctionDef, *, is_method: bool) -> list[str]:
    params = [*function.params.posonly_params, *function.params.params]
    decorators = {getattr(one.decorator, "value", "") for one in function.decorators}
    skipped = 1 if is_method and "staticmethod" not in decorators else 0
    return [one.name.value for one in params[skipped:]]


def argument(
    function: cst.FunctionDef, param: cst.Param, given: Arguments, *, is_method: bool
) -> PyValue | None:
    """Return what a call gives a parameter, None where it leaves it to the default."""
    positional, named = given
    if param is function.params.star_kwarg:
        taken = set(_names(function, is_method=is_method))
        taken |= {one.name.value for one in function.params.kwonly_params}
        rest = tuple(one for one in named.entries if one[0] not in taken)
        return Record(rest, named.is_open)
    if param is function.params.star_arg:
        return Items(positional[len(_names(function, is_method=is_method)) :])
    found = named.get(param.name.value)
    if found is not None:
        return found
    names = _names(function, is_method=is_method)
    if param.name.value in names and names.index(param.name.value) < len(positional):
        return positional[names.index(param.name.value)]
    return Open("a keyword that is not known") if named.is_open else None


def bound(
    function: cst.FunctionDef, positional: tuple[PyValue, ...], named: Record, *, is_method: bool
) -> Mapping[str, PyValue]:
    """Return the parameters that a call gives values, by name."""
    found: dict[str, PyValue] = {}
    for one in parameters(function.params):
        value = argument(function, one, (positional, named), is_method=is_method)
        if value is not None:
            found[one.name.value] = value
    return found


def first_parameter(function: cst.FunctionDef) -> str:
    """Return the name of the first parameter: ``self``."""
    params = (*function.params.posonly_params, *function.params.params)
    return params[0].name.value if params else ""


def field(
    kind: cst.ClassDef, name: str, positional: tuple[PyValue, ...], named: Record
) -> PyValue | None:
    """Return what the constructor of a dataclass or named tuple gives a field."""
    fields: list[str] = []
    for statement in kind.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                fields.append(small.target.value)
    if name not in fields:
        return None
    found = named.get(name)
    if found is not None:
        return found
    place = fields.index(name)
    return positional[place] if place < len(positional) else None
