"""duplicate-process-start."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Boot


class DuplicateProcessStart(Rule[Boot]):
    """`pm2 start ... --name N` while a process of that name runs: now there are two.

    ## Why is this bad?

    `pm2 start npm --name web -- start` does not fail and does not restart where `web` runs
    already. It adds a second process with the same name, which fights for the port; the first one
    keeps its old environment and goes on answering.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    AWS_REGION=ap-northeast-2 pm2 start npm --name web-frontend -- start
    # finding below
    AWS_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    pm2 delete web-frontend || true
    AWS_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```
    """

    id = "duplicate-process-start"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each second start."""
        for event in fact.events:
            if event.kind == "second-process" and event.related != event.location:
                first = (
                    () if event.related is None else (event.related.labelled("runs since here"),)
                )
                yield self.finding(
                    event.location.labelled("adds a second process"),
                    f"`{event.subject}` runs already: PM2 adds a second process of that name, and"
                    " the first one keeps its environment and its port",
                    related=first,
                    notes=("instead: `pm2 delete NAME || true` before the start",),
                )
