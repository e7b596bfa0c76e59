"""Terraform's functions, as far as user data needs them; any other is not known."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Final

from megalint.languages.backtracking import ends_soon
from megalint.languages.hcl.evaluate import Function, Scope
from megalint.languages.hcl.syntax import Call
from megalint.languages.hcl.values import (
    Encoded,
    HclValue,
    OneOf,
    Open,
    indexed,
    number_of,
    one_of,
    text_of,
    truth,
)
from megalint.source import Location
from megalint.text import OPAQUE, Text, joined, separated

_MAX_ITEMS: Final = 10_000
_MAX_WIDTH: Final = 1_000


def _place(call: Call, scope: Scope) -> Location:
    return scope.place(call.span)


def _texts(values: list[HclValue], call: Call, scope: Scope) -> list[Text]:
    return [text_of(one, _place(call, scope)) for one in values]


def _encode(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    return Encoded(values[0]) if values else Open("base64encode()")


def _gzip(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    return Encoded(values[0], is_packed=True) if values else Open("base64gzip()")


def _decode(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = values[0] if values else None
    if isinstance(value, Encoded):
        return value.content
    if isinstance(value, Text) and value.known is not None:
        try:
            plain = base64.b64decode(value.known).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return Open("base64decode()")
        return Text.literal(plain, value.location)
    return Open("base64decode()")


def _join(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) < 2 or not isinstance(values[0], Text):  # noqa: PLR2004 - separator, lists
        return Open("join()")
    items: list[Text] = []
    for one in values[1:]:
        if not isinstance(one, tuple):
            return Open("join()")
        items += _texts(list(one), call, scope)
    return separated(items, values[0])


def _format(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if not values or not isinstance(values[0], Text) or values[0].known is None:
        return Open("format()")
    form, rest = values[0], list(values[1:])
    parts: list[Text] = []
    at = 0
    for match in re.finditer(r"%(?:%|([-+ 0#]*)(\d{0,5})(?:\.(\d+))?([vsdqtfxb]))", form.flat):
        parts.append(form[at : match.start()])
        at = match.end()
        if match[0] == "%%":
            parts.append(form[match.start() : match.start() + 1])
        elif not rest:
            return Open("format()")
        else:
            parts.append(_formatted(match, text_of(rest.pop(0), _place(call, scope))))
    return joined([*parts, form[at:]])


def _formatted(match: re.Match[str], value: Text) -> Text:
    if match[4] == "q":
        quote = Text.literal('"', value.location)
        return joined([quote, value, quote])
    width, flags = int(match[2] or 0), match[1]
    if not width or value.known is None:
        return value
    flat = value.flat
    wide = flat.ljust(width) if "-" in flags else flat.rjust(width, "0" if "0" in flags else " ")
    return Text.literal(wide, value.location)


def _merge(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    found: dict[str, HclValue] = {}
    for one in values:
        if isinstance(one, Mapping):
            found |= one
        elif one is not None:
            return Open("merge()")
    return found


def _lookup(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) < 2:  # noqa: PLR2004 - a map and a key
        return Open("lookup()")
    table, key = values[0], values[1]
    known = key.known if isinstance(key, Text) else None
    if isinstance(table, Mapping) and known is not None:
        if known in table:
            return table[known]
        return values[2] if len(values) > 2 else Open("lookup()")  # noqa: PLR2004 - a default
    return Open("lookup()")


def _coalesce(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    found: HclValue = None
    has_found = False
    for one in values:
        if one is None or (isinstance(one, Text) and one.known == ""):
            continue
        found = one_of(found, one) if has_found else one
        has_found = True
        if not isinstance(one, Open | OneOf):
            return found
    return found


def _replace(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) != 3:  # noqa: PLR2004 - text, what, by what
        return Open("replace()")
    text, old, new = values
    if isinstance(text, Encoded):
        return Open("replace() in base64")
    if not isinstance(text, Text) or not isinstance(old, Text) or old.known is None:
        return Open("replace()")
    with_text = text_of(new, _place(call, scope))
    if len(old) > 1 and old.flat.startswith("/") and old.flat.endswith("/"):
        return _replaced_pattern(text, old.flat[1:-1], with_text)
    if not old:
        return text
    return separated(text.split(old.flat), with_text)


def _replaced_pattern(text: Text, expression: str, new: Text) -> HclValue:
    if new.known is None or "$" in new.flat or not ends_soon(expression, len(text)):
        return Open("replace()")
    try:
        return text.replaced(re.compile(expression), lambda _: new)
    except (re.error, OverflowError):
        return Open("replace()")


def _cased(change: Callable[[str], str]) -> Function:
    def run(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
        value = values[0] if values else None
        if isinstance(value, Text) and value.known is not None:
            return Text.literal(change(value.known), value.location)
        return value if isinstance(value, Open) else Open(f"{call.name}()")

    return run


def _trimmed(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = values[0] if values else None
    if not isinstance(value, Text):
        return value if isinstance(value, Open) else Open(f"{call.name}()")
    if call.name == "chomp":
        return value[: len(value.flat.rstrip("\r\n"))]
    return value.stripped


def _indent(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) != 2 or not isinstance(values[1], Text):  # noqa: PLR2004 - a width, a text
        return Open("indent()")
    width = number_of(values[0])
    if width is None or not 0 <= width <= _MAX_WIDTH:
        return Open("indent()")
    end = Text.literal("\n" + " " * int(width), _place(call, scope))
    return separated(values[1].split("\n"), end)


def _tostring(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = values[0] if values else None
    return (
        value if isinstance(value, Open | OneOf | Encoded) else text_of(value, _place(call, scope))
    )


def _tonumber(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    number = number_of(values[0]) if values else None
    return Open("tonumber()") if number is None else number


def _same(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    return values[0] if values else None


def _element(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) != 2 or not isinstance(values[0], tuple) or not values[0]:  # noqa: PLR2004
        return Open("element()")
    number = number_of(values[1])
    return Open("element()") if number is None else values[0][int(number) % len(values[0])]


def _concat(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    found: list[HclValue] = []
    for one in values:
        if not isinstance(one, tuple):
            return Open("concat()")
        found += list(one)
    return tuple(found) if len(found) <= _MAX_ITEMS else Open("concat()")


def _flatten(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    found: list[HclValue] = []
    for one in values[0] if values and isinstance(values[0], tuple) else ():
        found += list(one) if isinstance(one, tuple) else [one]
    return tuple(found)


def _compact(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    items = values[0] if values else None
    if not isinstance(items, tuple):
        return Open("compact()")
    return tuple(one for one in items if one is not None and one != Text())


def _split(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) != 2 or not isinstance(values[1], Text) or not isinstance(values[0], Text):  # noqa: PLR2004
        return Open("split()")
    if values[1].known is None or not values[0].flat:
        return Open("split()")
    if values[1].flat.count(values[0].flat) > _MAX_ITEMS:
        return Open("split()")
    return tuple(values[1].split(values[0].flat))


def _length(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = values[0] if values else None
    if isinstance(value, tuple | Mapping):
        return len(value)
    if isinstance(value, Text) and value.known is not None:
        return len(value)
    return Open("length()")


def _keys(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = values[0] if values else None
    if not isinstance(value, Mapping):
        return Open("keys()")
    return tuple(Text.literal(key) for key in sorted(value))


def _values(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = values[0] if values else None
    if not isinstance(value, Mapping):
        return Open("values()")
    return tuple(one for _, one in sorted(value.items()))


def _contains(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) != 2 or not isinstance(values[0], tuple):  # noqa: PLR2004 - a list, an item
        return Open("contains()")
    if any(isinstance(one, Open | OneOf) for one in (*values[0], values[1])):
        return Open("contains()")
    wanted = values[1].flat if isinstance(values[1], Text) else values[1]
    return any((one.flat if isinstance(one, Text) else one) == wanted for one in values[0])


def _json(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    try:
        plain = _plain(values[0] if values else None, count())
    except ValueError:
        return Open("jsonencode()")
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return Text.literal(text, _place(call, scope))


def _plain(value: HclValue, counter: Iterator[int]) -> object:
    """Return the value as JSON has it; raises :class:`ValueError` where it is open, or too much."""
    if next(counter) > _MAX_ITEMS:
        raise ValueError
    match value:
        case Text() if value.known is not None:
            return value.known
        case Mapping():
            return {key: _plain(one, counter) for key, one in sorted(value.items())}
        case tuple():
            return [_plain(one, counter) for one in value]
        case bool() | int() | float() | None:
            return value
        case _:
            raise ValueError


def _substr(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    if len(values) != 3 or not isinstance(values[0], Text) or OPAQUE in values[0].flat:  # noqa: PLR2004
        return Open("substr()")
    start, length = number_of(values[1]), number_of(values[2])
    if start is None or length is None:
        return Open("substr()")
    end = len(values[0]) if length < 0 else int(start) + int(length)
    return values[0][int(start) : end]


def _prefix(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    text, end = (*values, None, None)[:2]
    if not isinstance(text, Text) or not isinstance(end, Text) or end.known is None:
        return Open(f"{call.name}()")
    if call.name == "trimprefix":
        return text[len(end) :] if text.flat.startswith(end.flat) else text
    return text[: len(text) - len(end)] if text.flat.endswith(end.flat) else text


def _index(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    return indexed(values[0], values[1]) if len(values) == 2 else Open("index()")  # noqa: PLR2004


def _tobool(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
    value = truth(values[0]) if values else None
    return Open("tobool()") if value is None else value


FUNCTIONS: Final[dict[str, Function]] = {
    "base64encode": _encode,
    "textencodebase64": _encode,
    "base64gzip": _gzip,
    "base64decode": _decode,
    "join": _join,
    "format": _format,
    "merge": _merge,
    "lookup": _lookup,
    "coalesce": _coalesce,
    "replace": _replace,
    "upper": _cased(str.upper),
    "lower": _cased(str.lower),
    "title": _cased(str.title),
    "trimspace": _trimmed,
    "chomp": _trimmed,
    "trimprefix": _prefix,
    "trimsuffix": _prefix,
    "indent": _indent,
    "tostring": _tostring,
    "tonumber": _tonumber,
    "tobool": _tobool,
    "tolist": _same,
    "toset": _same,
    "tomap": _same,
    "sensitive": _same,
    "nonsensitive": _same,
    "one": lambda values, call, scope: _element([*values, 0], call, scope),
    "element": _element,
    "concat": _concat,
    "flatten": _flatten,
    "compact": _compact,
    "distinct": _same,
    "split": _split,
    "length": _length,
    "keys": _keys,
    "values": _values,
    "contains": _contains,
    "jsonencode": _json,
    "substr": _substr,
}
