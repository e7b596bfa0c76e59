"""matcher-not-literal."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.nextjs.middleware import Middleware


class MatcherNotLiteral(Rule[Middleware]):
    """A matcher that Next cannot read, because it is no literal.

    ## Why is this bad?

    Next reads `config` without running the file. What is not written out as strings, it cannot
    read: Next 14 prints a warning and runs the middleware on every path, Next 15 and 16 stop the build.

    ## Example

    ```ts path=middleware.ts
    import { NextResponse } from 'next/server';

    const protectedPath = '/account';

    export function middleware() {
      return NextResponse.next();
    }

    export const config = {
      matcher: [`${protectedPath}/:path*`], // finding
    };
    ```

    ```ts path=app/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=middleware.ts
    import { NextResponse } from 'next/server';

    export function middleware() {
      return NextResponse.next();
    }

    export const config = {
      matcher: ['/account/:path*'],
    };
    ```

    ```ts path=app/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "matcher-not-literal"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Middleware, project: Project) -> Iterator[Finding]:
        """Yield a finding for the first part of the matcher that cannot be read."""
        if not fact.is_used or fact.problem is None:
            return
        yield self.finding(
            fact.problem.location.labelled("not a literal"),
            f"Next {fact.app.major} cannot read this matcher ({fact.problem.words}): {fact.problem.effect.value}",
            notes=("instead: write the paths out as strings",),
        )
