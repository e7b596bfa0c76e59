"""The trace as JSON, version 1: what scripts may rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from megalint.languages.shell.state import likely
from megalint.project.launches.facts import EnvFile, Injection, Launch, Need
from megalint.project.nextjs.facts import AppConfig, Captured, EnvironmentRead, Route
from megalint.project.nextjs.middleware import Middleware
from megalint.secrets import masked
from megalint.trace import Trace


def to_json(trace: Trace) -> dict[str, Any]:
    """Return the object that ``--format json`` prints (version 1)."""
    return {
        "version": 1,
        "apps": [_app(config) for config in trace.apps],
        "reads": [_read(read) for read in trace.reads],
        "routes": [_route(route) for route in trace.routes],
        "middleware": [_middleware(one) for one in trace.middleware],
        "launches": [_launch(one, trace) for one in trace.launches],
        "contracts": [_need(one) for one in trace.needs],
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
        "sinks": [_sink(capture) for capture in by_phase(read)],
    }


def _sink(capture: Captured) -> dict[str, Any]:
    sink = capture.sink
    return {
        "kind": sink.kind,
        "path": str(sink.location.source.path),
        "line": sink.location.line,
        "phase": sink.phase.name.lower(),
    }


def by_phase(read: EnvironmentRead) -> list[Captured]:
    """Return where a read takes effect, earliest first."""
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


def _launch(launch: Launch, trace: Trace) -> dict[str, Any]:
    return {
        "path": str(launch.location.source.path),
        "line": launch.location.line,
        "template": launch.owner,
        "process": launch.process,
        "kind": launch.kind,
        "user": launch.user,
        "cwd": launch.cwd,
        "app": None if launch.app is None else str(launch.app.path),
        "starts": launch.starts.value,
        "note": launch.note,
        "environment": {
            one.name: {"value": _value(one), "certainty": one.certainty.value}
            for one in _shown(launch.environment.values(), trace)
        },
        "env_files": {file.path: _entries(file, trace) for file in launch.env_files},
        "effective": _values(launch.effective, trace),
        "lacks": [name for name in launch.lacks if trace.shows(name)],
    }


def _shown(injections: Iterable[Injection], trace: Trace) -> Iterable[Injection]:
    return (one for one in injections if trace.shows(one.name))


def _value(injection: Injection) -> str | None:
    value = likely(injection.value)
    return None if value is None else masked(injection.name, value)


def _entries(file: EnvFile, trace: Trace) -> dict[str, str | None]:
    return _values(file.entries, trace)


def _values(found: Mapping[str, Injection], trace: Trace) -> dict[str, str | None]:
    return {one.name: _value(one) for one in _shown(found.values(), trace)}


def _need(need: Need) -> dict[str, Any]:
    return {
        "app": str(need.app.path),
        "name": need.name,
        "phase": need.phase,
        "default": need.default,
        "source": need.source,
        "needed": need.is_needed,
    }
