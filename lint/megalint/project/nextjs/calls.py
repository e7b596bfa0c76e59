"""The requests that a module of the browser writes down, by the library that sends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.constants import (
    Bound,
    Constants,
    Global,
    Outside,
    Target,
    member,
)
from megalint.languages.javascript.walk import walk
from megalint.values import Joined, Known, Value

METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "head"})
_PACKAGES: Final = {"axios": "axios", "ky": "ky", "ofetch": "ofetch", "ky-universal": "ky"}
_OF_OPTIONS: Final = frozenset({"fetch", "ky", "ofetch"})
"""Libraries whose second argument may hold the method."""
_BASES: Final = ("baseURL", "prefixUrl", "prefix")
_SWR: Final = frozenset({"swr", "swr/immutable", "swr/infinite"})
MAX_CLIENTS: Final = 4
"""Clients made from clients: ``api.extend()`` of ``ky.create()``."""


class Sent(Struct, frozen=True):
    """A request: :attr:`method` is None where it is not known."""

    address: Value
    method: str | None
    library: str
    node: js.Expression


class _Client(Struct, frozen=True):
    library: str
    base: Value


class Calls:
    """The requests of modules, whose names *constants* resolves."""

    def __init__(self, constants: Constants) -> None:
        self._constants = constants

    def of(self, module: js.Module) -> Iterator[Sent]:
        """Yield the requests in *module*, in source order."""
        for node in walk(module):
            match node:
                case js.Call(_, callee, (js.Expression(), *_)):
                    yield from self._call(module, node, callee)
                case js.New(_, js.Name(_, "EventSource") as name, (address, *_)):
                    if self._constants.target(module, name) == Global("EventSource"):
                        yield self._sent(module, address, "GET", "EventSource")
                case js.Jsx(_, js.Literal(_, "form")):
                    yield from self._form(module, node)
                case _:
                    pass

    def _call(self, module: js.Module, node: js.Call, callee: js.Expression) -> Iterator[Sent]:
        first, *rest = node.arguments
        match callee:
            case js.Name():
                yield from self._function(module, callee, first, rest)
            case js.Member(_, js.Name(_, "navigator"), "sendBeacon"):
                yield self._sent(module, first, "POST", "sendBeacon")
            case js.Member(_, js.Name(_, "window" | "globalThis"), "fetch"):
                yield self._sent(module, first, self._method(module, rest), "fetch")
            case js.Member(_, js.Name() as holder, verb) if verb in METHODS:
                client = self._client(module, holder)
                if client is not None:
                    yield self._through(module, client, first, verb.upper())
            case js.Member(_, js.Name() as holder, "open") if rest and self._is_xhr(module, holder):
                if isinstance(first, js.Literal):
                    yield self._sent(module, rest[0], str(first.value).upper(), "XMLHttpRequest")
            case _:
                pass

    def _function(
        self, module: js.Module, name: js.Name, first: js.Expression, rest: list[js.Expression]
    ) -> Iterator[Sent]:
        target = self._constants.target(module, name)
        if target == Global("fetch"):
            yield self._sent(module, first, self._method(module, rest), "fetch")
        elif isinstance(target, Outside) and target.specifier in _SWR:
            if rest and self._asks_as_given(module, rest[0]):
                yield self._sent(module, first, "GET", "swr")
        else:
            client = self._client(module, name)
            if client is not None and not isinstance(first, js.Object):
                is_told = client.library in _OF_OPTIONS
                method = self._method(module, rest) if is_told else None
                yield self._through(module, client, first, method)

    def _form(self, module: js.Module, node: js.Jsx) -> Iterator[Sent]:
        given = {one.name: one.value for one in node.attributes if isinstance(one, js.JsxAttribute)}
        has_spread = len(given) < len(node.attributes)
        method = given.get("method")
        if "action" in given and not has_spread:
            is_written = isinstance(method, js.Literal)
            word = str(method.value).upper() if isinstance(method, js.Literal) else "GET"
            known = word if is_written or method is None else None
            yield self._sent(module, given["action"], known, "form")

    # --- clients ---------------------------------------------------------------------------

    def _client(self, module: js.Module, name: js.Name) -> _Client | None:
        return self._as_client(self._constants.target(module, name), 0)

    def _as_client(self, target: Target | None, depth: int) -> _Client | None:
        if isinstance(target, Outside):
            library = _PACKAGES.get(target.specifier)
            return None if library is None else _Client(library, Known(""))
        if isinstance(target, Global):
            return _Client("ofetch", Known("")) if target.name == "$fetch" else None
        if not isinstance(target, Bound) or depth > MAX_CLIENTS:
            return None
        match target.expression:
            case js.Call(_, js.Member(_, js.Name() as of, "create" | "extend"), arguments):
                parent = self._as_client(self._constants.target(target.module, of), depth + 1)
                return None if parent is None else self._made(target.module, parent, arguments)
            case js.Name() as other:
                return self._as_client(self._constants.target(target.module, other), depth + 1)
            case _:
                return None

    def _made(
        self, module: js.Module, parent: _Client, arguments: tuple[js.Expression, ...]
    ) -> _Client | None:
        if not arguments:
            return parent
        options = arguments[0]
        if not isinstance(options, js.Object) or _has_spread(options):
            return None
        for key in _BASES:
            base = member(options, key)
            if base is not None:
                return _Client(parent.library, self._constants.value(module, base))
        return parent

    def _through(
        self, module: js.Module, client: _Client, node: js.Expression, method: str | None
    ) -> Sent:
        address = self._constants.value(module, node)
        if client.base != Known(""):
            address = Joined((client.base, Known("/"), address))
        return Sent(address, method, client.library, node)

    # --- parts -----------------------------------------------------------------------------

    def _sent(
        self, module: js.Module, node: js.Expression, method: str | None, library: str
    ) -> Sent:
        return Sent(self._constants.value(module, node), method, library, node)

    def _method(self, module: js.Module, options: list[js.Expression]) -> str | None:
        """Return the method that ``fetch`` is given; GET where none is."""
        if not options:
            return "GET"
        if not isinstance(options[0], js.Object) or _has_spread(options[0]):
            return None
        if all(_key(one) != "method" for one in options[0].members):
            return "GET"
        node = member(options[0], "method")
        value = None if node is None else self._constants.value(module, node)
        is_known = isinstance(value, Known) and isinstance(value.value, str)
        return str(value.value).upper() if isinstance(value, Known) and is_known else None

    def _is_xhr(self, module: js.Module, holder: js.Name) -> bool:
        target = self._constants.target(module, holder)
        return (
            isinstance(target, Bound)
            and isinstance(target.expression, js.New)
            and target.module.source[target.expression.callee.span] == "XMLHttpRequest"
        )

    def _asks_as_given(self, module: js.Module, fetcher: js.Expression) -> bool:
        """Whether a fetcher asks for the very key it is called with."""
        if isinstance(fetcher, js.Name):
            target = self._constants.target(module, fetcher)
            if target == Global("fetch"):
                return True
            if not isinstance(target, Bound):
                return False
            fetcher = target.expression
        if not isinstance(fetcher, js.Function) or not fetcher.parameters:
            return False
        key = fetcher.parameters[0].target
        if fetcher.parameters[0].is_rest:
            return any(_spreads(node, key) for node in walk(fetcher))
        return any(_asks_for(node, key) for node in walk(fetcher))


def _asks_for(node: js.Node, key: js.Pattern) -> bool:
    """Whether *node* is ``fetch(key)`` or ``axios.get(key)``."""
    match node:
        case js.Call(_, js.Name(_, "fetch"), (js.Name(_, text), *_)):
            return isinstance(key, js.Name) and text == key.text
        case js.Call(_, js.Member(_, js.Name(_, "axios"), "get"), (js.Name(_, text), *_)):
            return isinstance(key, js.Name) and text == key.text
        case _:
            return False


def _spreads(node: js.Node, key: js.Pattern) -> bool:
    """Whether *node* is ``fetch(...key)``."""
    match node:
        case js.Call(_, js.Name(_, "fetch"), (js.Spread(_, js.Name(_, text)),)):
            return isinstance(key, js.Name) and text == key.text
        case _:
            return False


def _has_spread(node: js.Object) -> bool:
    return any(isinstance(one, js.Spread) for one in node.members)


def _key(node: js.Node) -> object:
    if isinstance(node, js.Property) and isinstance(node.key, js.Literal):
        return node.key.value
    return None
