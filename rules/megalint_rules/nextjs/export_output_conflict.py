"""export-output-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.nextjs.facts import AppConfig, Redirect, Rewrite, Route
from megalint.project.nextjs.middleware import Middleware

_REFUSES_SINCE = 15


class ExportOutputConflict(Rule[AppConfig]):
    """`output: 'export'` together with what needs a server.

    ## Why is this bad?

    An export is files alone. Rewrites, redirects and headers are not applied, middleware does not
    run, and a handler that is not static stops the build or is left out without a word.

    ## Example

    ```js path=next.config.mjs
    export default {
      output: 'export', // finding
      async rewrites() {
        return [{ source: '/api/:path*', destination: 'https://api.example.com/:path*' }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```js path=next.config.mjs
    export default {
      output: 'standalone',
      async rewrites() {
        return [{ source: '/api/:path*', destination: 'https://api.example.com/:path*' }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "export-output-conflict"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: AppConfig, project: Project) -> Iterator[Finding]:
        """Yield one finding for what is lost, and one for what stops the build."""
        if fact.output != "export" or not fact.is_output_certain or fact.output_location is None:
            return
        lost = tuple(_lost(fact, project))
        if lost:
            yield self._finding(fact, "`output: 'export'` drops {}", lost, "not applied")
        fatal = tuple(_fatal(fact, project))
        if fatal:
            yield self._finding(
                fact, "`output: 'export'` stops the build at {}", fatal, "not static"
            )

    def _finding(
        self, fact: AppConfig, message: str, found: tuple[tuple[str, Location], ...], label: str
    ) -> Finding:
        place = fact.output_location or found[0][1]
        return self.finding(
            place.labelled("files alone, no server"),
            message.format(_listed(tuple(words for words, _ in found))),
            related=tuple(where.labelled(label) for _, where in found),
            notes=("instead: `output: 'standalone'`, or do this in front of the files",),
        )


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _lost(fact: AppConfig, project: Project) -> Iterator[tuple[str, Location]]:
    rewrite = next((one for one in project.each(Rewrite) if one.app == fact.app), None)
    if rewrite is not None:
        yield "rewrites", rewrite.location
    redirect = next((one for one in project.each(Redirect) if one.app == fact.app), None)
    if redirect is not None:
        yield "redirects", redirect.location
    middleware = next((one for one in project.each(Middleware) if one.app == fact.app), None)
    if middleware is not None and middleware.is_used:
        yield f"`{middleware.source.path.name}`", middleware.location
    for route in project.each(Route):
        is_left_out = route.kind == "api" or (
            route.kind == "handler" and route.methods and "GET" not in route.methods
        )
        if route.app == fact.app and is_left_out:
            yield from _place(route, project)


def _fatal(fact: AppConfig, project: Project) -> Iterator[tuple[str, Location]]:
    """Yield the handlers that Next 15 and later refuse (facts: 14 leaves some out in silence)."""
    for route in project.each(Route) if fact.app.major >= _REFUSES_SINCE else ():
        is_live = route.kind == "handler" and route.rendering == "per-request"
        if route.app == fact.app and is_live and "GET" in route.methods:
            yield from _place(route, project)


def _place(route: Route, project: Project) -> Iterator[tuple[str, Location]]:
    source = project.checkout.get(route.path)
    if source is not None:
        yield f"`{route.route}`", Location(source, source.line_span(1))
