"""middleware-ignored."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.nextjs.middleware import Middleware


class MiddlewareIgnored(Rule[Middleware]):
    """A middleware or proxy file where Next does not look.

    ## Why is this bad?

    The file type-checks and does nothing: no redirect, no header, no check of the session. Next looks
    beside `app` or `pages`, for `middleware.ts` before version 16 and `proxy.ts` since; webpack
    builds say nothing about a file elsewhere.

    ## Example

    ```ts path=middleware.ts
    import { NextResponse } from 'next/server'; // finding

    export const config = { matcher: ['/account/:path*'] };

    export default function middleware() {
      return NextResponse.next();
    }
    ```

    ```ts path=src/app/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=src/middleware.ts
    import { NextResponse } from 'next/server';

    export const config = { matcher: ['/account/:path*'] };

    export default function middleware() {
      return NextResponse.next();
    }
    ```

    ```ts path=src/app/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "middleware-ignored"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Middleware, project: Project) -> Iterator[Finding]:
        """Yield a finding when the file is never run."""
        if fact.is_used or fact.why is None:
            return
        first = Location(fact.source, fact.source.line_span(1))
        yield self.finding(
            first.labelled("never run"),
            f"`{fact.source.path}` is never run: {fact.why}",
            notes=(f"instead: {fact.advice}",),
        )
