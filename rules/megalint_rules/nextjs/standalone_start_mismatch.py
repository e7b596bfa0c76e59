"""standalone-start-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.deployments import StandaloneUse, Start
from megalint.project.nextjs.facts import AppConfig
from megalint.project.tracing import server_path


class StandaloneStartMismatch(Rule[AppConfig]):
    """A standalone server is started from a path that the build does not produce.

    ## Why is this bad?

    In a monorepo the standalone folder repeats the repository's layout: `server.js` of `apps/web`
    lies in `.next/standalone/apps/web`. A start line that forgets this ends with "Cannot find module".
    The layout begins at the folder of the lock file, or at `outputFileTracingRoot`.

    `next start` serves such a build too, from the whole checkout, and prints a warning: a note.

    ## Example

    ```json path=apps/web/package.json
    {
      "name": "web",
      "scripts": {
        "build": "next build",
        "start": "node .next/standalone/server.js"
      },
      "dependencies": { "next": "15.5.9" }
    }
    ```

    ```txt path=apps/web/findings.txt
    apps/web/package.json:5
    ```

    ```js path=apps/web/next.config.mjs
    export default { output: 'standalone' };
    ```

    ```json path=package.json
    { "name": "shop", "workspaces": ["apps/*"] }
    ```

    ```json path=package-lock.json
    { "lockfileVersion": 3 }
    ```

    Use instead:

    ```json path=apps/web/package.json
    {
      "name": "web",
      "scripts": {
        "build": "next build",
        "start": "node .next/standalone/apps/web/server.js"
      },
      "dependencies": { "next": "15.5.9" }
    }
    ```

    ```js path=apps/web/next.config.mjs
    export default { output: 'standalone' };
    ```

    ```json path=package.json
    { "name": "shop", "workspaces": ["apps/*"] }
    ```

    ```json path=package-lock.json
    { "lockfileVersion": 3 }
    ```
    """

    id = "standalone-start-mismatch"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: AppConfig, project: Project) -> Iterator[Finding]:
        """Yield a finding at each start line that the standalone build does not fit."""
        if fact.output != "standalone" or not fact.is_output_certain:
            return
        wanted = server_path(project, fact.app)
        for use in project.each(StandaloneUse):
            is_start = use.app == fact.app and use.kind == "start"
            if is_start and use.server and wanted and use.server != str(wanted):
                yield self._missing(use, str(wanted))
        for start in project.each(Start):
            if start.app == fact.app and start.kind == "next-start":
                yield self._unused(start, fact)

    def _missing(self, use: StandaloneUse, wanted: str) -> Finding:
        return self.finding(
            use.location.labelled("no such file"),
            f"the build writes `.next/standalone/{wanted}`, not `.next/standalone/{use.server}`: "
            'the process ends with "Cannot find module"',
            notes=(f"instead: `{wanted}` below the standalone folder",),
        )

    def _unused(self, start: Start, config: AppConfig) -> Finding:
        asked = config.output_location
        return self.finding(
            start.location.labelled("runs from the whole checkout"),
            "`next start` leaves the standalone build unused: it serves, and warns at each start",
            severity=Severity.NOTE,
            related=() if asked is None else (asked.labelled("asks for .next/standalone"),),
            notes=("instead: `node server.js` in the standalone folder, or no `output`",),
        )
