"""api-route-missing."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.nextjs.facts import AppConfig, Redirect, Rewrite
from megalint.project.nextjs.middleware import Middleware
from megalint.project.nextjs.requests import ApiCall
from megalint.project.nextjs.routes import RouteFile
from megalint.values import text


class ApiRouteMissing(Rule[ApiCall]):
    """A request for `/api/...` that nothing in the app serves.

    ## Why is this bad?

    Neither a route handler, a file of `pages/api` nor a rewrite answers the path: the browser gets
    the 404 page. This is what is left over when a rewrite goes and its handlers were not written.

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
        own = [file for file in files if file.kind in {"handler", "api"} and "/api" in file.route]
        if (
            not own
            or any(file.may_match(fact.path) for file in files)
            or _is_rewritten(fact, project)
        ):
            return
        yield self.finding(
            fact.location.labelled("asked for here"),
            f"nothing serves `{fact.path}`: no route handler, no file of pages/api, no rewrite",
            notes=(f"instead: `app{fact.path.replace('*', '[id]')}/route.ts`",),
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
