"""Requests that code in the browser sends to the app's own ``/api``, and redirects of handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.project.nextjs.graph import AppModule
from megalint.project.nextjs.routes import RouteFile
from megalint.source import Location

MAX_TERMS: Final = 32
_CALLS: Final = frozenset({"fetch", "axios", "useSWR", "useSWRImmutable", "ky", "$fetch", "ofetch"})
_CLIENTS: Final = frozenset({"axios", "ky"})
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "head"})


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request for a path of this site; unknown parts of :attr:`path` are ``*``."""

    app: App
    path: str
    method: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class BindAddressRedirect:
    """A handler's redirect to an address made from the request's own URL."""

    app: App
    location: Location
    base: str


def _link(project: Project) -> Iterator[ApiCall | BindAddressRedirect]:
    for module in project.each(AppModule):
        if module.is_browser and "/api" in module.source.text:
            yield from _calls(project.checkout.parsed(module.source, parse), module.app)
    for file in project.each(RouteFile):
        if file.kind == "handler" and "redirect" in file.source.text:
            yield from _redirects(project.checkout.parsed(file.source, parse), file.app)


# --- calls ---------------------------------------------------------------------------------


def _calls(module: js.Module, app: App) -> Iterator[ApiCall]:
    constants = _constants(module)
    for node in walk(module):
        request = _request(node)
        if request is None:
            continue
        argument, method = request
        path = _path(argument, constants)
        if path is not None and (path == "/api" or path.startswith("/api/")):
            clean = path.partition("?")[0].partition("#")[0]
            yield ApiCall(app, clean, method, Location(module.source, argument.span))


def _request(node: js.Node) -> tuple[js.Expression, str | None] | None:
    """Return the address that *node* asks for, and the method where it is written."""
    match node:
        case js.Call(_, js.Name(_, name), (first, *rest), _) if name in _CALLS:
            return first, _method(rest) if name != "useSWR" else "GET"
        case js.Call(_, js.Member(_, js.Name(_, client), verb, _, _), (first, *_), _) if (
            client in _CLIENTS and verb in _METHODS
        ):
            return first, verb.upper()
        case js.Call(_, js.Member(_, js.Name(_, "navigator"), "sendBeacon", _, _), (first, *_), _):
            return first, "POST"
        case js.New(_, js.Name(_, "EventSource"), (first, *_)):
            return first, "GET"
        case _:
            return None


def _method(options: list[js.Expression]) -> str | None:
    """Return the method of ``fetch``; GET where no options are given."""
    if not options:
        return "GET"
    if not isinstance(options[0], js.Object):
        return None
    for member in options[0].members:
        if isinstance(member, js.Spread):
            return None
        if (
            isinstance(member, js.Property)
            and isinstance(member.key, js.Literal)
            and member.key.value == "method"
        ):
            value = member.value
            return str(value.value).upper() if isinstance(value, js.Literal) else None
    return "GET"


def _constants(module: js.Module) -> dict[str, js.Expression]:
    found: dict[str, js.Expression] = {}
    for node in walk(module):
        if isinstance(node, js.Declaration) and node.kind == "const":
            for one in node.declarators:
                if isinstance(one.target, js.Name) and one.value is not None:
                    found[one.target.text] = one.value
    return found


def _path(node: js.Expression, constants: dict[str, js.Expression], depth: int = 0) -> str | None:
    """Return text with ``*`` for what is not known; None when the start is not known."""
    text = _text(node, constants, depth)
    return None if text.startswith("*") else text


def _text(node: js.Expression, constants: dict[str, js.Expression], depth: int) -> str:
    match node:
        case js.Literal(_, str() as text):
            return text
        case js.Template(_, strings, values):
            parts = [strings[0]]
            for value, text in zip(values, strings[1:], strict=True):
                parts += [_text(value, constants, depth), text]
            return "".join(parts)
        case js.Binary(_, "+", left, right):
            return (
                _text(left, constants, depth + 1) + _text(right, constants, depth + 1)
                if depth < MAX_TERMS
                else "*"
            )
        case js.Cast(_, operand, _):
            return _text(operand, constants, depth)
        case js.Name(_, name) if name in constants and depth < 4:  # noqa: PLR2004 - constants of constants
            return _text(constants[name], constants, depth + 1)
        case _:
            return "*"


# --- redirects -----------------------------------------------------------------------------


def _redirects(module: js.Module, app: App) -> Iterator[BindAddressRedirect]:
    urls = {
        one.target.text: one.value
        for node in walk(module)
        if isinstance(node, js.Declaration)
        for one in node.declarators
        if isinstance(one.target, js.Name) and one.value is not None
    }
    for node in walk(module):
        match node:
            case js.Call(
                _,
                js.Member(_, js.Name(_, "NextResponse" | "Response"), "redirect", _, _),
                (first, *_),
                _,
            ):
                target = urls.get(first.text, first) if isinstance(first, js.Name) else first
                base = _own_base(target)
                if base is not None:
                    yield BindAddressRedirect(
                        app, Location(module.source, node.span), module.source[base.span]
                    )
            case _:
                pass


def _own_base(node: js.Expression) -> js.Expression | None:
    """Return the part of a target that is the request's own address, or None."""
    match node:
        case js.New(_, js.Name(_, "URL"), (_, base)) if _is_own_address(base):
            return base
        case js.Template(_, _, (base, *_)) if _is_own_address(base):
            return base
        case js.Call(_, js.Member(_, base, "clone", _, _), _, _) if _is_own_address(base):
            return base
        case _:
            return None


def _is_own_address(node: js.Expression) -> bool:
    """Whether *node* is ``request.url``, ``request.nextUrl`` or its origin."""
    match node:
        case js.Member(_, js.Name(_, name), "url" | "nextUrl", _, _):
            return name.lower().startswith("req")
        case js.Member(_, base, "origin" | "href", _, _):
            return _is_own_address(base)
        case js.New(_, js.Name(_, "URL"), (base,)):
            return _is_own_address(base)
        case _:
            return False


LINKER = Linker((ApiCall, BindAddressRedirect), _link)
