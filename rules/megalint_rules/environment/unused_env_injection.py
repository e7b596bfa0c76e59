"""unused-env-injection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.launches.facts import Certainty, Channel, Launch
from megalint.project.nextjs.facts import Variable

_OF_OTHERS = re.compile(
    r"PORT|HOST|HOSTNAME|TZ|LANG|LC_.*|PATH|HOME|USER|DEBUG|CI|NODE_.*|NEXT_.*|NEXTAUTH_.*|AUTH_.*|AWS_.*"
    r"|npm_.*|NPM_.*|PM2_.*|OTEL_.*|SENTRY_.*|DD_.*|NEW_RELIC_.*|DATABASE_URL|DIRECT_URL|SHADOW_DATABASE_URL"
    r"|PRISMA_.*|REDIS_.*|SSL_.*|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|LOG_LEVEL|VERCEL_.*|CLERK_.*|STRIPE_.*"
    r"|TURBO_.*|DO_NOT_TRACK|.*TELEMETRY.*|CHOKIDAR_.*|WATCHPACK_.*|UV_.*|KEEP_ALIVE_TIMEOUT"
    r"|POSTGRES_.*|MYSQL_.*|PG[A-Z]+|S3_.*|SMTP_.*|MAIL_.*|OPENAI_.*|ANTHROPIC_.*|GOOGLE_.*|SUPABASE_.*"
)


class UnusedEnvInjection(Rule[Launch]):
    """A variable given to an app that nothing of the app reads.

    ## Why is this bad?

    It is a leftover, or the app reads it under another name. Whoever looks for the value that takes
    effect is led astray.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    # finding below
    API=http://nlb.example:3001 BOOKING_MODE=dr pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```ts path=apps/web/app/api/seats/route.ts
    export async function POST() {
      return fetch(`${process.env.API}/seats`);
    }
    ```

    ```json path=apps/web/package.json
    { "name": "web", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    API=http://nlb.example:3001 pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```ts path=apps/web/app/api/seats/route.ts
    export async function POST() {
      return fetch(`${process.env.API}/seats`);
    }
    ```

    ```json path=apps/web/package.json
    { "name": "web", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "unused-env-injection"
    severity = Severity.NOTE
    confidence = Confidence.LOW
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for the variables that nothing mentions."""
        if fact.app is None or fact.starts is Certainty.NEVER:
            return
        reads = {one.name for one in project.each(Variable) if one.app == fact.app}
        known = reads | project.config.required
        if not reads or any(name.endswith("*") for name in reads):
            return
        found = [
            one
            for one in fact.effective.values()
            if one.name not in known
            and one.channel is not Channel.IMAGE
            and not _OF_OTHERS.fullmatch(one.name)
            and not _is_mentioned(one.name, fact, project)
        ]
        if found:
            names = [one.name for one in found]
            yield self.finding(
                found[0].location.labelled("given here"),
                f"{listed(names)} {verb(names, 'is', 'are')} given to {fact.title}, and nothing of"
                f" the app reads {verb(names, 'it', 'them')}",
                related=(fact.location.labelled(f"starts {fact.title}"),),
                data=Data(env=tuple(names)),
            )


def _is_mentioned(name: str, launch: Launch, project: Project) -> bool:
    """Whether any file of the checkout but scripts and templates holds the name."""
    own = launch.location.source
    others = (one for one in project.checkout if one != own)
    code = (one for one in others if one.path.suffix in _CODE)
    return any(one.mentions(name) for one in code)


_CODE = frozenset({".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json"})
