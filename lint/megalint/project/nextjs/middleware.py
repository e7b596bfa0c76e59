"""Middleware and proxy files: whether Next runs them, on which paths, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.project.modules import Modules
from megalint.project.nextjs.answers import Answer, Answers
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.matchers import Matcher
from megalint.project.nextjs.middleware_config import MatcherProblem, read_config
from megalint.project.nextjs.middleware_files import Candidate, candidates
from megalint.project.nextjs.routes import RouteFile
from megalint.source import Location, Source, Span

PROBES: Final = (
    "/",
    "/about",
    "/api",
    "/api/health",
    "/_next/static/chunks/main.js",
    "/_next/image",
    "/favicon.ico",
)


class Middleware(Struct, frozen=True):
    """A middleware or proxy file.

    :attr:`why` says why Next does not run it, or is None; :attr:`advice` what to do instead.
    :attr:`location` is its function, :attr:`config_location` its ``config``. :attr:`answers` are
    what it may answer on :data:`PROBES`, on an address of each handler below ``/api``, and where
    it redirects to.
    """

    config: AppConfig
    source: Source
    why: str | None
    advice: str | None
    location: Location
    config_location: Location | None
    has_matcher: bool
    matchers: tuple[Matcher, ...]
    problem: MatcherProblem | None
    runtime: str | None
    answers: tuple[Answer, ...]

    @property
    def app(self) -> App:
        """The app it belongs to."""
        return self.config.app

    @property
    def is_used(self) -> bool:
        """Whether Next runs it."""
        return self.why is None

    def runs_on(self, path: str) -> bool:
        """Whether a request for *path*, a path of the app without its basePath, can reach it."""
        return self.is_used and any(one.matches(path, self.config) for one in self.matchers)


def _link(project: Project) -> Iterator[Middleware]:
    modules = Modules(project.checkout)
    for config in project.each(AppConfig):
        for candidate in candidates(project.checkout, config):
            yield _middleware(project, modules, config, candidate)


def _middleware(
    project: Project, modules: Modules, config: AppConfig, candidate: Candidate
) -> Middleware:
    source = candidate.source
    module = project.checkout.parsed(source, parse)
    read = read_config(module, config)
    answers: tuple[Answer, ...] = ()
    if candidate.why is None:
        paths = [*PROBES, *_api_paths(project, config)]
        answers = Answers(project.checkout, modules, source).on(paths)
    return Middleware(
        config,
        source,
        candidate.why,
        candidate.advice,
        _function_place(module),
        read.location,
        read.has_matcher,
        read.matchers,
        read.problem,
        read.runtime,
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


LINKER = Linker((Middleware,), _link)
