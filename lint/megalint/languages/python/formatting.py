"""``"%s" % value`` and ``"{}".format(value)`` where the forms are plain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from megalint.languages.python.values import Fallback, Number, Open, PyValue, Record
from megalint.numerals import is_whole
from megalint.source import Location
from megalint.text import Text
from megalint.values import Unknown

_PERCENT: Final = re.compile(r"%(?:(?P<literal>%)|\((?P<name>\w+)\))?[sdr]?")
_BRACES: Final = re.compile(r"\{(?P<name>\w*)\}|\{\{|\}\}")


def text_of(value: PyValue, place: Location) -> Text:
    """Return ``str(value)``, open where the value is."""
    match value:
        case Text():
            return value
        case Number(number, location):
            return Text.literal(str(number), location)
        case Fallback(inner):
            return text_of(inner, place)
        case _:
            reason = value.reason if isinstance(value, Open) else "a computed value"
            return Text.opaque(Unknown(reason), place)


def percent(form: Text, values: tuple[PyValue, ...], named: Record, place: Location) -> Text:
    """Return *form* with the values of ``%`` in their places."""
    return _filled(form, _PERCENT, values, named, place)


def braces(form: Text, values: tuple[PyValue, ...], named: Record, place: Location) -> Text:
    """Return *form* with the values of ``format`` in their places."""
    return _filled(form, _BRACES, values, named, place)


def _filled(
    form: Text,
    pattern: re.Pattern[str],
    values: tuple[PyValue, ...],
    named: Record,
    place: Location,
) -> Text:
    new = _replacer(iter(values), values, named, place)
    return form.replaced(pattern, new)


def _replacer(
    rest: Iterator[PyValue], values: tuple[PyValue, ...], named: Record, place: Location
) -> Callable[[re.Match[str]], Text]:
    unknown = Open("a value that is put in")

    def new(match: re.Match[str]) -> Text:
        if match[0] in {"%%", "{{", "}}"}:
            return Text.literal(match[0][0], place)
        name = match["name"]
        if not name:
            return text_of(next(rest, unknown), place)
        if is_whole(name):
            return text_of(values[int(name)] if int(name) < len(values) else unknown, place)
        return text_of(named.get(name) or unknown, place)

    return new
