"""env-file-shadowed."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Certainty, Channel, Injection, Launch


class EnvFileShadowed(Rule[Launch]):
    """A value in an env file that another one beats, so that it never takes effect.

    ## Why is this bad?

    For Next.js the environment of the process goes before every file, then come
    `.env.production.local`, `.env.local`, `.env.production` and `.env`. Whoever edits the file that
    loses sees no effect, and the value that wins is often the older one.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    cat > .env.production <<'ENV'
    # finding below
    AWS_REGION=ap-northeast-1
    ENV
    AWS_REGION=ap-northeast-2 pm2 start npm --name web-frontend -- start
    EOF
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    cat > .env.production <<'ENV'
    AWS_REGION=ap-northeast-1
    ENV
    AWS_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```
    """

    id = "env-file-shadowed"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for each value of a file that differs from the one that wins."""
        if fact.starts is Certainty.NEVER:
            return
        for file in fact.env_files:
            for one in file.entries.values():
                winner = fact.effective.get(one.name)
                if winner is not None and _is_beaten(one, winner):
                    yield self._finding(fact, one, winner)

    def _finding(self, launch: Launch, one: Injection, winner: Injection) -> Finding:
        where = "its environment" if winner.channel is Channel.PROCESS else winner.how[11:]
        return self.finding(
            one.location.labelled("never looked at"),
            f"`{one.name}` of this file never takes effect: {launch.title} has another value in {where}",
            related=(
                winner.location.labelled("this one wins"),
                launch.location.labelled(f"starts {launch.title}"),
            ),
            data=Data(env=(one.name,)),
        )


def _is_beaten(one: Injection, winner: Injection) -> bool:
    """Whether another place wins, with another value that is known and not empty."""
    if one.channel is not Channel.ENV_FILE or winner.location == one.location:
        return False
    values = one.value.known, winner.value.known
    return (
        None not in values
        and bool(values[1])
        and values[0] != values[1]
        and "$" not in (values[0] or "")
    )
