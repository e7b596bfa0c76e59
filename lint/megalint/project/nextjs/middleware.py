"""Middleware and proxy files: whether Next runs them, on which paths, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.project.apps import App, Bundler
from megalint.project.checkout import Checkout
from megalint.project.linked import Linker, Project
from megalint.project.modules import Modules
from megalint.project.nextjs.answers import Answer, Answers
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.matchers import EVERYWHERE, Matcher, compiled
from megalint.project.nextjs.routes import RouteFile
from megalint.source import Location, Source, Span

PROXY_SINCE: Final = 16
STRICT_SINCE: Final = 15
_EXTENSIONS: Final = ("ts", "js", "tsx", "jsx", "mjs", "mts")
PROBES: Final = (
    "/",
    "/about",
    "/api",
    "/api/health",
    "/_next/static/chunks/main.js",
    "/_next/image",
    "/favicon.ico",
)


@dataclass(frozen=True, slots=True)
class MatcherProblem:
    """Something in ``config.matcher`` that Next cannot read; *words* name it."""

    location: Location
    words: str


@dataclass(frozen=True, slots=True)
class Middleware:
    """A middleware or proxy file.

    :attr:`why` says why Next does not run it, or is None. :attr:`answers` are what it may answer
    on :data:`PROBES`, on an address of each handler below ``/api``, and where it redirects to.
    """

    app: App
    source: Source
    is_used: bool
    why: str | None
    location: Location
    has_matcher: bool
    matchers: tuple[Matcher, ...]
    problem: MatcherProblem | None
    runtime: str | None
    answers: tuple[Answer, ...]

    def runs_on(self, path: str) -> bool:
        """Whether a request for *path* can reach it."""
        return self.is_used and any(one.matches(path, self.app.major) for one in self.matchers)


def _link(project: Project) -> Iterator[Middleware]:
    modules = Modules(project.checkout)
    for config in project.each(AppConfig):
        for source, is_used, why in _files(project.checkout, config.app):
            yield _middleware(project, modules, config, source, is_used=is_used, why=why)


# --- placement -----------------------------------------------------------------------------


def _files(checkout: Checkout, app: App) -> Iterator[tuple[Source, bool, str | None]]:
    """Yield the files that look like middleware, and whether Next runs them."""
    candidates = [
        source
        for folder in (app.path, app.path / "src")
        for name in ("proxy", "middleware")
        for extension in _EXTENSIONS
        if (source := checkout.get(folder / f"{name}.{extension}")) is not None
        and _is_for_next(source)
    ]
    for source in candidates:
        why = _why_ignored(source, candidates, app)
        yield source, why is None, why


def _is_for_next(source: Source) -> bool:
    """Whether the file is written for Next, not for Express or Redux."""
    return any(
        word in source.text
        for word in ("next/server", "matcher", "NextResponse", "next-intl", "next-auth", "@clerk/")
    )


def _why_ignored(source: Source, candidates: list[Source], app: App) -> str | None:
    is_proxy = source.path.stem == "proxy"
    if is_proxy and app.major < PROXY_SINCE:
        return f"Next {app.major} looks for middleware.ts; proxy.ts exists since Next 16"
    wanted = app.root_folder
    is_misplaced = source.path.parent != wanted
    if is_misplaced and app.bundler is Bundler.WEBPACK:
        where = "src/" if wanted.name == "src" else "the folder of the app"
        return f"webpack builds look beside {_routes_name(app)}, in {where}"
    others = [one for one in candidates if one != source and one.path.stem == source.path.stem]
    if is_misplaced and any(one.path.parent == wanted for one in others):
        return f"{others[0].path} is used instead"
    return None


def _routes_name(app: App) -> str:
    folder = app.app_folder or app.pages_folder
    return f"{folder.name}/" if folder is not None else "the routes"


# --- the file ------------------------------------------------------------------------------


def _middleware(
    project: Project,
    modules: Modules,
    config: AppConfig,
    source: Source,
    *,
    is_used: bool,
    why: str | None,
) -> Middleware:
    module = project.checkout.parsed(source, parse)
    written = _exported_config(module)
    reader = _ConfigReader(config, source)
    matchers = reader.matchers(written)
    answers: tuple[Answer, ...] = ()
    if is_used:
        paths = [*PROBES, *_api_paths(project, config)]
        answers = Answers(project.checkout, modules, source).on(paths)
    return Middleware(
        config.app,
        source,
        is_used,
        why,
        _function_place(module),
        reader.has_matcher,
        matchers,
        reader.problem,
        reader.runtime,
        answers,
    )


def _api_paths(project: Project, config: AppConfig) -> list[str]:
    """Return an address for each handler below ``/api``, the first twenty."""
    files = (file for file in project.each(RouteFile) if file.app == config.app)
    routes = [file.route for file in files if file.kind in {"handler", "api"}]
    found = [_sample(route) for route in routes if route.startswith("/api/")]
    return list(dict.fromkeys(found))[:20]


def _sample(route: str) -> str:
    parts = ["x" if part.startswith("[") else part for part in route.split("/")]
    return "/".join(parts)


def _function_place(module: js.Module) -> Location:
    for statement in module.body:
        match statement:
            case js.ExportDeclaration(span, js.FunctionDeclaration()) | js.ExportDefault(span):
                line, _ = module.source.line_column(span.start)
                return Location(
                    module.source,
                    Span(span.start, max(module.source.line_span(line).end, span.start)),
                )
            case _:
                pass
    return Location(module.source, module.source.line_span(1) if module.source.text else Span(0, 0))


def _exported_config(module: js.Module) -> js.Expression | None:
    """Return the initial value of ``export const config``."""
    for statement in module.body:
        match statement:
            case js.ExportDeclaration(_, js.Declaration(_, _, declarators)):
                for one in declarators:
                    if isinstance(one.target, js.Name) and one.target.text == "config":
                        return one.value
            case _:
                pass
    return None


class _ConfigReader:
    """Reads ``config`` as Next's static analysis does."""

    def __init__(self, config: AppConfig, source: Source) -> None:
        self._config = config
        self._source = source
        self.problem: MatcherProblem | None = None
        self.has_matcher = False
        self.runtime: str | None = None

    def matchers(self, written: js.Expression | None) -> tuple[Matcher, ...]:
        """Return the matchers that hold; without any the middleware runs everywhere."""
        value = None if written is None else self._member(self._bare(written), "matcher")
        self.has_matcher = value is not None
        runtime = None if written is None else self._member(self._bare(written), "runtime")
        if isinstance(runtime, js.Literal) and isinstance(runtime.value, str):
            self.runtime = runtime.value
        entries = self._entries(value)
        found = [matcher for entry in entries if (matcher := self._matcher(entry)) is not None]
        if self.problem is not None or (not found and not self._is_empty(value)):
            return (Matcher("", EVERYWHERE, self._at(written)),)
        if not found and self._config.app.major >= PROXY_SINCE:
            return (Matcher("", EVERYWHERE, self._at(written)),)
        return tuple(found)

    @staticmethod
    def _is_empty(value: js.Expression | None) -> bool:
        return isinstance(value, js.Array) and not value.elements

    def _at(self, node: js.Expression | None) -> Location:
        span = Span(0, 0) if node is None else node.span
        return Location(self._source, span)

    def _complain(self, node: js.Node, words: str) -> None:
        if self.problem is None:
            self.problem = MatcherProblem(Location(self._source, node.span), words)

    def _bare(self, node: js.Expression) -> js.Expression:
        """Drop ``satisfies`` and ``as``, where this version of Next does."""
        while isinstance(node, js.Cast):
            major = self._config.app.major
            is_const = node.kind == "as const" and major < PROXY_SINCE
            if is_const or (node.kind != "as" and major < STRICT_SINCE):
                self._complain(node, f"`{node.kind}`")
            node = node.operand
        return node

    @staticmethod
    def _member(node: js.Expression, name: str) -> js.Expression | None:
        for member in node.members if isinstance(node, js.Object) else ():
            match member:
                case js.Property(_, js.Literal(_, key), value) if key == name:
                    return value
                case _:
                    pass
        return None

    def _entries(self, value: js.Expression | None) -> list[js.Expression]:
        if value is None:
            return []
        bare = self._bare(value)
        if isinstance(bare, js.Array):
            return [one for one in bare.elements if one is not None]
        return [bare]

    def _matcher(self, node: js.Expression) -> Matcher | None:
        bare = self._bare(node)
        text = self._text(bare)
        if text is not None:
            return Matcher(text, compiled(text, self._config), Location(self._source, bare.span))
        if isinstance(bare, js.Object):
            return self._object(bare)
        self._complain(bare, _description(bare))
        return None

    def _object(self, node: js.Object) -> Matcher | None:
        source = self._member(node, "source")
        text = None if source is None else self._text(self._bare(source))
        if source is None or text is None:
            self._complain(source or node, _description(source or node))
            return None
        locale = self._member(node, "locale")
        has_locale = not (isinstance(locale, js.Literal) and locale.value is False)
        is_conditional = any(self._member(node, name) is not None for name in ("has", "missing"))
        regexp = compiled(text, self._config, has_locale=has_locale)
        return Matcher(text, regexp, Location(self._source, source.span), is_conditional)

    @staticmethod
    def _text(node: js.Expression) -> str | None:
        if isinstance(node, js.Literal) and isinstance(node.value, str):
            return node.value
        if isinstance(node, js.Template) and not node.values:
            return node.strings[0]
        return None


def _description(node: js.Node) -> str:
    names: dict[type[js.Node], str] = {
        js.Name: "a variable",
        js.Template: "a template with expressions",
        js.Spread: "a spread",
        js.Member: "a property access",
        js.Binary: "a concatenation",
        js.Call: "a call",
        js.Conditional: "a condition",
    }
    return names.get(type(node), "an expression")


LINKER = Linker((Middleware,), _link)
