"""next.config: what it says, and what of it the build writes down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from megalint.finding import Confidence
from megalint.languages.javascript.evaluate import (
    External,
    FunctionValue,
    Interpreter,
    JsValue,
    ObjectValue,
    Realm,
    deep_flows,
    to_value,
)
from megalint.languages.javascript.evaluate.access import items
from megalint.languages.javascript.evaluate.objects import (
    ANY_KEY,
    UNDEFINED,
    ArrayValue,
    ClassValue,
)
from megalint.languages.javascript.evaluate.provenance import (
    alternatives,
    flows_of,
    functions_in,
    parts,
)
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.project.modules import Modules, modules_of
from megalint.project.nextjs.facts import (
    AppConfig,
    Captured,
    ConfigValue,
    Phase,
    Redirect,
    Rewrite,
    Sink,
)
from megalint.project.nextjs.host import NextHost
from megalint.project.nextjs.relevance import ALWAYS, Relevance
from megalint.project.nextjs.routes import PAGE_EXTENSIONS, RouteFile, route_files
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source, Span
from megalint.values import Flow, Flows, Known, merge, text, texts

_KEYS: Final = frozenset(
    [
        "rewrites",
        "redirects",
        "headers",
        "env",
        "output",
        "images",
        "reactStrictMode",
        "webpack",
        "experimental",
        "basePath",
        "assetPrefix",
        "transpilePackages",
        "i18n",
        "pageExtensions",
        "typescript",
        "eslint",
        "compiler",
        "distDir",
        "poweredByHeader",
        "compress",
        "trailingSlash",
        "generateBuildId",
        "swcMinify",
        "serverExternalPackages",
        "publicRuntimeConfig",
        "serverRuntimeConfig",
        "productionBrowserSourceMaps",
        "turbopack",
        "logging",
        "cacheComponents",
        "outputFileTracingRoot",
        "deploymentId",
        "allowedDevOrigins",
    ]
)
"""Keys by which a configuration is told from the options of a wrapper."""

_PASSING: Final = frozenset(
    [
        "@next/bundle-analyzer",
        "@next/mdx",
        "@sentry/nextjs",
        "next-pwa",
        "next-intl/plugin",
        "@next/env",
        "nextra",
        "next-transpile-modules",
        "next-compose-plugins",
        "@ducanh2912/next-pwa",
        "@serwist/next",
        "next-axiom",
        "@vercel/toolbar/plugins/next",
        "@content-collections/next",
        "fumadocs-mdx/next",
        "contentlayer/next",
        "next-contentlayer",
        "next-contentlayer2",
        "@payloadcms/next/withPayload",
        "withPayload",
        "million/compiler",
        "@million/lint",
        "@plaiceholder/next",
        "next-plausible",
    ]
)
"""Wrappers of which it is known that they keep the configuration they are given."""

_ALWAYS_FROZEN: Final = frozenset({"compiler", "basePath", "assetPrefix"})
_OF_THE_BUILD: Final = frozenset(
    [
        "output",
        "distDir",
        "typescript",
        "eslint",
        "webpack",
        "turbopack",
        "swcMinify",
        "productionBrowserSourceMaps",
        "transpilePackages",
        "outputFileTracingRoot",
        "outputFileTracing",
        "outputFileTracingIncludes",
        "outputFileTracingExcludes",
        "pageExtensions",
        "serverExternalPackages",
        "generateBuildId",
        "rewrites",
        "redirects",
        "headers",
        "env",
        "logging",
        "devIndicators",
        "reactStrictMode",
    ]
)
"""Keys that say how to build, or that are looked at apart."""


class _Configuration(Struct, frozen=True):
    """An object that ``next build`` reads, and how sure that is."""

    value: ObjectValue
    confidence: Confidence


def _link(project: Project) -> Iterator[object]:
    modules = modules_of(project.checkout)
    for app in project.each(App):
        if app.config is None:
            yield AppConfig(
                app, None, "", PAGE_EXTENSIONS, (), ".next", False, False, None, None, True
            )
        else:
            yield from _Reader(project, modules, app, app.config).run()


class _Reader:
    """Reads the configuration of one app."""

    def __init__(self, project: Project, modules: Modules, app: App, source: Source) -> None:
        self._app = app
        self._source = source
        relevance = Relevance(project.checkout, modules, ALWAYS)
        self._host = NextHost(project.checkout, modules, relevance)
        self._interpreter = Interpreter(self._host, Realm.SERVER)
        self._site = Location(source, Span(0, 0))
        self._output: str | None = None

    def run(self) -> Iterator[object]:
        """Yield what the configuration says."""
        interpreter = self._interpreter
        found = list(self._configurations(self._exported(), Confidence.HIGH, 0))
        main = found[0].value if found else ObjectValue(location=self._site)
        is_complete = bool(found) and all(one.confidence is Confidence.HIGH for one in found)
        config = self._app_config(main, is_complete=is_complete)
        self._output = config.output
        yield config
        for one in found:
            for name, read in (
                ("rewrites", self._rewrites),
                ("redirects", self._redirects),
                ("headers", self._headers),
            ):
                value = interpreter.get(one.value, name, self._site)
                yield from read(self._called(value), one.confidence)
            yield from self._env(one)
            yield from self._others(one)

    def _exported(self) -> JsValue:
        interpreter = self._interpreter
        return interpreter.attempt(lambda: interpreter.export(self._source, "default", self._site))

    def _called(self, value: JsValue, *arguments: JsValue) -> JsValue:
        """Return what a function of the configuration gives; other values stay as they are."""
        if not any(isinstance(one, FunctionValue | External) for one in alternatives(value)):
            return UNDEFINED if value == UNDEFINED else value
        interpreter = self._interpreter
        return interpreter.attempt(lambda: interpreter.call(value, arguments, self._site))

    # --- the configuration itself ----------------------------------------------------------

    def _configurations(
        self, value: JsValue, confidence: Confidence, depth: int
    ) -> Iterator[_Configuration]:
        """Yield the objects that *value* stands for: functions called, wrappers opened."""
        if depth > 6:  # noqa: PLR2004 - a function in a wrapper in a function is plenty
            return
        for one in alternatives(value):
            if isinstance(one, FunctionValue):
                phase, context = (
                    Known("phase-production-build"),
                    ObjectValue({"defaultConfig": ObjectValue()}),
                )
                yield from self._configurations(
                    self._called(one, phase, context), confidence, depth + 1
                )
            elif isinstance(one, External):
                yield from self._wrapped(one, confidence, depth)
            elif isinstance(one, ObjectValue) and not isinstance(one, ClassValue):
                yield _Configuration(one, confidence)

    def _wrapped(
        self, value: External, confidence: Confidence, depth: int
    ) -> Iterator[_Configuration]:
        """Yield the configurations that a wrapper was given."""
        if not _is_passing(value):
            confidence = min(confidence, Confidence.MEDIUM)
        objects = [
            one
            for one in parts(value.inputs)
            if isinstance(one, ObjectValue) and _KEYS & one.properties.keys()
        ]
        outer = [
            one
            for one in objects
            if not any(_holds(other, one) for other in objects if other is not one)
        ]
        most = max((len(_KEYS & one.properties.keys()) for one in outer), default=0)
        for one in outer:
            # a wrapper's own options may hold one key of the same name
            if len(_KEYS & one.properties.keys()) > min(most - 1, 1):
                yield _Configuration(one, confidence)
        if not outer:
            for function in list(functions_in(value.inputs))[:2]:
                yield from self._configurations(function, confidence, depth + 1)

    def _app_config(self, config: ObjectValue, *, is_complete: bool) -> AppConfig:
        get = self._value
        experimental = get(config, "experimental")
        flags = experimental if isinstance(experimental, ObjectValue) else ObjectValue()
        names = ("cacheComponents", "dynamicIO")
        has_components = any(
            get(one, name) == Known(True) for one in (config, flags) for name in names
        )
        extensions = tuple(texts_in(get(config, "pageExtensions"))) or PAGE_EXTENSIONS
        i18n = get(config, "i18n")
        locales = tuple(texts_in(get(i18n, "locales"))) if isinstance(i18n, ObjectValue) else ()
        return AppConfig(
            self._app,
            next(texts(to_value(get(config, "output"))), None),
            text(to_value(get(config, "basePath"))) or "",
            extensions,
            locales,
            text(to_value(get(config, "distDir"))) or ".next",
            has_components,
            get(config, "trailingSlash") == Known(True),
            config.location or self._site,
            config.places.get("output"),
            is_complete,
            isinstance(get(config, "output"), Known),
        )

    def _value(self, config: ObjectValue, key: str) -> JsValue:
        return self._interpreter.get(config, key, self._site)

    # --- routing ---------------------------------------------------------------------------

    def _rewrites(self, value: JsValue, confidence: Confidence) -> Iterator[object]:
        for one in alternatives(value):
            if isinstance(one, ObjectValue):
                for stage in ("beforeFiles", "afterFiles", "fallback"):
                    listed = self._value(one, stage)
                    yield from self._rules(listed, "rewrite", stage, confidence, flows_of(value))
            else:
                yield from self._rules(one, "rewrite", "afterFiles", confidence, flows_of(value))

    def _redirects(self, value: JsValue, confidence: Confidence) -> Iterator[object]:
        for one in alternatives(value):
            yield from self._rules(one, "redirect", "", confidence, flows_of(value))

    def _rules(
        self, listed: JsValue, kind: str, stage: str, confidence: Confidence, flows: Flows
    ) -> Iterator[object]:
        """Yield one fact for each rule of a list, with what its values and presence depend on."""
        known, maybe = items(self._interpreter, listed)
        for item in (*known, *maybe):
            for rule in alternatives(item):
                presence = merge(flows, flows_of(item), flows_of(listed))
                if isinstance(rule, ObjectValue):
                    yield from self._rule(rule, kind, stage, confidence, presence)

    def _rule(
        self, rule: ObjectValue, kind: str, stage: str, confidence: Confidence, presence: Flows
    ) -> Iterator[object]:
        source, destination = self._value(rule, "source"), self._value(rule, "destination")
        location = value_place(rule, "destination") or rule.location or self._site
        flows = merge(deep_flows(destination, source), presence, deep_flows(rule))
        subject = text(to_value(source)) or ""
        sink = Sink(kind, location, self._routing_phase(), subject, confidence)
        captured = _captured(flows, sink)
        has = any(name in rule.properties for name in ("has", "missing"))
        values = (to_value(source), to_value(destination), location, has, captured)
        if kind == "rewrite":
            yield Rewrite(self._app, stage, *values)
        else:
            yield Redirect(self._app, *values)
        if captured:
            yield ConfigValue(self._app, sink, to_value(destination), captured)

    def _routing_phase(self) -> Phase:
        """Return when routing rules are frozen: in an export no server applies them."""
        return Phase.NEVER if self._output == "export" else Phase.BUILD

    def _headers(self, value: JsValue, confidence: Confidence) -> Iterator[object]:
        for one in alternatives(value):
            known, maybe = items(self._interpreter, one)
            for item in (*known, *maybe):
                flows = merge(deep_flows(item), flows_of(value))
                location = _innermost_place(item) or self._site
                sink = Sink(
                    "header", location, self._routing_phase(), _header_name(item), confidence
                )
                yield from self._config_value(item, flows, sink)

    # --- other keys ------------------------------------------------------------------------

    def _env(self, config: _Configuration) -> Iterator[object]:
        value = self._value(config.value, "env")
        for one in alternatives(value):
            if isinstance(one, ObjectValue):
                for key, item in one.properties.items():
                    location = value_place(one, key) or one.location or self._site
                    sink = Sink("env-key", location, Phase.BUILD, key, config.confidence)
                    yield from self._config_value(
                        item, merge(deep_flows(item), flows_of(value)), sink, always=True
                    )

    def _others(self, config: _Configuration) -> Iterator[object]:
        build_id = self._called(self._value(config.value, "generateBuildId"))
        location = value_place(config.value, "generateBuildId") or self._site
        sink = Sink("build-id", location, Phase.BUILD, "generateBuildId", config.confidence)
        yield from self._config_value(build_id, deep_flows(build_id), sink)
        with self._host.noting() as session:
            self._called(
                self._value(config.value, "webpack"), External(("config",)), External(("options",))
            )
        yield from self._defined(session, config)
        for key, value in config.value.properties.items():
            if key not in _OF_THE_BUILD:
                yield from self._plain(key, value, config)

    def _defined(self, session: Session, config: _Configuration) -> Iterator[object]:
        location = value_place(config.value, "webpack") or self._site
        sink = Sink("config", location, Phase.BUILD, "DefinePlugin", config.confidence)
        yield from self._config_value(UNDEFINED, session.outputs, sink)

    def _plain(self, key: str, value: JsValue, config: _Configuration) -> Iterator[object]:
        """Yield a value that ``next start`` reads again, and a standalone server never."""
        subject, location = _deepest(config.value, key, self._site)
        is_frozen = key in _ALWAYS_FROZEN or self._output == "standalone"
        phase = Phase.BUILD if is_frozen else Phase.START
        only_standalone = key not in _ALWAYS_FROZEN
        sink = Sink("config", location, phase, subject, config.confidence, only_standalone)
        yield from self._config_value(value, deep_flows(value), sink)

    def _config_value(
        self, value: JsValue, flows: Flows, sink: Sink, *, always: bool = False
    ) -> Iterator[ConfigValue]:
        if flows or always:
            yield ConfigValue(self._app, sink, to_value(value), _captured(flows, sink))


def _captured(flows: Iterable[Flow], sink: Sink) -> tuple[Captured, ...]:
    return tuple(Captured(flow.read, flow, sink) for flow in flows)


def _is_passing(value: External) -> bool:
    return value.path[0] in _PASSING or value.path[0].startswith(("./", "../"))


def _holds(outer: ObjectValue, inner: ObjectValue) -> bool:
    return any(one is inner for one in parts(outer.properties.values()))


def value_place(holder: ObjectValue, key: str) -> Location | None:
    """Return where the value under *key* is written."""
    member = holder.places.get(key)
    if member is None:
        return None
    written = re.match(r"""[\w$'"\[\]-]+\s*:\s*""", member.text)
    start = member.span.start + (written.end() if written else 0)
    return Location(member.source, Span(start, member.span.end))


def _innermost_place(item: JsValue) -> Location | None:
    """Return where the first value that depends on the environment is written."""
    for part in parts((item,)):
        if isinstance(part, ObjectValue):
            for key, value in part.properties.items():
                if flows_of(value):
                    return value_place(part, key)
    places = (part.location for part in parts((item,)) if isinstance(part, ObjectValue))
    return next((place for place in places if place is not None), None)


def _deepest(holder: ObjectValue, key: str, site: Location) -> tuple[str, Location]:
    """Return the dotted name and the place of the innermost key that holds all that varies."""
    name, value = key, holder.properties[key]
    location = value_place(holder, key) or site
    while isinstance(value, ObjectValue):
        varying = [one for one, item in value.properties.items() if deep_flows(item)]
        if len(varying) != 1 or varying[0] == ANY_KEY:
            break
        location = value_place(value, varying[0]) or location
        name, value = f"{name}.{varying[0]}", value.properties[varying[0]]
    return name, location


def _header_name(item: JsValue) -> str:
    for part in parts((item,)):
        if isinstance(part, ObjectValue) and flows_of(part.properties.get("value", UNDEFINED)):
            return text(to_value(part.properties.get("key", UNDEFINED))) or ""
    return ""


def texts_in(value: JsValue) -> Iterator[str]:
    """Yield the strings of an array."""
    if isinstance(value, ArrayValue):
        for element in value.elements:
            found = text(to_value(element))
            if found is not None:
                yield found


def _link_routes(project: Project) -> Iterator[RouteFile]:
    for config in project.each(AppConfig):
        yield from route_files(project.checkout, config.app, config.page_extensions)


LINKER = Linker((AppConfig, Rewrite, Redirect, ConfigValue), _link)
ROUTES_LINKER = Linker((RouteFile,), _link_routes)
