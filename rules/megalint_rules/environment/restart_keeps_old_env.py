"""restart-keeps-old-env."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Edit, Finding, Fix, Location, Project, Rule, Safety, Severity, Span
from megalint.project.launches.facts import Boot, Event


class RestartKeepsOldEnv(Rule[Boot]):
    """`pm2 restart` or `pm2 reload` without `--update-env`: the process keeps its old values.

    ## Why is this bad?

    PM2 stores the environment of a process when it is first started, and gives that back at every
    restart. What the shell exports now, and what stands before `pm2 restart`, is not looked at. The
    same holds for `pm2 start NAME` of a process that PM2 knows already: it is a restart. An image
    made in one region brings the values of that region with it.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    export AWS_REGION=ap-northeast-1
    # finding below
    pm2 restart web-frontend
    EOF
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    export AWS_REGION=ap-northeast-1
    pm2 restart web-frontend --update-env
    EOF
    ```
    """

    id = "restart-keeps-old-env"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each restart."""
        for event in fact.events:
            if event.kind == "keeps-old":
                yield self._finding(event)

    def _finding(self, event: Event) -> Finding:
        started = () if event.related is None else (event.related.labelled("started here"),)
        is_start = event.words == "start"
        how = "is a restart: it" if is_start else "without `--update-env`"
        return self.finding(
            event.location.labelled("the environment is the one that PM2 stored"),
            f"`pm2 {event.words} {event.subject}` {how} keeps the old environment of the process",
            confidence=Confidence.HIGH if event.related is not None else Confidence.MEDIUM,
            related=started,
            notes=("instead: `pm2 delete` and `pm2 start`, or `pm2 restart --update-env`",),
            fix=None if is_start else _fix(event.location),
        )


def _fix(place: Location) -> Fix | None:
    if "\n" in place.text:
        return None
    end = Span(place.span.end, place.span.end)
    edit = Edit(place.source, end, " --update-env")
    return Fix("add --update-env", Safety.SAFE, (edit,))
