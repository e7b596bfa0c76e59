"""The pages router: when each page is rendered, and what it puts out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from megalint.languages.javascript.evaluate import (
    External,
    JsValue,
    ObjectValue,
    deep_flows,
)
from megalint.languages.javascript.evaluate.objects import UNDEFINED, ArrayValue, FunctionValue
from megalint.languages.javascript.evaluate.provenance import alternatives
from megalint.project.nextjs.facts import Captured, Route
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
from megalint.project.nextjs.routes import RouteFile
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source, Span
from megalint.values import Known


class PagesRouter:
    """The routes of one app's ``pages/`` folder."""

    def __init__(self, program: Program, files: Sequence[RouteFile]) -> None:
        self._program = program
        self._files = files
        self._special = {file.kind: file.source for file in files}

    def run(self) -> Iterator[Route | Captured]:
        """Yield the routes, and everything that their answers depend on."""
        for file in self._files:
            if file.kind == "api":
                yield from self._api(file)
            elif file.kind == "pages-page":
                yield from self._page(file)

    def _api(self, file: RouteFile) -> Iterator[Route | Captured]:
        handler = self._program.export(file.source, "default")
        with self._program.host.noting() as session:
            arguments = (External(("req",)), External(("res",)))
            answer = partial(self._call, handler, arguments, file.source, session)
            self._program.trial(answer, is_live=True)
        place = Place("api", file.route, head_of(file.source, handler))
        yield self._route(file, "api", Verdict(PER_REQUEST, "pages/api"))
        yield from live_reads(session, place)
        yield from captures(session.outputs, place, None)

    def _page(self, file: RouteFile) -> Iterator[Route | Captured]:
        with self._program.host.noting() as session:
            verdict = self._run_page(file, session)
        page = self._program.export(file.source, "default")
        head = head_of(file.source, page)
        is_live = verdict.rendering == PER_REQUEST
        place = Place("page" if is_live else "static-page", file.route, head)
        yield self._route(file, "page", verdict)
        if is_live:
            yield from live_reads(session, place)
        yield from captures(
            session.outputs,
            place,
            None if is_live else verdict.phase,
        )

    def _run_page(self, file: RouteFile, session: Session) -> Verdict:
        found: list[Verdict] = []

        def run() -> None:
            properties, verdict = self._data(file, session)
            found.append(verdict)
            self._render(file, properties, session)

        is_live = file.source.mentions("getServerSideProps")
        self._program.trial(run, is_live=is_live)
        return found[0] if found else Verdict(PER_REQUEST, "not known")

    def _data(self, file: RouteFile, session: Session) -> tuple[ObjectValue, Verdict]:
        """Run what fetches a page's data; return its properties and when that happens."""
        unknown = External(("the context of a page",))
        server = self._program.export(file.source, "getServerSideProps")
        if server != UNDEFINED:
            result = self._call(server, (unknown,), file.source, session)
            return self._properties(result, file), Verdict(PER_REQUEST, "getServerSideProps")
        static = self._program.export(file.source, "getStaticProps")
        if static != UNDEFINED:
            result = self._call(static, (unknown,), file.source, session)
            return self._properties(result, file), self._static_verdict(result, file)
        if self._has_initial_props(file):
            return ObjectValue(), Verdict(PER_REQUEST, "getInitialProps")
        return ObjectValue(), Verdict(PRERENDERED)

    def _static_verdict(self, result: JsValue, file: RouteFile) -> Verdict:
        paths = self._program.export(file.source, "getStaticPaths")
        if file.parameters and paths != UNDEFINED and self._lists_nothing(paths, file.source):
            return Verdict(PER_REQUEST, "getStaticPaths lists no path")
        for one in alternatives(result):
            seconds = one.properties.get("revalidate") if isinstance(one, ObjectValue) else None
            if seconds is not None and seconds != Known(False):
                return Verdict(REVALIDATED, "revalidate in getStaticProps")
        return Verdict(PRERENDERED)

    def _lists_nothing(self, function: JsValue, source: Source) -> bool:
        site = Location(source, Span(0, 0))
        result = self._program.interpreter.call(function, (External(("context",)),), site)
        paths = self._program.interpreter.get(result, "paths", site)
        return isinstance(paths, ArrayValue) and not paths.elements and not paths.rest

    def _properties(self, result: JsValue, file: RouteFile) -> ObjectValue:
        site = Location(file.source, Span(0, 0))
        found = self._program.interpreter.get(result, "props", site)
        for one in alternatives(found):
            if isinstance(one, ObjectValue):
                return one
        return ObjectValue()

    def _has_initial_props(self, file: RouteFile) -> bool:
        sources = [file.source, self._special.get("_app")]
        return any(source is not None and source.mentions("getInitialProps") for source in sources)

    def _render(self, file: RouteFile, properties: ObjectValue, session: Session) -> None:
        page = self._program.export(file.source, "default")
        if file.source.mentions("getInitialProps") and isinstance(page, FunctionValue):
            function = page.properties.get("getInitialProps", UNDEFINED)
            self._call(function, (External(("context",)),), file.source, session)
        renderer = Renderer(self._program.interpreter, session, has_regions=False)
        app, document = self._special.get("_app"), self._special.get("_document")
        if app is None:
            renderer.render(element(page, properties, file.source))
        else:
            component = self._program.export(app, "default")
            given = ObjectValue({"Component": page, "pageProps": properties})
            renderer.render(element(component, given, app))
        if document is not None:
            component = self._program.export(document, "default")
            renderer.render(element(component, ObjectValue(), document))

    def _call(
        self, function: JsValue, arguments: tuple[JsValue, ...], source: Source, session: Session
    ) -> JsValue:
        site = Location(source, Span(0, 0))
        result = self._program.interpreter.call(function, arguments, site)
        session.put_out(deep_flows(result))
        return result

    def _route(self, file: RouteFile, kind: str, verdict: Verdict) -> Route:
        return Route(
            self._program.app, file.route, file.source.path, kind, verdict.rendering, verdict.why
        )
