"""env-fallback-hides-missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.evidence import describes_build
from megalint.project.nextjs.facts import EnvironmentRead, Phase

_LOCAL = re.compile(
    r"(?:^|//|@)(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)(?=[:/]|$)"
)
_REGION = re.compile(r"^(?:us|eu|ap|sa|ca|me|af|il)-(?:gov-)?[a-z]+-\d$")


class EnvFallbackHidesMissing(Rule[EnvironmentRead]):
    """A default that stands in for a variable that every deployment needs.

    ## Why is this bad?

    Where the launch line forgets the variable, nothing fails: the app talks to itself on
    `localhost`, or to the region that is down. The error appears far from its cause.

    ## Example

    ```ts path=app/api/events/route.ts
    export async function POST() {
      const base = process.env.INTERNAL_API_URL ?? 'http://localhost:3001'; // finding
      return fetch(`${base}/events`, { cache: 'no-store' });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/api/events/route.ts
    export async function POST() {
      const base = process.env.INTERNAL_API_URL;
      if (!base) throw new Error('INTERNAL_API_URL is not set');
      return fetch(`${base}/events`, { cache: 'no-store' });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "env-fallback-hides-missing"
    severity = Severity.NOTE
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EnvironmentRead, project: Project) -> Iterator[Finding]:
        """Yield a finding when a server would go on with a local address or one region."""
        default = fact.default or ""
        is_local, is_region = _LOCAL.search(default), _REGION.search(default)
        if not (is_local or is_region) or describes_build(fact.read.name):
            return
        if fact.phase not in {Phase.START, Phase.REQUEST} or fact.is_inlined:
            return
        where = "this machine" if is_local else f"`{default}`"
        related = (
            ()
            if fact.default_location is None
            else (fact.default_location.labelled("used when it is missing"),)
        )
        yield self.finding(
            fact.read.location.labelled("missing here goes unnoticed"),
            f"`{fact.read.name}` falls back to `{default}`: a server that is started without it "
            f"goes on, and talks to {where}",
            related=related,
            notes=(
                "instead: fail at start when it is missing, and keep defaults for `NODE_ENV` development",
            ),
            data=Data(env=(fact.read.name,), region=default if is_region else None),
        )
