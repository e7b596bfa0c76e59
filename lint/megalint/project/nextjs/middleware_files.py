"""Files that could be middleware, and which of them Next runs (facts: middleware placement)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.imports import imported
from megalint.languages.javascript.parse import parse
from megalint.project.apps import App, Bundler
from megalint.project.checkout import Checkout
from megalint.project.nextjs.facts import AppConfig
from megalint.source import Source

PROXY_SINCE: Final = 16
NAMES: Final = ("proxy", "middleware")
_CODE: Final = ("ts", "tsx", "js", "jsx", "mjs", "mts", "cjs", "cts")
_LIBRARIES: Final = re.compile(r"^(?:next/server|next-intl/middleware|next-auth|@clerk/nextjs)")


class Candidate(Struct, frozen=True):
    """A file that looks like middleware of Next.

    :attr:`why` says why Next does not run it, or is None; :attr:`advice` what to do instead.
    """

    source: Source
    why: str | None = None
    advice: str | None = None


def candidates(checkout: Checkout, config: AppConfig) -> Iterator[Candidate]:
    """Yield the middleware of an app, and the files that were meant to be."""
    found = list(_beside_routes(checkout, config))
    judged = [_judged(checkout, source, found, config) for source in found]
    yield from (one for one in judged if one is not None)
    if not any(one is not None and one.why is None for one in judged):
        yield from _among_routes(checkout, config)


def _among_routes(checkout: Checkout, config: AppConfig) -> Iterator[Candidate]:
    """Yield middleware that was put into the folder of the routes instead of beside it."""
    for folder in (config.app.app_folder, config.app.pages_folder):
        for source in checkout.below(folder) if folder is not None else ():
            stem = _stem(source)
            is_named = stem in NAMES and source.path.parent == folder
            if (stem == "_middleware" or is_named) and _is_meant(checkout, source):
                yield Candidate(source, *_inside(source, config))


def _beside_routes(checkout: Checkout, config: AppConfig) -> Iterator[Source]:
    app = config.app
    folders = dict.fromkeys((app.root_folder, app.path, app.path / "src"))
    suffixes = dict.fromkeys((*config.page_extensions, *_CODE))
    for folder in folders:
        for name in NAMES:
            for suffix in suffixes:
                source = checkout.get(folder / f"{name}.{suffix}")
                if source is not None and source.text.strip():
                    yield source


def _is_meant(checkout: Checkout, source: Source) -> bool:
    """Whether the file is written for Next, not for Express or Redux.

    It exports a matcher, or imports from Next what middleware needs and exports middleware.
    """
    names = exported(checkout.parsed(source, parse))
    if _exports_matcher(checkout, source):
        return True
    return bool(names & {*NAMES, "default", "*"}) and _imports_next(source)


def _exports_matcher(checkout: Checkout, source: Source) -> bool:
    return source.mentions("matcher") and "config" in exported(checkout.parsed(source, parse))


def _imports_next(source: Source) -> bool:
    return any(map(_LIBRARIES.match, source.ask(imported)))


def exported(module: js.Module) -> set[str]:
    """Return the names that a module exports; ``*`` where it exports all of another."""
    found: set[str] = set()
    for statement in module.body:
        match statement:
            case js.ExportDeclaration(_, js.Declaration(_, _, declarators)):
                targets = (one.target for one in declarators)
                found |= {one.text for one in targets if isinstance(one, js.Name)}
            case js.ExportDeclaration(_, js.FunctionDeclaration(_, function)):
                found.add(function.name or "default")
            case js.ExportDeclaration(_, js.ClassDeclaration()) | js.ExportDeclaration():
                pass
            case js.ExportDefault():
                found.add("default")
            case js.ExportNames(_, names):
                found |= {one.exported for one in names}
            case js.ExportAll() | js.ExportAssignment():
                found.add("*")
            case js.ExpressionStatement() if re.search(r"\bexports\b", module.source.text):
                found.add("*")
            case _:
                pass
    return found


# --- judging -------------------------------------------------------------------------------


def _judged(
    checkout: Checkout, source: Source, found: Sequence[Source], config: AppConfig
) -> Candidate | None:
    """Return the file as a candidate, or None where it is none of Next's."""
    for judge in (_by_name, _by_extension, _by_place):
        problem = judge(source, found, config)
        if problem is not None:
            return Candidate(source, *problem) if _is_meant(checkout, source) else None
    problem = _by_export(checkout, source, config.app)
    if problem is None:
        return Candidate(source)
    is_meant = _exports_matcher(checkout, source) or _imports_next(source)
    return Candidate(source, *problem) if is_meant else None


