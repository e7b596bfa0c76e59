"""middleware-blocks-api."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.nextjs.answers import Answer
from megalint.project.nextjs.facts import Rewrite
from megalint.project.nextjs.middleware import Middleware
from megalint.project.nextjs.routes import RouteFile
from megalint.values import text


class MiddlewareBlocksApi(Rule[Middleware]):
    """Middleware that redirects or answers requests for the API.

    ## Why is this bad?

    A request for data gets a page, a redirect to a page, or an answer that no handler gave. The
    client parses HTML as JSON, health checks fail, and calls from the load balancer never arrive.

    ## Example

    ```ts path=middleware.ts
    import { NextResponse, type NextRequest } from 'next/server';

    export function middleware(request: NextRequest) {
      if (!request.cookies.get('session')) {
        return NextResponse.redirect(new URL('/login', request.url)); // finding
      }
      return NextResponse.next();
    }

    export const config = { matcher: ['/((?!_next/static|_next/image|login|favicon.ico).*)'] };
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

    ```ts path=middleware.ts
    import { NextResponse, type NextRequest } from 'next/server';

    export function middleware(request: NextRequest) {
      if (!request.cookies.get('session')) {
        return NextResponse.redirect(new URL('/login', request.url));
      }
      return NextResponse.next();
    }

    export const config = { matcher: ['/((?!api|_next/static|_next/image|login|favicon.ico).*)'] };
    ```

    ```ts path=app/api/events/route.ts
    export async function GET(request: Request) {
      return Response.json({ at: request.url });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "middleware-blocks-api"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Middleware, project: Project) -> Iterator[Finding]:
        """Yield one finding for each answer that keeps requests from the API."""
        seen: set[object] = set()
        for answer in fact.answers:
            if not answer.path.startswith("/api/") or not _is_served(answer.path, fact, project):
                continue
            if answer.location not in seen and fact.runs_on(answer.path) and _is_blocking(answer):
                seen.add(answer.location)
                yield self._report(answer, fact)

    def _report(self, answer: Answer, fact: Middleware) -> Finding:
        words = {"redirect": "redirects", "rewrite": "rewrites"}.get(answer.kind, "answers")
        target = f" to `{answer.target}`" if answer.target else ""
        when = "" if answer.is_certain else ", whenever the condition around this line holds"
        return self.finding(
            answer.location.labelled("instead of the handler"),
            f"`{fact.source.path.name}` {words} requests for `{answer.path}`{target}: the API gets no "
            f"such request{when}",
            confidence=Confidence.HIGH if answer.is_certain else Confidence.MEDIUM,
            notes=("instead: leave `/api` out of the matcher, or answer 401 with JSON there",),
        )


def _is_served(path: str, fact: Middleware, project: Project) -> bool:
    """Whether a handler or a rewrite of the app is there for *path*."""
    for file in project.each(RouteFile):
        if file.app == fact.app and file.kind in {"handler", "api"} and file.matches(path):
            return True
    sources = (text(one.source) or "" for one in project.each(Rewrite) if one.app == fact.app)
    return any(source.startswith("/api") for source in sources)


def _is_blocking(answer: Answer) -> bool:
    """Whether an API client can only be surprised: JSON answers and API targets are meant so."""
    if answer.is_path_test:
        return False
    if answer.kind == "answer":
        return answer.is_certain
    return answer.target is not None and not answer.target.startswith("/api")
