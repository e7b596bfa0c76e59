"""empty-env-injection."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.launches.causes import is_expanded
from megalint.project.launches.facts import Certainty, Injection, Launch
from megalint.project.launches.needs import needs_of


class EmptyEnvInjection(Rule[Launch]):
    """A variable that is given, and is empty when the process starts.

    ## Why is this bad?

    `AWS_REGION=$AWS_REGION pm2 start ...` where the shell has no such variable gives an empty
    text. For Next.js that is a value: the one in `.env.production` is not looked at, and a default
    written as `??` does not help. It is worse than not giving the variable at all.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    # finding below
    AWS_REGION=$REGION pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    REGION=ap-northeast-1
    AWS_REGION=$REGION pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```
    """

    id = "empty-env-injection"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for each empty value that something expands to."""
        needed = {*needs_of(project, fact.app), *project.config.required}
        for one in fact.effective.values():
            if one.value.known != "" or fact.starts is Certainty.NEVER:
                continue
            if one.name in needed and is_expanded(one):
                yield self._finding(fact, one)

    def _finding(self, launch: Launch, one: Injection) -> Finding:
        shadowed = next(
            (
                file.entries[one.name]
                for file in launch.env_files
                if one.name in file.entries and file.entries[one.name].value.known != ""
            ),
            None,
        )
        related = [launch.location.labelled(f"starts {launch.title}")]
        if shadowed is not None:
            related.insert(0, shadowed.location.labelled("never looked at: the empty value wins"))
        return self.finding(
            one.location.labelled("expands to nothing"),
            f"`{one.name}` is empty when {launch.title} starts, and an empty value beats every env file",
            related=tuple(related),
            data=Data(env=(one.name,)),
        )
