"""Methods of text; what is only partly known stays recognisable."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from megalint.languages.backtracking import ends_soon
from megalint.languages.javascript.evaluate.arithmetic import MAX_LENGTH, joined
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ArrayValue,
    EnvironmentName,
    External,
    JsValue,
    Native,
)
from megalint.languages.javascript.evaluate.provenance import deep_flows, with_flows
from megalint.languages.javascript.evaluate.truth import written
from megalint.languages.javascript.regexp import Regexp, RegexpError
from megalint.source import Location
from megalint.values import Joined, Known, Unknown

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Interpreter

Arguments = tuple[JsValue, ...]
MAX_TEXT: Final = 200
_FOREIGN: Final = re.compile(r"[+*}]\)?[+*{]|\(\?<|\\[pP1-9]")
"""What means something else in Python."""


def _exact(compute: Callable[..., str | bool | int | float | list[str]]) -> Native:
    """Return a method that is computed on known text, and keeps what is not known as it is."""

    def run(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
        flows = deep_flows(this, *arguments)
        known = [one.value for one in (this, *arguments) if isinstance(one, Known)]
        if len(known) == len(arguments) + 1:
            try:
                return _lifted(compute(written(known[0]), *known[1:]), this)
            except (TypeError, ValueError, IndexError, OverflowError):
                return Unknown("text that was changed", flows)
        return with_flows(this, flows)

    return run


def _lifted(result: str | bool | int | float | list[str], this: JsValue) -> JsValue:
    flows = deep_flows(this)
    if isinstance(result, str) and len(result) > MAX_LENGTH:
        return Unknown("text that is too long", flows)
    if isinstance(result, list):
        return ArrayValue(tuple(Known(item, flows) for item in result))
    return Known(result, flows)


def _test(compute: Callable[[str, str], bool]) -> Native:
    """Return a predicate: unknown on text that is not known."""

    def run(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
        flows = deep_flows(this, *arguments)
        wanted = arguments[0] if arguments else UNDEFINED
        if isinstance(this, Known) and isinstance(wanted, Known):
            return Known(compute(written(this.value), written(wanted.value)), flows)
        return Unknown("a test of unknown text", flows)

    return run


def _starts_with(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    wanted = arguments[0] if arguments else UNDEFINED
    if isinstance(this, EnvironmentName) and isinstance(wanted, Known):
        this.prefix = this.prefix or written(wanted.value)
    text = this.parts[0] if isinstance(this, Joined) else this
    if isinstance(text, Known) and isinstance(wanted, Known):
        start, prefix = written(text.value), written(wanted.value)
        if start.startswith(prefix) or not prefix.startswith(start) or text is this:
            return Known(start.startswith(prefix), deep_flows(this, wanted))
    return Unknown("a test of unknown text", deep_flows(this, *arguments))


def _split(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    separator = arguments[0] if arguments else UNDEFINED
    if isinstance(this, Known) and isinstance(separator, Known) and separator.value:
        pieces = written(this.value).split(written(separator.value))
        return ArrayValue(tuple(Known(piece, this.flows) for piece in pieces[:64]))
    return ArrayValue((), (Unknown("a piece of text", deep_flows(this, separator)),))


def _replace(count: int) -> Native:
    def run(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
        flows = deep_flows(this, *arguments)
        if len(arguments) < 2:  # noqa: PLR2004 - what, and with what
            return this
        what, new = arguments[0], arguments[1]
        if isinstance(this, Known) and isinstance(what, Known) and isinstance(new, Known):
            text, old, put = written(this.value), written(what.value), written(new.value)
            if len(text) + text.count(old) * len(put) > MAX_LENGTH:
                return Unknown("text that is too long", flows)
            return Known(text.replace(old, put, count), flows)
        if isinstance(this, Known) and isinstance(what, External) and isinstance(new, Known):
            return _replaced_by_pattern(written(this.value), what, written(new.value), this)
        if isinstance(this, Known) and isinstance(what, Known):
            return _replaced_by_unknown(this, written(what.value), new)
        return with_flows(this, flows)

    return run


def _replaced_by_unknown(this: Known, what: str, new: JsValue) -> JsValue:
    before, found, after = written(this.value).partition(what)
    return joined((Known(before), new, Known(after))) if found else this


def _replaced_by_pattern(text: str, pattern: External, new: str, this: JsValue) -> JsValue:
    flows = deep_flows(this)
    compiled = _compiled(pattern, text)
    if compiled is None:
        return Unknown("text that was changed", flows)
    count = 0 if "g" in pattern.path[2] else 1
    return Known(compiled.sub(lambda _: new, text, count=count), flows)


def _compiled(pattern: External, text: str) -> re.Pattern[str] | None:
    """Return a regular expression that surely ends soon on *text*, as one of Python's."""
    if pattern.path[0] != "regexp" or len(text) > MAX_TEXT or _FOREIGN.search(pattern.path[1]):
        return None
    if not ends_soon(pattern.path[1], len(text)):
        return None
    try:
        flags = re.IGNORECASE if "i" in pattern.path[2] else 0
        return re.compile(pattern.path[1].replace("\\/", "/"), flags | re.ASCII)
    except (re.error, IndexError, OverflowError):
        return None


