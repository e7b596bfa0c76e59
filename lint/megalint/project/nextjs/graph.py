"""Which modules an app is made of, and which of them run in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import Struct

from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.linked import Linker, Project
from megalint.project.modules import Modules, modules_of
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.routes import RouteFile
from megalint.source import Source

_USE_CLIENT: Final = re.compile(
    r"""\A(?:\s|//[^\n]*\n|/\*.*?\*/|['"]use \w+['"];?)*['"]use client['"]""", re.DOTALL
)
_USE_SERVER: Final = re.compile(_USE_CLIENT.pattern.replace("use client", "use server"), re.DOTALL)
SERVER_FILES: Final = ("middleware", "proxy", "instrumentation")


def starts_on_client(text: str) -> bool:
    """Whether a text starts with ``'use client'``."""
    return "use client" in text and _USE_CLIENT.match(text) is not None


def starts_on_server(text: str) -> bool:
    """Whether a text starts with ``'use server'``."""
    return "use server" in text and _USE_SERVER.match(text) is not None


class AppModule(Struct, frozen=True):
    """A module that can be reached from the entries of an app.

    :attr:`is_browser`: it is, or is imported by, a client module or a page of the pages router
    (of a ``'use server'`` module the browser gets references to its actions, not the module);
    :attr:`is_client_entry`: it says ``'use client'`` itself, or is such a page.
    """

    app: App
    source: Source
    is_server: bool
    is_browser: bool
    is_client_entry: bool


def is_client(source: Source) -> bool:
    """Whether *source* starts with ``'use client'``."""
    return source.ask(starts_on_client)


def _is_actions(source: Source) -> bool:
    """Whether *source* starts with ``'use server'``."""
    return source.ask(starts_on_server)


def _link(project: Project) -> Iterator[AppModule]:
    modules = modules_of(project.checkout)
    for config in project.each(AppConfig):
        yield from _app_modules(project, modules, config.app)


def _app_modules(project: Project, modules: Modules, app: App) -> Iterator[AppModule]:
    checkout = project.checkout
    files = [file for file in project.each(RouteFile) if file.app == app]
    server = [file.source for file in files] + list(server_files(checkout, app))
    pages = {file.source for file in files if file.kind in {"pages-page", "_app", "_error"}}
    pages.update(_at_root(checkout, app, ("instrumentation-client",)))
    reached = _closure(modules, [*server, *pages])
    entries = [source for source in reached if is_client(source) or source in pages]
    actions = [source for source in reached if _is_actions(source)]
    browser = _closure(modules, entries, never=_is_actions)
    on_server = _closure(modules, [*server, *actions], last=is_client)
    for source in sorted({*reached, *browser}, key=lambda one: one.path):
        is_entry = source in browser and (is_client(source) or source in pages)
        yield AppModule(app, source, source in on_server, source in browser, is_entry)


def server_files(checkout: Checkout, app: App) -> Iterator[Source]:
    """Yield the middleware and instrumentation files where Next may look for them."""
    return _at_root(checkout, app, SERVER_FILES)


def _at_root(checkout: Checkout, app: App, names: Iterable[str]) -> Iterator[Source]:
    for folder in dict.fromkeys((app.root_folder, app.path, app.path / "src")):
        for name in names:
            for extension in ("ts", "js", "tsx", "jsx", "mts", "mjs"):
                source = checkout.get(folder / f"{name}.{extension}")
                if source is not None:
                    yield source


def _nowhere(_: Source) -> bool:
    return False


def _closure(
    modules: Modules,
    roots: Iterable[Source],
    *,
    last: Callable[[Source], bool] = _nowhere,
    never: Callable[[Source], bool] = _nowhere,
) -> dict[Source, None]:
    """Return what can be reached: nothing beyond a module that is *last*, none that is *never*."""
    found = dict.fromkeys(roots)
    pending = list(found)
    while pending:
        source = pending.pop()
        if last(source):
            continue
        for target in modules.imports(source):
            if target not in found and not never(target):
                found[target] = None
                pending.append(target)
    return found


LINKER = Linker((AppModule,), _link)
