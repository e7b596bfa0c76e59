"""process-list-not-saved."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Boot, Certainty, Machine
from megalint.project.launches.pm2 import by_user


class ProcessListNotSaved(Rule[Boot]):
    """PM2's list is changed and not saved: after a reboot the old processes return.

    ## Why is this bad?

    At boot PM2 starts what `pm2 save` stored, with the environment of that moment. An image made
    in another region holds that region's list. Where the script starts the processes anew and does
    not save, the next reboot brings the old region back. `pm2 save` after `pm2 delete all` with
    nothing left saves nothing at all.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    pm2 delete web-frontend || true
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
    pm2 save
    EOF
    ```
    """

    id = "process-list-not-saved"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for the last start of a list that is not saved."""
        replaces = any(event.kind == "replaced" for event in fact.events)
        for user, processes in by_user(fact.machine.kept):
            if processes and replaces and not _is_saved(fact.machine, user, len(processes)):
                last = processes[-1]
                starts = [one for one in fact.launches if one.location == last.location]
                if starts and starts[-1].starts is not Certainty.NEVER:
                    yield self.finding(
                        last.location.labelled("changes the list of processes"),
                        f"PM2's list of `{user}` is changed and never saved: a reboot brings back"
                        " what the image had saved",
                        notes=("instead: `pm2 save` as the same user, after the last start",),
                    )
        for event in fact.events:
            if event.kind == "saved-empty":
                yield self.finding(
                    event.location.labelled("skipped: the list is empty"),
                    "`pm2 save` of an empty list saves nothing: the processes of the image return at"
                    " the next boot",
                    notes=("instead: `pm2 save --force`",),
                )


def _is_saved(machine: Machine, user: str, count: int) -> bool:
    saved = machine.kept.get(("pm2-saved", user))
    return isinstance(saved, tuple) and len(saved) == count
