"""health-check-skips-env."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity, Span, listed
from megalint.project.launches.facts import Launch
from megalint.project.launches.needs import needs_of
from megalint.project.nextjs.facts import EnvironmentRead, Route

_HEALTH = re.compile(
    r"/(?:health|healthz|healthcheck|health-check|livez|readyz|ready|status|ping)$"
)
_SHOWN = 3


class HealthCheckSkipsEnv(Rule[Route]):
    """A health endpoint that answers 200 although the variables of the app are missing.

    ## Why is this bad?

    The load balancer and Route 53 ask this route whether the machine may serve. A process that
    lacks its API's address answers "ok" here and fails everywhere else, so the failover goes to it.

    ## Example

    ```ts path=app/api/health/route.ts
    export const dynamic = 'force-dynamic'; // finding

    export async function GET() {
      return Response.json({ status: 'ok' });
    }
    ```

    ```ts path=app/api/seats/route.ts
    export async function POST() {
      return fetch(`${process.env.INTERNAL_API_URL}/seats`);
    }
    ```

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash -c 'cd ~/web && INTERNAL_API_URL=http://a.example pm2 start npm --name web -- start'
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/api/health/route.ts
    export const dynamic = 'force-dynamic';

    export async function GET() {
      const isReady = Boolean(process.env.INTERNAL_API_URL);
      return Response.json({ isReady }, { status: isReady ? 200 : 503 });
    }
    ```

    ```ts path=app/api/seats/route.ts
    export async function POST() {
      return fetch(`${process.env.INTERNAL_API_URL}/seats`);
    }
    ```

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash -c 'cd ~/web && INTERNAL_API_URL=http://a.example pm2 start npm --name web -- start'
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "health-check-skips-env"
    severity = Severity.NOTE
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Route, project: Project) -> Iterator[Finding]:
        """Yield a finding for a health route that reads none of what the app needs."""
        if fact.kind not in {"handler", "api"} or not _HEALTH.search(fact.route):
            return
        needs = needs_of(project, fact.app).values()
        names = {one.name for one in needs if one.is_needed}
        is_launched = any(one.app == fact.app for one in project.each(Launch))
        source = project.checkout.get(fact.path)
        if not names or not is_launched or source is None:
            return
        read = {
            one.read.name
            for one in project.each(EnvironmentRead)
            if one.app == fact.app
            and (
                one.read.location.source == source
                or any(capture.sink.location.source == source for capture in one.captures)
            )
        }
        if names & read or source.mentions("env"):
            return
        some = sorted(names)[:_SHOWN]
        yield self.finding(
            Location(source, Span(0, len(source.line_text(1)))).labelled(
                "asked by the load balancer"
            ),
            f"{fact.route} answers without looking at what the app needs ({listed(some)})",
            notes=("instead: answer 503 where a variable is missing",),
            data=Data(env=tuple(some)),
        )
