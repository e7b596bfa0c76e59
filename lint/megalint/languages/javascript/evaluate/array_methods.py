"""Methods of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from megalint.languages.javascript.evaluate import access
from megalint.languages.javascript.evaluate.arithmetic import joined
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ArrayValue,
    EnvironmentName,
    JsValue,
    Native,
)
from megalint.languages.javascript.evaluate.provenance import deep_flows, either, flows_of
from megalint.languages.javascript.evaluate.truth import equal, truth
from megalint.source import Location
from megalint.values import EnvRead, Form, Known, Unknown, merge

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Interpreter

Arguments = tuple[JsValue, ...]
MAX_ELEMENTS = 256


def _array(this: JsValue) -> ArrayValue:
    return this if isinstance(this, ArrayValue) else ArrayValue((), (this,))


def _mapped(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> tuple[list[JsValue], list[JsValue]]:
    """Call the first argument with every element."""
    array, callback = _array(this), arguments[0] if arguments else UNDEFINED

    def apply(item: JsValue, place: JsValue) -> JsValue:
        return interpreter.call(callback, (item, place, array), site)

    known = [apply(item, Known(n)) for n, item in enumerate(array.elements[:MAX_ELEMENTS])]
    return known, [apply(item, Unknown("an index")) for item in array.rest]


def _map(interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location) -> JsValue:
    known, maybe = _mapped(interpreter, this, arguments, site)
    return ArrayValue(tuple(known), tuple(maybe))


def _for_each(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    _mapped(interpreter, this, arguments, site)
    return UNDEFINED


def _flat_map(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    return _flat(interpreter, _map(interpreter, this, arguments, site), (), site)


def _flat(interpreter: Interpreter, this: JsValue, _: Arguments, __: Location) -> JsValue:
    array = _array(this)
    found: list[JsValue] = []
    rest: list[JsValue] = []
    for item in array.elements:
        known, maybe = access.items(interpreter, item) if not _is_text(item) else ([item], [])
        found += known
        rest += maybe
    for item in array.rest:
        known, maybe = access.items(interpreter, item) if not _is_text(item) else ([], [item])
        rest += (*known, *maybe)
    return ArrayValue(tuple(found[:MAX_ELEMENTS]), tuple(rest))


def _is_text(item: JsValue) -> bool:
    return isinstance(item, Known | EnvRead)


def _filter(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    array = _array(this)
    known, maybe = _mapped(interpreter, this, arguments, site)
    kept: list[JsValue] = []
    for item, verdict in zip(array.elements, known, strict=False):
        certain = truth(verdict)
        if certain is None:
            kept.append(either((item, UNDEFINED), merge(flows_of(verdict), flows_of(item))))
        elif certain:
            kept.append(item)
    rest = [
        _named(item)
        for item, verdict in zip(array.rest, maybe, strict=False)
        if truth(verdict) is not False
    ]
    return ArrayValue(tuple(kept), tuple(rest))


def _named(item: JsValue) -> JsValue:
    """Give the value of an entry of the environment the prefix that its name was tested for."""
    match item:
        case ArrayValue((EnvironmentName(prefix) as name, EnvRead(read, _, flows)), _) if prefix:
            named = type(read)(read.location, f"{prefix}*", Form.COMPUTED)
            moved = tuple(type(flow)(named, flow.scope, flow.steps) for flow in flows)
            return ArrayValue((name, EnvRead(named, None, moved)))
        case _:
            return item


def _concat(interpreter: Interpreter, this: JsValue, arguments: Arguments, _: Location) -> JsValue:
    array = _array(this)
    found, rest = list(array.elements), list(array.rest)
    for argument in arguments:
        known, maybe = (
            ([argument], []) if _is_text(argument) else access.items(interpreter, argument)
        )
        interpreter.burn(len(known) + len(maybe))
        found += known
        rest += maybe
    interpreter.burn(len(found) + len(rest))
    return ArrayValue(tuple(found), tuple(rest))


def _push(interpreter: Interpreter, this: JsValue, arguments: Arguments, _: Location) -> JsValue:
    array = _array(this)
    elements = (*array.elements, *arguments)
    overflow = elements[MAX_ELEMENTS:]
    interpreter.journal.fill(
        array, elements[:MAX_ELEMENTS], (*array.rest, *overflow)[:MAX_ELEMENTS]
    )
    return Unknown("a length")


def _unshift(interpreter: Interpreter, this: JsValue, arguments: Arguments, _: Location) -> JsValue:
    array = _array(this)
    interpreter.journal.fill(array, (*arguments, *array.elements)[:MAX_ELEMENTS], array.rest)
    return Unknown("a length")


def _pop(interpreter: Interpreter, this: JsValue, _: Arguments, __: Location) -> JsValue:
    array = _array(this)
    if not array.elements:
        return either((*array.rest, UNDEFINED))
    last = array.elements[-1]
    interpreter.journal.fill(array, array.elements[:-1], array.rest)
    return last


def _shift(interpreter: Interpreter, this: JsValue, _: Arguments, __: Location) -> JsValue:
    array = _array(this)
    if not array.elements:
        return either((*array.rest, UNDEFINED))
    first = array.elements[0]
    interpreter.journal.fill(array, array.elements[1:], array.rest)
    return first


def _join(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    array = _array(this)
    separator = arguments[0] if arguments else Known(",")
    parts: list[JsValue] = []
    for item in (*array.elements, *array.rest):
        parts += [separator, item] if parts else [item]
    return joined(parts)


def _reduce(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    array, callback = _array(this), arguments[0] if arguments else UNDEFINED
    items = [*array.elements[:MAX_ELEMENTS], *array.rest]
    if len(arguments) > 1:
        total = arguments[1]
    elif items:
        total = items.pop(0)
    else:
        return UNDEFINED
    for place, item in enumerate(items):
        total = interpreter.call(callback, (total, item, Known(place), array), site)
    return total


def _find(interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location) -> JsValue:
    array = _array(this)
    known, maybe = _mapped(interpreter, this, arguments, site)
    found: list[JsValue] = []
    for item, verdict in zip((*array.elements, *array.rest), (*known, *maybe), strict=False):
        certain = truth(verdict)
        if certain is True and not found:
            return item
        if certain is not False:
            found.append(either((item,), flows_of(verdict)))
    return either((*found, UNDEFINED))


def _some(interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location) -> JsValue:
    return _verdict(*_mapped(interpreter, this, arguments, site), decisive=True)


def _every(
    interpreter: Interpreter, this: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    return _verdict(*_mapped(interpreter, this, arguments, site), decisive=False)


def _verdict(known: list[JsValue], maybe: list[JsValue], *, decisive: bool) -> JsValue:
    """Return what tests of all elements come to; one *decisive* answer settles it."""
    verdicts = {truth(verdict) for verdict in known}
    if decisive in verdicts:
        return Known(decisive)
    if maybe or None in verdicts:
        return Unknown("a test of elements", deep_flows(*known, *maybe))
    return Known(not decisive)


def _includes(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    array, wanted = _array(this), arguments[0] if arguments else UNDEFINED
    verdicts = {equal(item, wanted, True) for item in array.elements}
    if True in verdicts:
        return Known(True, deep_flows(wanted))
    if None not in verdicts and not array.rest:
        return Known(False, deep_flows(wanted))
    return Unknown("whether an element is there", deep_flows(array, wanted))


def _slice(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    array = _array(this)
    bounds = [argument.value for argument in arguments if isinstance(argument, Known)]
    numbers = [bound for bound in bounds if isinstance(bound, int)]
    if len(numbers) == len(arguments) <= 2:  # noqa: PLR2004 - start and end
        start, end = (*numbers, None, None)[:2]
        return ArrayValue(array.elements[start:end], array.rest)
    return ArrayValue((), (*array.elements, *array.rest))


def _itself(_: Interpreter, this: JsValue, __: Arguments, ___: Location) -> JsValue:
    return this


def _reverse(_: Interpreter, this: JsValue, __: Arguments, ___: Location) -> JsValue:
    array = _array(this)
    return ArrayValue(tuple(reversed(array.elements)), array.rest)


def _entries(_: Interpreter, this: JsValue, __: Arguments, ___: Location) -> JsValue:
    array = _array(this)
    pairs = [ArrayValue((Known(place), item)) for place, item in enumerate(array.elements)]
    return ArrayValue(
        tuple(pairs), tuple(ArrayValue((Unknown("an index"), item)) for item in array.rest)
    )


def _at(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    array, place = _array(this), arguments[0] if arguments else Known(0)
    if isinstance(place, Known) and isinstance(place.value, int) and not array.rest:
        in_range = -len(array.elements) <= place.value < len(array.elements)
        return array.elements[place.value] if in_range else UNDEFINED
    return either((*array.elements, *array.rest, UNDEFINED), deep_flows(place))


METHODS: Final[dict[str, Native]] = {
    "map": _map,
    "forEach": _for_each,
    "flatMap": _flat_map,
    "flat": _flat,
    "filter": _filter,
    "concat": _concat,
    "push": _push,
    "unshift": _unshift,
    "pop": _pop,
    "shift": _shift,
    "splice": _slice,
    "join": _join,
    "toString": _join,
    "reduce": _reduce,
    "find": _find,
    "findLast": _find,
    "some": _some,
    "every": _every,
    "includes": _includes,
    "slice": _slice,
    "at": _at,
    "reverse": _reverse,
    "toReversed": _reverse,
    "sort": _itself,
    "toSorted": _itself,
    "values": _itself,
    "entries": _entries,
    "keys": _itself,
    "fill": _itself,
}
