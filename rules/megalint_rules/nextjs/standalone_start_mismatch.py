"""standalone-start-mismatch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.formats import lockfile
from megalint.project.deployments import StandaloneUse
from megalint.project.nextjs.facts import AppConfig

_PATH = re.compile(r"\.next/standalone/(?P<inner>(?:[\w.@-]+/)*)server\.js")


class StandaloneStartMismatch(Rule[StandaloneUse]):
    """A standalone server is started from a path that the build does not produce.

    ## Why is this bad?

    In a monorepo the standalone folder repeats the repository's layout: `server.js` of `apps/web`
    lies in `.next/standalone/apps/web`. A start line that forgets this ends with "Cannot find module".

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

    def check(self, fact: StandaloneUse, project: Project) -> Iterator[Finding]:
        """Yield a finding when the path lacks the app's folder."""
        config = next((one for one in project.each(AppConfig) if one.app == fact.app), None)
        found = _PATH.search(fact.text)
        if config is None or config.output != "standalone" or fact.kind != "start" or found is None:
            return
        inner = fact.app.path.relative_to(_tracing_root(fact, project))
        wanted = "" if str(inner) == "." else f"{inner}/"
        if config.app.config is not None and "outputFileTracingRoot" in config.app.config.text:
            return
        if found["inner"] != wanted:
            yield self.finding(
                fact.location.labelled("no such file"),
                f"the build writes `.next/standalone/{wanted}server.js`, not `{found.group()}`",
                notes=(f"instead: `node .next/standalone/{wanted}server.js`",),
            )


def _tracing_root(fact: StandaloneUse, project: Project) -> PurePosixPath:
    """Return the folder of the outermost lock file: Next takes it for the repository."""
    folders = [fact.app.path, *fact.app.path.parents]
    locked = [
        one for one in folders if any(one / name in project.checkout for name in lockfile.NAMES)
    ]
    return locked[-1] if locked else fact.app.path
