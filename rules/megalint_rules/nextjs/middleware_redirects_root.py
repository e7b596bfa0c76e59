"""middleware-redirects-root."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.nextjs.middleware import Middleware


class MiddlewareRedirectsRoot(Rule[Middleware]):
    """Middleware that always redirects `/`.

    ## Why is this bad?

    Every visitor loads the site twice, and the load balancer's health check of `/` sees a 307. The
    redirect is computed on each instance: at a failover it points wherever that instance thinks
    the site is.

    ## Example

    ```ts path=middleware.ts
    import { NextResponse, type NextRequest } from 'next/server';

    export function middleware(request: NextRequest) {
      if (request.nextUrl.pathname === '/') {
        return NextResponse.redirect(new URL('/events', request.url)); // finding
      }
      return NextResponse.next();
    }

    export const config = { matcher: ['/'] };
    ```

    ```ts path=app/events/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/page.tsx
    export { default } from './events/page';
    ```

    ```ts path=app/events/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "middleware-redirects-root"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Middleware, project: Project) -> Iterator[Finding]:
        """Yield a finding when nothing but the path decides about the redirect of the root."""
        for answer in fact.answers:
            is_elsewhere = answer.target is not None and answer.target != "/"
            if answer.path != "/" or answer.kind != "redirect" or not is_elsewhere:
                continue
            if answer.is_certain and fact.runs_on("/"):
                yield self.finding(
                    answer.location.labelled("every visitor of / comes here"),
                    f"`{fact.source.path.name}` redirects every request for `/` to `{answer.target}`: "
                    "each visit loads twice, and health checks of `/` see a redirect",
                    notes=(
                        f"instead: let `/` show that page, `app/page` re-exporting `{answer.target}`",
                    ),
                )