_Problem = tuple[str, str] | None


def _by_name(source: Source, found: Sequence[Source], config: AppConfig) -> _Problem:
    major = config.app.major
    if _stem(source) == "proxy" and major < PROXY_SINCE:
        return (
            f"Next {major} looks for `middleware`; `proxy` exists since Next 16",
            "rename the file and its function to `middleware`",
        )
    others = [
        one for one in found if _stem(one) == "proxy" and one.path.parent == source.path.parent
    ]
    if _stem(source) == "middleware" and others and major >= PROXY_SINCE:
        return (
            f"`{others[0].path.name}` lies beside it, and Next {major} stops the build over both",
            f"move what it does into `{others[0].path.name}`",
        )
    return None


def _by_extension(source: Source, _: Sequence[Source], config: AppConfig) -> _Problem:
    """Next looks for the file with a page extension only."""
    suffix = source.path.name.partition(".")[2]
    if not config.page_extensions or suffix in config.page_extensions:
        return None
    extensions = ", ".join(f"`.{one}`" for one in config.page_extensions)
    return (
        f"this app's files end in {extensions}, and so does its middleware",
        f"rename the file to `{_stem(source)}.{_closest(suffix, config)}`",
    )


def _closest(suffix: str, config: AppConfig) -> str:
    wanted = suffix.removeprefix("m").removeprefix("c")
    ending = [one for one in config.page_extensions if one.rpartition(".")[2] == wanted]
    return (ending or list(config.page_extensions))[0]


def _by_place(source: Source, found: Sequence[Source], config: AppConfig) -> _Problem:
    app = config.app
    folder, wanted = source.path.parent, app.root_folder
    rivals = [one for one in found if one.path.parent != folder and _stem(one) == _stem(source)]
    if app.bundler is Bundler.TURBOPACK:
        # Turbopack looks in both folders, in the app's own first
        is_beaten = folder != app.path and any(one.path.parent == app.path for one in rivals)
        return (
            (f"`{rivals[0].path}` is used instead", "remove one of the two") if is_beaten else None
        )
    if folder == wanted:
        return None
    if any(one.path.parent == wanted for one in rivals):
        return f"`{rivals[0].path}` is used instead", "remove one of the two"
    where = f"in `{_shown(wanted, app)}`"
    return (
        f"webpack builds look beside `{_routes_name(app)}`, {where}",
        f"move it to `{wanted / source.path.name}`",
    )


def _by_export(checkout: Checkout, source: Source, app: App) -> _Problem:
    """Next runs the export of the file's own name, or the default export."""
    names = exported(checkout.parsed(source, parse))
    wanted = _stem(source)
    if not checkout.parsed(source, parse).body or names & {wanted, "default", "*"}:
        return None
    effect = (
        "stops the build over it" if app.major >= PROXY_SINCE else "answers every request with 500"
    )
    other = next((one for one in NAMES if one in names), None)
    has = f"it exports `{other}`, not `{wanted}`" if other else f"it exports no `{wanted}`"
    return f"{has}, and Next {app.major} {effect}", f"export a function named `{wanted}`"


def _inside(source: Source, config: AppConfig) -> tuple[str, str]:
    """Return what is wrong with a file among the routes."""
    name = "proxy" if config.app.major >= PROXY_SINCE else "middleware"
    extension = source.path.name.partition(".")[2]
    target = config.app.root_folder / f"{name}.{extension}"
    why = (
        "Next dropped `_middleware` files in 12.2"
        if _stem(source) == "_middleware"
        else f"Next looks beside `{_routes_name(config.app)}`, not in it"
    )
    return why, f"move it to `{target}`"


def _stem(source: Source) -> str:
    return source.path.name.partition(".")[0]


def _routes_name(app: App) -> str:
    folder = app.pages_folder or app.app_folder
    return f"{folder.name}/" if folder is not None else "the routes"


def _shown(folder: PurePosixPath, app: App) -> str:
    return f"{folder}/" if folder != PurePosixPath() else f"{app.name}/"
