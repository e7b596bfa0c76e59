"""middleware-matches-assets."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Edit, Finding, Fix, Project, Rule, Safety, Severity
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.matchers import Matcher
from megalint.project.nextjs.middleware import Middleware

_WITHOUT_ASSETS = "/((?!_next/static|_next/image|favicon.ico).*)"
_EVERYTHING = frozenset({"/:path*", "/(.*)", "/:path(.*)", "/(.*)*"})


class MiddlewareMatchesAssets(Rule[Middleware]):
    """Middleware that runs for every script, style sheet and image of the site.

    ## Why is this bad?

    Without a matcher, or with one that covers `/_next/static`, the middleware runs for each of the
    dozens of files that a page loads. It costs time on every one, and a redirect or a failing
    call in it takes the scripts and the styles away with the page.

    ## Example

    ```ts path=middleware.ts
    import { NextResponse } from 'next/server';

    export function middleware() { // finding
      return NextResponse.next();
    }
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
      matcher: ['/((?!_next/static|_next/image|favicon.ico).*)'],
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

    id = "middleware-matches-assets"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Middleware, project: Project) -> Iterator[Finding]:
        """Yield a finding when requests for built files reach the middleware."""
        if not fact.is_used or fact.problem is not None:
            return
        hit = next((one for one in fact.matchers if _is_wide(one, fact.config)), None)
        if hit is None:
            return
        location = hit.location if fact.has_matcher and hit.source else fact.location
        words = (
            f"its matcher `{hit.source}` covers" if hit.source else "without a matcher it also gets"
        )
        yield self.finding(
            location.labelled("runs for /_next/static/..., too"),
            f"`{fact.source.path.name}` runs for every script, style sheet and image: {words} "
            "`/_next/static`",
            notes=(f"instead: `matcher: ['{_WITHOUT_ASSETS}']`",),
            fix=_fix(hit),
        )


def _is_wide(matcher: Matcher, config: AppConfig) -> bool:
    """Whether every request for a built file meets *matcher*."""
    is_for_assets = matcher.source.startswith("/_next")
    return (
        not matcher.is_conditional
        and not is_for_assets
        and matcher.matches("/_next/static/chunks/main.js", config)
    )


def _fix(matcher: Matcher) -> Fix | None:
    """Narrow a matcher that means every path; others need a person."""
    if matcher.source not in _EVERYTHING:
        return None
    quote = matcher.location.text[0]
    edit = Edit(matcher.location.source, matcher.location.span, f"{quote}{_WITHOUT_ASSETS}{quote}")
    return Fix("leave out what Next builds", Safety.SAFE, (edit,))
