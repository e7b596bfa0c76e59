"""What ``megalint trace`` shows: every read of the environment, when it runs, where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any, Final

from megalint.project import Project
from megalint.project.nextjs.facts import (
    AppConfig,
    Captured,
    EnvironmentRead,
    Phase,
    Route,
)
from megalint.project.nextjs.middleware import Middleware

_SHOWN_SINKS: Final = 6


@dataclass(frozen=True, slots=True)
class Trace:
    """The facts that a trace is made of."""

    apps: tuple[AppConfig, ...]
    reads: tuple[EnvironmentRead, ...]
    routes: tuple[Route, ...]
    middleware: tuple[Middleware, ...]


def collect(project: Project, variables: Sequence[str] = ()) -> Trace:
    """Return the trace of *variables* (globs), or of all."""
    reads = [
        read
        for read in project.each(EnvironmentRead)
        if not variables or any(fnmatch(read.read.name, one) for one in variables)
    ]
    return Trace(
        tuple(project.each(AppConfig)),
        tuple(reads),
        tuple(project.each(Route)),
        tuple(project.each(Middleware)),
    )


# --- JSON ----------------------------------------------------------------------------------


def to_json(trace: Trace) -> dict[str, Any]:
    """Return the object that ``--format json`` prints (version 1)."""
    return {
        "version": 1,
        "apps": [_app(config) for config in trace.apps],
        "reads": [_read(read) for read in trace.reads],
        "routes": [_route(route) for route in trace.routes],
        "middleware": [_middleware(one) for one in trace.middleware],
        "launches": [],
        "contracts": [],
    }


def _app(config: AppConfig) -> dict[str, Any]:
    app = config.app
    return {
        "path": str(app.path),
        "next": app.version,
        "bundler": app.bundler.value,
        "output": config.output,
    }


def _read(read: EnvironmentRead) -> dict[str, Any]:
    location = read.read.location
    line, column = location.source.line_column(location.span.start)
    return {
        "app": str(read.app.path),
        "name": read.read.name,
        "path": str(location.source.path),
        "line": line,
        "column": column,
        "phase": read.phase.name.lower(),
        "default": read.default,
        "sinks": [_sink(capture) for capture in _by_phase(read)],
    }


def _sink(capture: Captured) -> dict[str, Any]:
    sink = capture.sink
    return {
        "kind": sink.kind,
        "path": str(sink.location.source.path),
        "line": sink.location.line,
        "phase": sink.phase.name.lower(),
    }


def _by_phase(read: EnvironmentRead) -> list[Captured]:
    return sorted(read.captures, key=lambda one: (one.sink.phase, str(one.sink.location)))


def _route(route: Route) -> dict[str, Any]:
    return {
        "app": str(route.app.path),
        "route": route.route,
        "path": str(route.path),
        "kind": route.kind,
        "rendering": route.rendering,
        "why": route.why,
    }


def _middleware(middleware: Middleware) -> dict[str, Any]:
    return {
        "app": str(middleware.app.path),
        "path": str(middleware.source.path),
        "used": middleware.is_used,
        "why": middleware.why,
        "matchers": [{"source": one.source, "regexp": one.regexp} for one in middleware.matchers],
    }


# --- text ----------------------------------------------------------------------------------

_WORDS: Final = {
    Phase.BUILD: "frozen at build",
    Phase.REVALIDATE: "frozen until revalidated",
    Phase.START: "read at server start",
    Phase.REQUEST: "read per request",
    Phase.BROWSER: "read in the browser",
    Phase.NEVER: "never takes effect",
}


def to_text(trace: Trace, *, is_coloured: bool = False) -> str:
    """Return what people read: per app and variable, each read and where it ends."""
    return (
        "\n".join(line for config in trace.apps for line in _app_lines(config, trace, is_coloured))
        + "\n"
    )


def _app_lines(config: AppConfig, trace: Trace, is_coloured: bool) -> Iterator[str]:
    app = config.app
    facts = [f"next {app.version or 'of unknown version'}", app.bundler.value]
    yield _bold(
        f"{app.path} ({', '.join(facts + ([config.output] if config.output else []))})", is_coloured
    )
    reads: dict[str, list[EnvironmentRead]] = {}
    for read in trace.reads:
        if read.app == app:
            reads.setdefault(read.read.name, []).append(read)
    width = max((len(name) for name in reads), default=0)
    for name in sorted(reads):
        for place, read in enumerate(reads[name]):
            yield from _read_lines(name if not place else "", width, read)
    if not reads:
        yield "  no reads of the environment"
    yield ""


def _read_lines(name: str, width: int, read: EnvironmentRead) -> Iterator[str]:
    words = "inlined at build" if read.is_inlined else _words(read)
    default = "" if read.default is None else f", default {read.default!r}"
    yield f"  {name:{width}}  {words:24}  {read.read.location}{default}"
    shown = [one for one in _by_phase(read) if one.sink.location != read.read.location]
    for capture in shown[:_SHOWN_SINKS]:
        sink = capture.sink
        subject = f" {sink.subject}" if sink.subject else ""
        yield f"  {'':{width}}  {'':24}  -> {sink.kind}{subject} ({sink.location})"
    if len(shown) > _SHOWN_SINKS:
        yield f"  {'':{width}}  {'':24}  -> and {len(shown) - _SHOWN_SINKS} more"


def _words(read: EnvironmentRead) -> str:
    only = bool(read.captures) and all(
        capture.sink.only_standalone
        for capture in read.captures
        if capture.sink.phase is read.phase
    )
    return "frozen in standalone" if only and read.phase is Phase.BUILD else _WORDS[read.phase]


def _bold(text: str, is_coloured: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if is_coloured else text
