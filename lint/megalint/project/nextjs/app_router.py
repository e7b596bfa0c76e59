"""The app router: when each page, handler and metadata file is rendered, and what it puts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.languages.javascript.evaluate import (
    ArrayValue,
    External,
    JsValue,
    ObjectValue,
    deep_flows,
)
from megalint.languages.javascript.evaluate.objects import UNDEFINED
from megalint.project.nextjs import functions
from megalint.project.nextjs.facts import Captured, Phase, Route
from megalint.project.nextjs.outcome import (
    PER_REQUEST,
    PRERENDERED,
    REVALIDATED,
    Place,
    Verdict,
    captures,
    head_of,
    live_reads,
)
from megalint.project.nextjs.program import Program
from megalint.project.nextjs.rendering import Renderer, element
from megalint.project.nextjs.routes import RouteFile, app_route
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source, Span
from megalint.values import Known

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HANDLERS_LIVE_SINCE: Final = 15
CACHE_COMPONENTS_SINCE: Final = 16


class Settings(Struct, frozen=True):
    """The segment configuration that holds for a route, layouts included."""

    dynamic: str | None = None
    revalidate: float | None = None
    is_revalidate_off: bool = False
    runtime: str | None = None
    fetch_cache: str | None = None

    @property
    def is_static(self) -> bool:
        """Whether dynamic functions give empty answers instead of making the route live."""
        return self.dynamic in {"force-static", "error"}


class AppRouter:
    """The routes of one app's ``app/`` folder."""

    def __init__(self, program: Program, files: Sequence[RouteFile]) -> None:
        self._program = program
        self._files = files
        self._parts = {(file.folder, file.kind): file.source for file in files}
        config = program.config
        self._has_regions = (
            config.has_cache_components and program.app.major >= CACHE_COMPONENTS_SINCE
        )

    def run(self) -> Iterator[Route | Captured]:
        """Yield the routes, and everything that their answers depend on."""
        pages: dict[str, list[RouteFile]] = {}
        for file in self._files:
            if file.kind == "page":
                pages.setdefault(file.route, []).append(file)
            elif file.kind == "handler":
                yield from self._handler(file)
            elif file.kind == "metadata":
                yield from self._metadata(file)
        for group in pages.values():
            yield from self._page(group)
        yield from self._not_found()

    # --- pages -----------------------------------------------------------------------------

    def _page(self, group: Sequence[RouteFile]) -> Iterator[Route | Captured]:
        """Render the page and its parallel slots together: one of them decides for all."""
        first = group[0]
        sources = [source for file in group for source in self._chain(file.folder)]
        settings = self._settings([*dict.fromkeys(sources), *(file.source for file in group)])
        is_live = settings.dynamic == "force-dynamic" or settings.revalidate == 0
        host = self._program.host
        with host.noting() as session:
            for file in group:
                self._program.trial(partial(self._render_page, file, session), is_live=is_live)
        with host.noting() as metadata:
            for file in group:
                for source in (*self._chain(file.folder), file.source):
                    self._program.trial(partial(self._head, source, file, metadata))
        session.dynamic = session.dynamic or metadata.dynamic
        verdict = self._verdict(first, settings, session)
        yield self._route(first, verdict)
        head = head_of(first.source, self._program.export(first.source, "default"))
        yield from self._page_captures(
            session, verdict, settings, Place("static-page", first.route, head)
        )
        yield from self._outputs(metadata, verdict, Place("metadata", first.route, head))
        yield from self._actions(session, first.route)

    def _page_captures(
        self, session: Session, verdict: Verdict, settings: Settings, place: Place
    ) -> Iterator[Captured]:
        if not self._has_regions or verdict.rendering != PRERENDERED:
            yield from self._outputs(session, verdict, place)
            return
        live = Place("page", place.subject, place.head)
        for region in session.regions:
            is_live = region.dynamic is not None
            yield from captures(
                region.outputs,
                live if is_live else place,
                None if is_live else Phase.BUILD,
                is_certain=session.is_certain,
            )
        if any(region.dynamic is not None for region in session.regions):
            yield from live_reads_after(session, live)

    def _outputs(self, session: Session, verdict: Verdict, place: Place) -> Iterator[Captured]:
        """Yield the captures of an answer; a live one also runs reads that it does not show."""
        is_live = verdict.rendering == PER_REQUEST
        if is_live:
            place = Place(_LIVE.get(place.kind, place.kind), place.subject, place.head)
            yield from live_reads(session, place)
        yield from captures(
            session.outputs,
            place,
            None if is_live else verdict.phase,
            is_certain=session.is_certain or is_live,
        )

    def _render_page(self, file: RouteFile, session: Session) -> None:
        page = self._program.export(file.source, "default")
        parameters = ObjectValue(
            {name: External(("a route parameter",)) for name in file.parameters}
        )
        properties = ObjectValue(
            {"params": parameters, "searchParams": External((functions.SEARCH_PARAMS,))}
        )
        tree: JsValue = element(page, properties, file.source)
        for folder in self._folders(file.folder):
            for kind in ("template", "layout"):
                source = self._parts.get((folder, kind))
                if source is not None:
                    layout = self._program.export(source, "default")
                    given = ObjectValue({"children": tree, "params": parameters})
                    tree = element(layout, given, source)
        renderer = Renderer(self._program.interpreter, session, has_regions=self._has_regions)
        renderer.render(tree)
        for folder in self._folders(file.folder):
            loading = self._parts.get((folder, "loading"))
            if loading is not None:
                component = self._program.export(loading, "default")
                renderer.render(element(component, ObjectValue(), loading))

    def _folders(self, folder: PurePosixPath) -> list[PurePosixPath]:
        """Return *folder* and those around it, as far as ``app/``, innermost first."""
        root = self._program.app.app_folder
        return [
            one
            for one in (folder, *folder.parents)
            if root is not None and one.is_relative_to(root)
        ]

    def _chain(self, folder: PurePosixPath) -> list[Source]:
        """Return the layouts above a page, outermost first."""
        found = (self._parts.get((one, "layout")) for one in self._folders(folder))
        return [source for source in found if source is not None][::-1]

    def _head(self, source: Source, file: RouteFile, session: Session) -> None:
        """Run what makes the head of a page."""
        interpreter = self._program.interpreter
        site = Location(source, Span(0, 0))
        for name in ("metadata", "viewport"):
            session.put_out(deep_flows(self._program.export(source, name)))
        for name in ("generateMetadata", "generateViewport"):
            function = self._program.export(source, name)
            if function != UNDEFINED:
                parameters = {one: External(("a route parameter",)) for one in file.parameters}
                properties = ObjectValue(
                    {
                        "params": ObjectValue(dict(parameters)),
                        "searchParams": External((functions.SEARCH_PARAMS,)),
                    }
                )
                result = interpreter.call(function, (properties, External(("metadata",))), site)
                session.put_out(deep_flows(result))

    # --- verdicts --------------------------------------------------------------------------

    def _verdict(self, file: RouteFile, settings: Settings, session: Session) -> Verdict:
        if settings.runtime in {"edge", "experimental-edge"}:
            return Verdict(PER_REQUEST, f"runtime = '{settings.runtime}'")
        if settings.dynamic == "force-dynamic":
            return Verdict(PER_REQUEST, "dynamic = 'force-dynamic'")
        if settings.revalidate == 0:
            return Verdict(PER_REQUEST, "revalidate = 0")
        if settings.fetch_cache in {"force-no-store", "only-no-store"}:
            return Verdict(PER_REQUEST, f"fetchCache = '{settings.fetch_cache}'")
        missing = self._unlisted(file)
        if missing:
            return Verdict(PER_REQUEST, f"[{missing}] is listed by no generateStaticParams")
        if session.dynamic is not None and not settings.is_static and not self._has_regions:
            return Verdict(PER_REQUEST, f"{session.dynamic.label} in {session.dynamic}")
        return self._prerendered(settings, session)

    def _prerendered(self, settings: Settings, session: Session) -> Verdict:
        seconds = [one for one in (settings.revalidate, session.revalidate) if one]
        if seconds:
            return Verdict(REVALIDATED, f"revalidate = {int(min(seconds))}")
        return Verdict(PRERENDERED)

    def _unlisted(self, file: RouteFile) -> str | None:
        """Return a dynamic segment for which no paths are made at build, or None."""
        if not file.parameters:
            return None
        listed: set[str] = set()
        sources = [*self._chain(file.folder), file.source]
        for source in sources:
            function = self._program.export(source, "generateStaticParams")
            if function != UNDEFINED:
                listed |= self._listed_by(function, source, file, is_page=source == file.source)
        return next((name for name in file.parameters if name not in listed), None)

    def _listed_by(
        self, function: JsValue, source: Source, file: RouteFile, *, is_page: bool
    ) -> set[str]:
        interpreter = self._program.interpreter
        site = Location(source, Span(0, 0))
        given = ObjectValue({"params": ObjectValue()})
        result = interpreter.journal.trial(
            lambda: interpreter.attempt(lambda: interpreter.call(function, (given,), site))
        )
        if isinstance(result, ArrayValue) and not result.elements and not result.rest:
            return set()
        if isinstance(result, ArrayValue) and result.elements:
            first = result.elements[0]
            if isinstance(first, ObjectValue) and first.properties:
                return set(first.properties)
        depth = len(
            RouteFile(self._program.app, source, "", _route_of(self._program, source)).parameters
        )
        return set(file.parameters if is_page else file.parameters[:depth])

    def _settings(self, sources: Iterable[Source]) -> Settings:
        """Return the segment configuration: the innermost word, the shortest revalidation."""
        words: dict[str, str] = {}
        seconds: float | None = None
        is_off = False
        for source in sources:
            for name in ("dynamic", "runtime", "fetchCache"):
                value = self._program.export(source, name)
                is_free = words.get(name) != "force-dynamic"
                if is_free and isinstance(value, Known) and isinstance(value.value, str):
                    words[name] = value.value
            value = self._program.export(source, "revalidate")
            if isinstance(value, Known) and value.value is False:
                is_off = True
            elif isinstance(value, Known) and isinstance(value.value, int | float):
                seconds = value.value if seconds is None else min(seconds, value.value)
        return Settings(
            words.get("dynamic"), seconds, is_off, words.get("runtime"), words.get("fetchCache")
        )

    def _route(self, file: RouteFile, verdict: Verdict, methods: tuple[str, ...] = ()) -> Route:
        kind = {"handler": "handler", "metadata": "metadata"}.get(file.kind, "page")
        return Route(
            self._program.app,
            file.route,
            file.source.path,
            kind,
            verdict.rendering,
            verdict.why,
            methods,
        )

    # --- handlers --------------------------------------------------------------------------

    def _handler(self, file: RouteFile) -> Iterator[Route | Captured]:
        exports = {
            name: value
            for name in METHODS
            if (value := self._program.export(file.source, name)) != UNDEFINED
        }
        settings = self._settings([file.source])
        with self._program.host.noting() as session:
            if "GET" in exports:
                is_live = self._is_surely_live(file, settings, tuple(exports))
                answer = partial(self._answer, exports["GET"], file, session)
                self._program.trial(answer, is_live=is_live)
        with self._program.host.noting() as others:
            for name, function in exports.items():
                if name != "GET":
                    self._program.trial(partial(self._answer, function, file, others), is_live=True)
        verdict = self._handler_verdict(file, settings, session, tuple(exports))
        yield self._route(file, verdict, tuple(exports))
        head = head_of(file.source, exports.get("GET", UNDEFINED))
        yield from self._outputs(session, verdict, Place("static-handler", file.route, head))
        yield from self._outputs(
            others, Verdict(PER_REQUEST), Place("static-handler", file.route, head)
        )

    def _answer(self, function: JsValue, file: RouteFile, session: Session) -> None:
        parameters = ObjectValue(
            {name: External(("a route parameter",)) for name in file.parameters}
        )
        context = ObjectValue({"params": parameters})
        site = Location(file.source, Span(0, 0))
        request = External((functions.REQUEST,))
        result = self._program.interpreter.call(function, (request, context), site)
        session.put_out(deep_flows(result))

    def _handler_verdict(
        self, file: RouteFile, settings: Settings, session: Session, methods: tuple[str, ...]
    ) -> Verdict:
        if "GET" not in methods:
            return Verdict(PER_REQUEST, "no GET")
        if settings.runtime in {"edge", "experimental-edge"}:
            return Verdict(PER_REQUEST, f"runtime = '{settings.runtime}'")
        if settings.dynamic == "force-dynamic":
            return Verdict(PER_REQUEST, "dynamic = 'force-dynamic'")
        if settings.revalidate == 0:
            return Verdict(PER_REQUEST, "revalidate = 0")
        if self._unlisted(file):
            return Verdict(PER_REQUEST, "a dynamic segment")
        is_asked_for = (
            settings.is_static or settings.is_revalidate_off or settings.revalidate is not None
        )
        if not is_asked_for and not file.parameters and not self._is_static_by_default(methods):
            return Verdict(PER_REQUEST, f"handlers of Next {self._program.app.major} are")
        if session.dynamic is not None and not settings.is_static:
            return Verdict(PER_REQUEST, f"{session.dynamic.label} in {session.dynamic}")
        return self._prerendered(settings, session)

    def _is_surely_live(
        self, file: RouteFile, settings: Settings, methods: tuple[str, ...]
    ) -> bool:
        """Whether GET is answered per request whatever it does."""
        verdict = self._handler_verdict(file, settings, Session(), methods)
        return verdict.rendering == PER_REQUEST

    def _is_static_by_default(self, methods: tuple[str, ...]) -> bool:
        """Whether a GET that looks at nothing is prerendered (facts: route handlers)."""
        if self._has_regions:
            return True
        is_old = self._program.app.major < HANDLERS_LIVE_SINCE
        return is_old and not set(methods) & {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

    # --- metadata files and the not-found page ---------------------------------------------

    def _metadata(self, file: RouteFile) -> Iterator[Route | Captured]:
        function = self._program.export(file.source, "default")
        settings = self._settings([file.source])
        with self._program.host.noting() as session:
            self._program.trial(lambda: self._answer(function, file, session))
        verdict = self._verdict(file, settings, session)
        yield self._route(file, verdict)
        head = head_of(file.source, function)
        yield from self._outputs(session, verdict, Place("metadata", file.route, head))

    def _not_found(self) -> Iterator[Captured]:
        """Render ``not-found``; 14 renders it per request where there are pages/ too."""
        app = self._program.app
        source = None if app.app_folder is None else self._parts.get((app.app_folder, "not-found"))
        if source is None or app.app_folder is None:
            return
        is_live = app.major < HANDLERS_LIVE_SINCE and app.pages_folder is not None
        file = RouteFile(app, source, "page", "/_not-found")
        settings = self._settings([*self._chain(app.app_folder), source])
        with self._program.host.noting() as session:
            self._program.trial(lambda: self._render_page(file, session))
        verdict = Verdict(PER_REQUEST) if is_live else self._verdict(file, settings, session)
        head = head_of(source, self._program.export(source, "default"))
        yield from self._outputs(session, verdict, Place("static-page", file.route, head))

    def _actions(self, session: Session, route: str) -> Iterator[Captured]:
        """Run the server actions that a page offers: their bodies are live."""
        interpreter = self._program.interpreter
        for action in dict.fromkeys(session.actions):
            site = Location(action.source, action.syntax.span)
            with self._program.host.noting() as inner:
                form = External(("a form",))
                self._program.trial(
                    partial(interpreter.call, action, (form, form), site), is_live=True
                )
            yield from live_reads(inner, Place("action", route, head_of(action.source, action)))


_LIVE: Final = {"static-page": "page", "static-handler": "handler"}


def live_reads_after(session: Session, place: Place) -> Iterator[Captured]:
    """Yield the reads of a page that is prerendered in part: those that only live parts run."""
    shown = {
        flow.read for region in session.regions if region.dynamic is None for flow in region.outputs
    }
    for capture in live_reads(session, place):
        if capture.read not in shown:
            yield capture


def _route_of(program: Program, source: Source) -> str:
    root = program.app.app_folder
    return "/" if root is None else app_route(source.path.parent.relative_to(root))
