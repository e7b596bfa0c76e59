"""handler-shadowed-by-rewrite."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.nextjs.facts import Rewrite
from megalint.project.nextjs.path_to_regexp import pattern_of
from megalint.project.nextjs.routes import RouteFile
from megalint.values import sketch, text


class HandlerShadowedByRewrite(Rule[Rewrite]):
    """A rewrite that wins over the route handler meant to replace it.

    ## Why is this bad?

    Rewrites of `afterFiles` come before dynamic routes: `app/api/[...path]/route.ts` is never asked
    while `/api/:path*` is rewritten. The handler reads the environment per request; the rewrite,
    which answers, does not.

    ## Example

    ```js path=next.config.mjs
    export default {
      async rewrites() {
        return [
          { source: '/api/:path*', destination: 'https://api.example.com/:path*' }, // finding
        ];
      },
    };
    ```

    ```ts path=app/api/[...path]/route.ts
    export async function GET(request: Request) {
      return fetch(new URL(request.url).pathname, { cache: 'no-store' });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```js path=next.config.mjs
    export default {};
    ```

    ```ts path=app/api/[...path]/route.ts
    export async function GET(request: Request) {
      return fetch(new URL(request.url).pathname, { cache: 'no-store' });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "handler-shadowed-by-rewrite"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Rewrite, project: Project) -> Iterator[Finding]:
        """Yield a finding when a handler can never be reached."""
        source = text(fact.source)
        if source is None or fact.has_conditions or fact.stage == "fallback":
            return
        pattern = pattern_of(source)
        if pattern is None:
            return
        for file in project.each(RouteFile):
            is_handler = file.app == fact.app and file.kind in {"handler", "api"}
            if (
                is_handler
                and _is_beaten(file, fact)
                and all(pattern.test(path) for path in file.samples)
            ):
                yield self.finding(
                    fact.location.labelled("answers instead"),
                    f"`{file.source.path}` is never asked: the rewrite of `{source}` comes first",
                    related=(Location(file.source, file.source.line_span(1), "shadowed"),),
                    notes=("instead: remove the rewrite, or move it to `fallback`",),
                )
                return


def _is_beaten(file: RouteFile, rewrite: Rewrite) -> bool:
    """Whether the rewrite comes before the file, and does not lead back to it."""
    comes_first = rewrite.stage == "beforeFiles" or bool(file.parameters)
    target = sketch(rewrite.destination)
    return comes_first and not target.startswith(("/", "*"))