def tested(pattern: External, value: JsValue) -> JsValue:
    """Return what ``/pattern/.test(value)`` gives."""
    flows = deep_flows(value)
    if isinstance(value, Known) and pattern.path[0] == "regexp":
        text = written(value.value)
        if len(text) <= MAX_TEXT:
            with suppress(RegexpError):
                return Known(Regexp(pattern.path[1], pattern.path[2]).test(text), flows)
    return Unknown("a test of unknown text", flows)


def _concat(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    return joined((this, *arguments))


def _text(_: Interpreter, this: JsValue, __: Arguments, ___: Location) -> JsValue:
    return joined((this,))


def _unknown(_: Interpreter, this: JsValue, arguments: Arguments, __: Location) -> JsValue:
    return External(("a part of text",), (), deep_flows(this, *arguments))


def _slice(text: str, start: float = 0, end: float | None = None) -> str:
    return text[int(start) : None if end is None else int(end)]


def _bounded(length: float) -> int:
    """Return a length; raises :class:`OverflowError` for one that no text should have."""
    if length > MAX_LENGTH:
        raise OverflowError(length)
    return int(length)


METHODS: Final[dict[str, Native]] = {
    "toUpperCase": _exact(lambda text, *_: text.upper()),
    "toLowerCase": _exact(lambda text, *_: text.lower()),
    "trim": _exact(lambda text: text.strip()),
    "trimEnd": _exact(lambda text: text.rstrip()),
    "trimStart": _exact(lambda text: text.lstrip()),
    "slice": _exact(_slice),
    "substring": _exact(_slice),
    "padStart": _exact(lambda text, width, fill=" ": text.rjust(_bounded(width), fill)),
    "repeat": _exact(lambda text, count: text * min(int(count), 64)),
    "charAt": _exact(lambda text, place=0: text[int(place)]),
    "at": _exact(lambda text, place=0: text[int(place)]),
    "normalize": _exact(lambda text, *_: text),
    "indexOf": _exact(lambda text, part: text.find(part)),
    "toFixed": _unknown,
    "includes": _test(lambda text, part: part in text),
    "endsWith": _test(lambda text, part: text.endswith(part)),
    "startsWith": _starts_with,
    "split": _split,
    "replace": _replace(1),
    "replaceAll": _replace(-1),
    "concat": _concat,
    "toString": _text,
    "valueOf": _text,
    "toLocaleString": _text,
    "match": _unknown,
    "matchAll": _unknown,
    "search": _unknown,
    "localeCompare": _unknown,
    "charCodeAt": _unknown,
    "codePointAt": _unknown,
}
