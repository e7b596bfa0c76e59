"""export-output-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.nextjs.facts import AppConfig, Redirect, Rewrite
from megalint.project.nextjs.middleware import Middleware


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
        """Yield one finding that names everything that is lost."""
        if fact.output != "export" or not fact.is_output_certain or fact.output_location is None:
            return
        lost = tuple(_lost(fact, project))
        if lost:
            yield self.finding(
                fact.output_location.labelled("files alone, no server"),
                f"`output: 'export'` drops {' and '.join(words for words, _ in lost)}",
                related=tuple(place.labelled("not applied") for _, place in lost),
                notes=("instead: `output: 'standalone'`, or do this in front of the files",),
            )


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
