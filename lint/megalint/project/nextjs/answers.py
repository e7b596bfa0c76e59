"""What a middleware answers on a path: it is run with requests for paths that are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.languages.javascript.evaluate import (
    Either,
    External,
    FunctionValue,
    Interpreter,
    JsValue,
    NativeFunction,
    ObjectValue,
    Realm,
    to_value,
)
from megalint.languages.javascript.evaluate.objects import UNDEFINED
from megalint.languages.javascript.evaluate.provenance import functions_in
from megalint.languages.javascript.syntax import Name, ObjectPattern
from megalint.project.checkout import Checkout
from megalint.project.modules import Modules
from megalint.project.nextjs.host import NextHost
from megalint.project.nextjs.relevance import ALWAYS, Relevance
from megalint.source import Location, Source, Span
from megalint.values import Flow, Flows, Form, Known, Read, Scope, merge, text

_ORIGIN: Final = "https://site.invalid"
_ANSWER: Final = "\0answer"
_TARGET: Final = "\0target"
_PATH: Final = "\0path"
"""The name of a read that stands for the path, so that what depends on it can be told."""
_RESPONSES: Final = {"redirect": "redirect", "rewrite": "rewrite", "json": "answer", "next": "next"}


class Answer(Struct, frozen=True):
    """What may happen on :attr:`path`.

    :attr:`kind` is redirect, rewrite or answer. :attr:`target` is the path redirected to, where it
    is known and on this site. :attr:`is_certain`: nothing but the path decides.
    """

    path: str
    kind: str
    target: str | None
    location: Location
    is_certain: bool
    status: int | None = None
    is_path_test: bool = False
    """Whether a test of the path decides that could not be computed: it may not happen at all."""


class _RequestHost(NextHost):
    """Surroundings in which responses of Next can be told apart."""

    def call(
        self,
        interpreter: Interpreter,
        callee: External,
        arguments: tuple[JsValue, ...],
        site: Location,
    ) -> JsValue | None:
        """Return a marked response for the constructors of responses."""
        path = callee.path
        if "NextResponse" in path or path[:2] == ("globalThis", "Response"):
            kind = "answer" if path[-1] == "new" else _RESPONSES.get(path[-1])
            if kind is not None:
                return _response(kind, arguments, site)
        return super().call(interpreter, callee, arguments, site)


def _response(kind: str, arguments: tuple[JsValue, ...], site: Location) -> ObjectValue:
    target = arguments[0] if arguments else UNDEFINED
    # looked at now: the URL may be changed after this, and is put back when the run is undone
    path = _path_of(target)
    value = ObjectValue({_ANSWER: Known(kind)}, location=site)
    if path is not None:
        value.properties[_TARGET] = Known(path)
    value.properties["headers"] = External(("headers",))
    value.properties["cookies"] = External(("cookies",))
    options = arguments[1] if len(arguments) > 1 else UNDEFINED
    if isinstance(options, ObjectValue):
        value.properties["\0status"] = options.properties.get("status", UNDEFINED)
    elif isinstance(options, Known):
        value.properties["\0status"] = options
    return value


class Answers:
    """Runs one middleware file on paths."""

    def __init__(self, checkout: Checkout, modules: Modules, source: Source) -> None:
        self._source = source
        host = _RequestHost(checkout, modules, Relevance(checkout, modules, ALWAYS))
        self._interpreter = Interpreter(host, Realm.SERVER)
        self._site = Location(source, Span(0, 0))

    def on(self, paths: Sequence[str]) -> tuple[Answer, ...]:
        """Return the answers on *paths* and on the paths that they redirect to."""
        found: list[Answer] = []
        pending, seen = list(paths), set(paths)
        while pending and len(seen) < 64:  # noqa: PLR2004 - a chain of redirects is short
            for answer in self._on(pending.pop(0)):
                found.append(answer)
                if answer.target is not None and answer.target not in seen:
                    seen.add(answer.target)
                    pending.append(answer.target)
        return tuple(dict.fromkeys(found))

    def _on(self, path: str) -> list[Answer]:
        interpreter = self._interpreter
        result = interpreter.journal.trial(lambda: interpreter.attempt(lambda: self._result(path)))
        options = list(_leaves(result, ()))
        found = []
        for one, flows in options:
            kind = one.properties.get(_ANSWER) if isinstance(one, ObjectValue) else None
            if isinstance(one, ObjectValue) and isinstance(kind, Known) and kind.value != "next":
                is_certain = len(options) == 1 and not flows
                answer = self._answer(path, str(kind.value), one, is_certain=is_certain)
                is_path_test = any(flow.is_given for flow in flows)
                found.append(replace(answer, is_path_test=is_path_test))
        return found

    def _answer(self, path: str, kind: str, value: ObjectValue, *, is_certain: bool) -> Answer:
        target = text(to_value(value.properties.get(_TARGET, UNDEFINED)))
        status = value.properties.get("\0status")
        number = (
            status.value if isinstance(status, Known) and isinstance(status.value, int) else None
        )
        return Answer(path, kind, target, value.location or self._site, is_certain, number)

    def _result(self, path: str) -> JsValue:
        interpreter = self._interpreter
        for name in ("proxy", "middleware", "default"):
            function = interpreter.export(self._source, name, self._site)
            if isinstance(function, FunctionValue):
                return self._called(function, path)
            if isinstance(function, External) and self._source.mentions(name):
                wrapped = list(functions_in(function.inputs))
                results = [
                    self._called(one, path) for one in wrapped if isinstance(one, FunctionValue)
                ]
                return interpreter.one_of(External(("a wrapper",)), *results)
        return UNDEFINED

    def _called(self, function: FunctionValue, path: str) -> JsValue:
        """Call *function* with the request where it takes it, by the names of its parameters."""
        request = _request(path, self._site)
        arguments: list[JsValue] = []
        for place, parameter in enumerate(function.syntax.parameters):
            target = parameter.target
            is_named = isinstance(target, Name) and re.search("re?q", target.text, re.IGNORECASE)
            is_first = place == 0 and len(function.syntax.parameters) == 1
            taken = is_named or is_first or (place == 0 and isinstance(target, ObjectPattern))
            arguments.append(request if taken else External(("an argument",)))
        return self._interpreter.call(function, tuple(arguments), self._site)


def _request(path: str, site: Location) -> ObjectValue:
    mark = (Flow(Read(site, _PATH, Form.OTHER), Scope.CALL, is_given=True),)

    def clone(_: Interpreter, this: JsValue, __: tuple[JsValue, ...], ___: Location) -> JsValue:
        return ObjectValue(dict(this.properties)) if isinstance(this, ObjectValue) else this

    url = ObjectValue(
        {
            "pathname": Known(path, mark),
            "href": Known(_ORIGIN + path, mark),
            "origin": Known(_ORIGIN),
            "search": External(("search",)),
            "searchParams": External(("searchParams",)),
            "host": External(("host",)),
            "hostname": External(("host",)),
            "protocol": External(("protocol",)),
            "locale": External(("locale",)),
            "basePath": Known(""),
            "clone": NativeFunction("clone", clone),
        }
    )
    unknown = {
        name: External((f"request.{name}",))
        for name in ("headers", "cookies", "method", "geo", "ip", "auth")
    }
    return ObjectValue({"nextUrl": url, "url": Known(_ORIGIN + path, mark), **unknown})


def _leaves(value: JsValue, flows: Flows) -> Iterator[tuple[JsValue, Flows]]:
    """Yield what *value* may be, each with the reads that decide about it."""
    if isinstance(value, Either):
        for one in value.alternatives:
            yield from _leaves(one, merge(flows, value.flows))
    else:
        yield value, flows


def _path_of(target: JsValue) -> str | None:
    """Return the path on this site that a response leads to, or None."""
    if isinstance(target, ObjectValue):
        pathname = target.properties.get("pathname")
        origin = target.properties.get("origin")
        is_here = isinstance(origin, Known) and origin.value == _ORIGIN
        return text(to_value(pathname)) if pathname is not None and is_here else None
    written = text(to_value(target))
    if written is None:
        return None
    if written.startswith(_ORIGIN):
        return written.removeprefix(_ORIGIN).partition("?")[0] or "/"
    return written.partition("?")[0] if written.startswith("/") else None
