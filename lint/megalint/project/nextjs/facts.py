"""What is known about an app's values and routes: the facts that rules and ``trace`` read."""

from __future__ import annotations

from enum import IntEnum
from pathlib import PurePosixPath

from msgspec import Struct

from megalint.finding import Confidence
from megalint.project.apps import App
from megalint.source import Location
from megalint.values import Flow, Read, Value


class Phase(IntEnum):
    """When an expression is evaluated, earliest first."""

    BUILD = 0
    REVALIDATE = 1
    START = 2
    REQUEST = 3
    BROWSER = 4
    NEVER = 5

    @property
    def is_frozen(self) -> bool:
        """Whether the value of the build is served, at least at first."""
        return self <= Phase.REVALIDATE


class Sink(Struct, frozen=True):
    """A place where values take effect.

    :attr:`kind` is one of rewrite, redirect, header, env-key, config, build-id, public,
    static-page, static-handler, metadata, page, handler, api, middleware, instrumentation,
    action, browser. :attr:`subject` is what it serves: a route (``/events/[id]``), the source of a
    rewrite (``/api/:path*``), a configuration key (``basePath``).
    :attr:`only_standalone`: frozen only where ``node server.js`` runs; ``next start`` reads again.
    """

    kind: str
    location: Location
    phase: Phase
    subject: str = ""
    confidence: Confidence = Confidence.HIGH
    only_standalone: bool = False


class Captured(Struct, frozen=True):
    """One read whose value arrives at a sink, and the road it takes."""

    read: Read
    flow: Flow
    sink: Sink

    @property
    def road(self) -> tuple[Location, ...]:
        """The labelled places from the read on, the sink left out."""
        return tuple(step for step in self.flow.steps if step.span != self.sink.location.span)


class EnvironmentRead(Struct, frozen=True):
    """One read of one app, with every sink it reaches.

    :attr:`default` is the text that stands in where the variable is unset. :attr:`is_inlined`:
    the bundler replaces the expression by the build's value wherever it occurs.
    """

    app: App
    read: Read
    default: str | None
    default_location: Location | None
    is_inlined: bool
    captures: tuple[Captured, ...]
    is_stand_in: bool = False
    """Whether it only stands in for another variable that is unset."""

    @property
    def phase(self) -> Phase:
        """The earliest phase of its sinks; never when no sink is reached."""
        return min((capture.sink.phase for capture in self.captures), default=Phase.NEVER)


class Variable(Struct, frozen=True):
    """All reads of one variable in one app, in path order."""

    app: App
    name: str
    reads: tuple[EnvironmentRead, ...]


class ConfigValue(Struct, frozen=True):
    """A value in next.config that ``next build`` writes down, and the reads it depends on."""

    app: App
    sink: Sink
    value: Value
    captures: tuple[Captured, ...]


class Rewrite(Struct, frozen=True):
    """One rule of ``rewrites()``. :attr:`stage` is beforeFiles, afterFiles or fallback."""

    app: App
    stage: str
    source: Value
    destination: Value
    location: Location
    has_conditions: bool
    captures: tuple[Captured, ...]


class Redirect(Struct, frozen=True):
    """One rule of ``redirects()``."""

    app: App
    source: Value
    destination: Value
    location: Location
    has_conditions: bool
    captures: tuple[Captured, ...]


class AppConfig(Struct, frozen=True):
    """What next.config says that the rest of the model needs; None where unknown or absent."""

    app: App
    output: str | None
    base_path: str
    page_extensions: tuple[str, ...]
    locales: tuple[str, ...]
    dist_dir: str
    has_cache_components: bool
    is_trailing_slash: bool
    location: Location | None
    output_location: Location | None
    is_complete: bool
    """Whether every key is known: an unknown wrapper may add or change some."""
    is_output_certain: bool = True
    """Whether :attr:`output` is the same in every build."""


class Route(Struct, frozen=True):
    """A URL pattern that an app answers: prerendered, revalidated or per-request."""

    app: App
    route: str
    path: PurePosixPath
    kind: str
    rendering: str
    why: str
    methods: tuple[str, ...] = ()
    """The HTTP methods of a handler; empty for pages and pages/api, which take any."""
