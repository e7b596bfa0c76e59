"""api-route-missing."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.nextjs.facts import AppConfig, Redirect, Rewrite, Route
from megalint.project.nextjs.middleware import Middleware
from megalint.project.nextjs.requests import ApiCall, OtherServer
from megalint.project.nextjs.routes import RouteFile
from megalint.values import text

_ANSWERS = {"page", "handler", "metadata", "pages-page", "api"}
_MANY = 3


class ApiRouteMissing(Rule[ApiCall]):
    """A request for `/api/...` that nothing in the app serves.

    ## Why is this bad?

    Neither a route handler, a file of `pages/api` nor a rewrite answers the path: the browser gets
    the 404 page. This is what is left over when a rewrite goes and its handlers were not written. A
    handler without a function for the method answers 405 instead.

    ## Example

    ```tsx path=app/page.tsx
    'use client';

    export default function Page() {
      const load = () => fetch('/api/seats'); // finding
      return <button onClick={load}>seats</button>;
    }
    ```

    ```ts path=app/api/events/route.ts
    export async function GET(request: Request) {
      return Response.json({ at: request.url });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```tsx path=app/page.tsx
    'use client';

    export default function Page() {
      const load = () => fetch('/api/seats');
      return <button onClick={load}>seats</button>;
    }
    ```

    ```ts path=app/api/seats/route.ts
    export async function GET(request: Request) {
      return Response.json({ at: request.url });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "api-route-missing"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: ApiCall, project: Project) -> Iterator[Finding]:
        """Yield a finding when it is certain that the app answers nothing there."""
        config = next((one for one in project.each(AppConfig) if one.app == fact.app), None)
        if (
            config is None
            or not config.is_complete
            or config.base_path
            or config.output == "export"
        ):
            return
        files = [one for one in project.each(RouteFile) if one.app == fact.app]
        has_own = any(file.kind in {"handler", "api"} and "/api" in file.route for file in files)
        if not has_own or _is_served_otherwise(fact, project):
            return
        answering = [one for one in files if one.kind in _ANSWERS and one.may_match(fact.path)]
        if not answering:
            yield self._missing(fact)
        elif len(answering) == 1 and answering[0].kind == "handler":
            yield from self._refused(fact, answering[0], project)

    def _missing(self, fact: ApiCall) -> Finding:
        folder = fact.app.app_folder or fact.app.path / "app"
        wanted = folder.as_posix() + fact.path.replace("*", "[id]").rstrip("/")
        return self.finding(
            fact.location.labelled("asked for here"),
            f"nothing serves `{fact.path}`: no route handler, no file of pages/api, no rewrite",
            notes=(f"instead: `{wanted}/route.ts`",),
        )

    def _refused(self, fact: ApiCall, file: RouteFile, project: Project) -> Iterator[Finding]:
        """Yield a finding when the only handler there has no function for the method."""
        routes = (one for one in project.each(Route) if one.app == fact.app)
        methods = next((one.methods for one in routes if one.path == file.source.path), ())
        is_automatic = fact.method == "OPTIONS" or (fact.method == "HEAD" and "GET" in methods)
        if not methods or fact.method in {None, *methods} or is_automatic:
            return
        if file.source.mentions("export *"):
            return
        yield self.finding(
            fact.location.labelled("asked for here"),
            f"`{fact.method} {fact.path}` gets 405: `{file.source.path}` has only {_listed(methods)}",
            related=(Location(file.source, file.source.line_span(1), "the handler of this path"),),
            notes=(f"instead: `export async function {fact.method}` there",),
        )


def _listed(methods: tuple[str, ...]) -> str:
    return " and ".join(methods) if len(methods) < _MANY else ", ".join(methods)


def _is_served_otherwise(fact: ApiCall, project: Project) -> bool:
    """Whether a rewrite, a redirect, a middleware or another server may serve the path."""
    return _is_rewritten(fact, project) or any(
        one.app == fact.app for one in project.each(OtherServer)
    )


def _is_rewritten(fact: ApiCall, project: Project) -> bool:
    """Whether a rewrite, a redirect or a middleware may serve the path."""
    rewrites = [one.source for one in project.each(Rewrite) if one.app == fact.app]
    redirects = [one.source for one in project.each(Redirect) if one.app == fact.app]
    for written in map(text, (*rewrites, *redirects)):
        if written is None or _may_cover(written, fact.path):
            return True
    return any(
        answer.kind == "rewrite" and one.app == fact.app
        for one in project.each(Middleware)
        for answer in one.answers
    )


def _may_cover(source: str, path: str) -> bool:
    """Whether a rewrite for *source* may concern *path*: their fixed beginnings agree."""
    fixed = source.partition(":")[0].partition("(")[0].partition("{")[0]
    known = path.partition("*")[0]
    return known.startswith(fixed) or fixed.startswith(known)
