"""redirect-loop."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.nextjs.middleware import Middleware


class RedirectLoop(Rule[Middleware]):
    """A redirect whose target is redirected again, without end.

    ## Why is this bad?

    The browser gives up after some twenty hops with "too many redirects", and nobody sees the site.

    ## Example

    ```ts path=middleware.ts
    import { NextResponse, type NextRequest } from 'next/server';

    export function middleware(request: NextRequest) {
      if (!request.cookies.get('session')) {
        return NextResponse.redirect(new URL('/login', request.url)); // finding
      }
      return NextResponse.next();
    }

    export const config = { matcher: ['/((?!api|_next/static|_next/image|favicon.ico).*)'] };
    ```

    ```ts path=app/login/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=middleware.ts
    import { NextResponse, type NextRequest } from 'next/server';

    export function middleware(request: NextRequest) {
      if (request.nextUrl.pathname !== '/login' && !request.cookies.get('session')) {
        return NextResponse.redirect(new URL('/login', request.url));
      }
      return NextResponse.next();
    }

    export const config = { matcher: ['/((?!api|_next/static|_next/image|favicon.ico).*)'] };
    ```

    ```ts path=app/login/page.tsx
    export default function Page() {
      return null;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "redirect-loop"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Middleware, project: Project) -> Iterator[Finding]:
        """Yield a finding for each redirect that leads back to itself under the same conditions."""
        redirects = [
            one
            for one in fact.answers
            if one.kind == "redirect" and not one.is_path_test and fact.runs_on(one.path)
        ]
        reached = {one.target for one in redirects if one.target != one.path}
        seen: set[object] = set()
        for answer in redirects:
            is_loop = answer.target == answer.path and answer.path in reached
            if is_loop and answer.location not in seen:
                seen.add(answer.location)
                yield self.finding(
                    answer.location.labelled("leads to itself"),
                    f"`{answer.path}` is redirected to itself: whoever is sent there never arrives",
                    confidence=Confidence.HIGH if answer.is_certain else Confidence.MEDIUM,
                    notes=(
                        f"instead: let `{answer.path}` pass, in the matcher or before this line",
                    ),
                )
