"""Requests that code in the browser sends to the app's own ``/api``, and redirects of handlers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.classify import Kind, classify
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.constants import Constants, patterns
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.linked import Linker, Project
from megalint.project.modules import Inside, Modules
from megalint.project.nextjs.calls import METHODS, Calls
from megalint.project.nextjs.graph import AppModule
from megalint.project.nextjs.routes import RouteFile
from megalint.source import Location, Needle, Source, whole
from megalint.values import Value

MAX_TERMS: Final = 32
_SENDS: Final = Needle(
    (
        *map(whole, ("axios", "ky", "swr")),
        *((word, word) for word in ("useSWR", "XMLHttpRequest", "EventSource", "sendBeacon")),
        ("fetch", r"fetch(?:\(|\b(?<=\bfetch))"),
        ("<form", r"<form\b"),
        *((f".{verb}(", rf"\.{verb}\(") for verb in sorted(METHODS)),
    )
)
_TAKES_API: Final = re.compile(
    r"""location\s[~^=*\s]*/api|PathPrefix\(`/api|\bhandle(?:_path)?\s+/api|reverse_proxy\s+/api
    |^[^\S\n]*/api\S*\s+http|["']/api/\*|"source":\s*"/\(?api|from\s*=\s*"/api""",
    re.VERBOSE | re.MULTILINE,
)
"""A line of a proxy, a load balancer or a platform that sends ``/api`` somewhere."""
_PROXIES: Final = frozenset({Kind.PROXY, Kind.COMPOSE, Kind.TERRAFORM, Kind.SHELL})
_PLATFORMS: Final = frozenset({"vercel.json", "firebase.json", "staticwebapp.config.json"})
_HOST_PARTS: Final = frozenset({"host", "hostname", "href", "port"})
_CODE: Final = frozenset({".ts", ".js", ".mjs", ".cjs", ".py", ".go", ".rb"})
_SETS_BASE: Final = Needle(
    (
        ("axios.defaults.baseURL", r"\baxios\.defaults\.baseURL\s*="),
        (".fetch", r"\b(?:window|globalThis)\.fetch\s*=(?!=)"),
    )
)
"""Assignments after which an address says less than it seems to."""


class ApiCall(Struct, frozen=True):
    """A request for a path of this site; unknown parts of :attr:`path` are ``*``."""

    app: App
    path: str
    method: str | None
    location: Location
    library: str = "fetch"


class OtherServer(Struct, frozen=True):
    """A sign that paths of an app may be answered by something that is no part of it.

    A server of its own around Next, a proxy that is configured for ``/api``, functions in ``api/``.
    """

    app: App
    location: Location


class BindAddressRedirect(Struct, frozen=True):
    """A handler's redirect to an address made from the request's own URL."""

    app: App
    location: Location
    base: str


def _link(project: Project) -> Iterator[ApiCall | OtherServer | BindAddressRedirect]:
    reader = Calls(Constants(partial(_module, project, Modules(project.checkout))))
    for app in project.each(App):
        yield from _calls(project, app, reader)
        yield from _other_servers(project, app)
    for file in project.each(RouteFile):
        if file.kind == "handler" and file.source.mentions("redirect"):
            yield from _redirects(project.checkout.parsed(file.source, parse), file.app)


def _module(
    project: Project, modules: Modules, importer: js.Module, specifier: str
) -> js.Module | None:
    """Return the module of the checkout that *specifier* names, None for a package's."""
    found = modules.resolve(specifier, PurePosixPath(importer.source.path))
    if not isinstance(found, Inside) or found.source.path.suffix == ".json":
        return None
    return project.checkout.parsed(found.source, parse)


# --- calls ---------------------------------------------------------------------------------


def _calls(project: Project, app: App, reader: Calls) -> Iterator[ApiCall]:
    sources = [one.source for one in project.each(AppModule) if one.app == app and one.is_browser]
    has_base = any(source.mentions(_SETS_BASE) for source in sources)
    for source in sources:
        if not source.mentions(_SENDS):
            continue
        module = project.checkout.parsed(source, parse)
        for sent in reader.of(module):
            if has_base and sent.library in {"axios", "fetch"}:
                continue
            for path in _own_paths(sent.address):
                place = Location(source, sent.node.span)
                yield ApiCall(app, path, sent.method, place, sent.library)


def _own_paths(address: Value) -> Iterator[str]:
    """Yield the paths below ``/api`` that *address* may be; none where its start is not known."""
    written = patterns(address)
    if any(text.startswith("*") for text in written):
        return
    for text in dict.fromkeys(map(_clean, written)):
        if text == "/api" or text.startswith("/api/"):
            yield text


def _clean(text: str) -> str:
    """Return the path of an address without query and fragment, doubled slashes and stars."""
    path = re.split(r"[?#]", text, maxsplit=1)[0]
    return re.sub(r"\*+", "*", re.sub(r"/{2,}", "/", path) if path.startswith("/") else path)


# --- other servers -------------------------------------------------------------------------


def _other_servers(project: Project, app: App) -> Iterator[OtherServer]:
    servers = [*project.checkout.view(_proxies), *_servers(project, app)]
    if servers:
        source = min(servers, key=lambda one: one.path)
        yield OtherServer(app, Location(source, source.line_span(1)))


def _proxies(checkout: Checkout) -> list[Source]:
    """Return what may take the requests for the API from any app."""
    platforms = (one for name in _PLATFORMS for one in checkout.named(name))
    return [one for one in (*checkout.of_kind(*_PROXIES), *platforms) if one.mentions(_TAKES_API)]


def _servers(project: Project, app: App) -> Iterator[Source]:
    """Yield the code of the app that serves by itself."""
    functions = app.path / "api"
    for source in project.checkout.below(app.path):
        is_code = source.path.suffix in _CODE and classify(source.path) not in _PROXIES
        if is_code and (source.mentions("getRequestHandler") or functions in source.path.parents):
            yield source


# --- redirects -----------------------------------------------------------------------------


def _redirects(module: js.Module, app: App) -> Iterator[BindAddressRedirect]:
    moved = set(_moved(module))
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
                is_moved = isinstance(first, js.Name) and first.text in moved
                if base is not None and not is_moved:
                    yield BindAddressRedirect(
                        app, Location(module.source, node.span), module.source[base.span]
                    )
            case _:
                pass


def _own_base(node: js.Expression) -> js.Expression | None:
    """Return the part of a target that is the request's own address, or None."""
    match node:
        case js.New(_, js.Name(_, "URL"), (path, base)) if _is_own_address(base):
            return None if isinstance(path, js.Literal) and _is_absolute(path) else base
        case js.New(_, js.Name(_, "URL"), (base,)) if _is_own_address(base):
            return base
        case js.Template(_, _, (base, *_)) if _is_own_address(base):
            return base
        case js.Call(_, js.Member(_, base, "clone", _, _), _, _) if _is_own_address(base):
            return base
        case _:
            return None


def _is_absolute(node: js.Literal) -> bool:
    return re.match(r"[a-z]+:|//", str(node.value)) is not None


def _moved(module: js.Module) -> Iterator[str]:
    """Yield the names of URLs that are given another host."""
    for node in walk(module):
        match node:
            case js.Assign(_, "=", js.Member(_, js.Name(_, text), key)) if key in _HOST_PARTS:
                yield text
            case _:
                pass


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


LINKER = Linker((ApiCall, OtherServer, BindAddressRedirect), _link)
