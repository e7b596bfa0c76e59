"""Every read of the environment in every app, with each place where its value takes effect."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from megalint.languages.javascript.evaluate import Interpreter, JsValue, deep_flows, to_value
from megalint.languages.javascript.evaluate.objects import UNDEFINED, External, FunctionValue
from megalint.project.linked import Linker, Project
from megalint.project.modules import Modules, modules_of
from megalint.project.nextjs import written_reads
from megalint.project.nextjs.app_router import AppRouter
from megalint.project.nextjs.facts import (
    AppConfig,
    Captured,
    ConfigValue,
    EnvironmentRead,
    Phase,
    Route,
    Sink,
    Variable,
)
from megalint.project.nextjs.graph import AppModule, server_files
from megalint.project.nextjs.host import FIXED
from megalint.project.nextjs.inlining import is_inlined
from megalint.project.nextjs.outcome import Place, captures, head_of, live_reads
from megalint.project.nextjs.pages_router import PagesRouter
from megalint.project.nextjs.program import ENVIRONMENT, LIVE_FUEL, Program
from megalint.project.nextjs.rendering import Renderer
from megalint.project.nextjs.routes import RouteFile
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source, Span
from megalint.values import Flow, Read, Scope, Value, texts


def _link(project: Project) -> Iterator[EnvironmentRead | Route | Variable]:
    modules = modules_of(project.checkout)
    for config in project.each(AppConfig):
        yield from _AppReads(project, modules, config).run()


class _AppReads:
    """Collects the reads of one app."""

    def __init__(self, project: Project, modules: Modules, config: AppConfig) -> None:
        self._project = project
        self._app = config.app
        self._program = Program(project.checkout, modules, config.app, config)
        self._files = [file for file in project.each(RouteFile) if file.app == config.app]
        self._captures: dict[Read, dict[tuple[str, Location, Phase], Captured]] = {}
        values = [one for one in project.each(ConfigValue) if one.app == config.app]
        self._config_values = values
        self._env_keys = frozenset(one.sink.subject for one in values if one.sink.kind == "env-key")

    def run(self) -> Iterator[EnvironmentRead | Route | Variable]:
        """Yield the routes of the app, then its reads."""
        for value in self._config_values:
            self._add(value.captures)
        routers = (AppRouter(self._program, self._files), PagesRouter(self._program, self._files))
        for router in routers:
            for found in router.run():
                if isinstance(found, Route):
                    yield found
                else:
                    self._add([found])
        self._run_servers()
        modules = [one for one in self._project.each(AppModule) if one.app == self._app]
        self._run_browser(modules)
        self._add_written(modules)
        facts = list(self._facts())
        yield from facts
        names = dict.fromkeys(fact.read.name for fact in facts)
        for name in names:
            yield Variable(self._app, name, tuple(one for one in facts if one.read.name == name))

    def _add(self, captures: list[Captured] | tuple[Captured, ...]) -> None:
        for one in captures:
            if one.read.name in {"*", *FIXED}:
                continue
            sinks = self._captures.setdefault(one.read, {})
            sinks.setdefault((one.sink.kind, one.sink.location, one.sink.phase), one)

    # --- code that no route renders --------------------------------------------------------

    def _run_servers(self) -> None:
        """Run middleware and instrumentation."""
        for source in server_files(self._project.checkout, self._app):
            kind = "instrumentation" if source.path.stem == "instrumentation" else "middleware"
            place = Place(kind, source.path.stem, head_of(source, UNDEFINED))
            with self._program.host.noting() as session:
                names = ("default", "middleware", "proxy", "register", "onRequestError")
                for name in names:
                    function = self._program.export(source, name)
                    if function != UNDEFINED:
                        self._program.trial(
                            partial(_call, self._program.interpreter, function, source)
                        )
            if kind == "instrumentation":
                at_start = [replace(flow, scope=Scope.MODULE) for flow in session.reads]
                self._add(list(captures(at_start, place, None)))
            else:
                self._add(list(live_reads(session, place)))
                self._add(
                    list(
                        captures([f for f in session.reads if f.scope is Scope.MODULE], place, None)
                    )
                )

    def _run_browser(self, modules: list[AppModule]) -> None:
        """Run the client components as a browser does, effects and event handlers included."""
        host, interpreter = self._program.browser_host, self._program.browser
        for module in modules:
            if not module.is_client_entry or host.load(module.source) is not None:
                continue
            source = module.source
            with host.noting() as session:
                for name in interpreter.export_names(source):
                    if name in _SERVER_ONLY_EXPORTS:
                        continue
                    renderer = Renderer(interpreter, session, has_regions=False)
                    show = partial(_show, interpreter, renderer, source, name)
                    interpreter.journal.trial(partial(interpreter.attempt, show, LIVE_FUEL))
            self._add([self._in_browser(flow) for flow in _used(session, source)])

    def _in_browser(self, flow: Flow) -> Captured:
        place = flow.read.location
        return Captured(
            flow.read, flow, Sink("browser", place, Phase.BROWSER, str(place.source.path))
        )

    def _add_written(self, modules: list[AppModule]) -> None:
        """Add the reads that are written somewhere in the app but were not run."""
        ran = {(read.location.source, read.location.span.start) for read in self._captures}
        for module in modules:
            if not module.source.mentions(ENVIRONMENT):
                continue
            for flow in written_reads.find(self._program.host.module(module.source)):
                if (module.source, flow.read.location.span.start) not in ran:
                    place = Place("module", str(module.source.path), flow.read.location)
                    if module.is_server:
                        self._add(list(captures([flow], place, None)))
                    elif is_inlined(self._app, flow.read, self._env_keys, in_browser=True):
                        self._add([self._in_browser(flow)])

    # --- facts -----------------------------------------------------------------------------

    def _facts(self) -> Iterator[EnvironmentRead]:
        defaults = {**self._program.browser.defaults, **self._program.interpreter.defaults}
        stand_ins = {flow.read for value, _ in defaults.values() for flow in deep_flows(value)}
        for read in sorted(self._captures, key=_place):
            found = tuple(self._captures[read].values())
            in_browser = all(one.sink.kind == "browser" for one in found)
            inlined = is_inlined(self._app, read, self._env_keys, in_browser=in_browser)
            if inlined:
                sink = Sink("public", read.location, Phase.BUILD, read.name)
                found = (Captured(read, found[0].flow, sink), *found)
            default, place = defaults.get(read, (None, None))
            value: Value | None = None if default is None else to_value(default)
            yield EnvironmentRead(
                self._app,
                read,
                next(texts(value), None),
                place,
                inlined,
                found,
                read in stand_ins,
            )


_SERVER_ONLY_EXPORTS = frozenset(
    {
        "getServerSideProps",
        "getStaticProps",
        "getStaticPaths",
        "generateStaticParams",
        "metadata",
        "generateMetadata",
    }
)


def _call(interpreter: Interpreter, function: JsValue, source: Source) -> None:
    site = Location(source, Span(0, 0))
    interpreter.call(
        function, (External(("request of a server file",)), External(("event",))), site
    )


def _show(interpreter: Interpreter, renderer: Renderer, source: Source, name: str) -> JsValue:
    site = Location(source, Span(0, 0))
    value = interpreter.export(source, name, site)
    if isinstance(value, FunctionValue | External):
        renderer.render(interpreter.call(value, (External(("props",)),), site))
    return UNDEFINED


def _used(session: Session, entry: Source) -> Iterator[Flow]:
    """Yield the reads that a client component depends on.

    What runs in the component's own file counts; elsewhere, and at the top of files, only what is
    shown does: server code shares those modules, and its reads run in the browser unused.
    """
    shown = {flow.read for flow in session.outputs}
    for flow in session.reads:
        is_own = flow.scope is Scope.CALL and flow.read.location.source == entry
        if is_own or flow.read in shown:
            yield flow


def _place(read: Read) -> tuple[str, int, str]:
    return str(read.location.source.path), read.location.span.start, read.name


LINKER = Linker((EnvironmentRead, Route, Variable), _link)
