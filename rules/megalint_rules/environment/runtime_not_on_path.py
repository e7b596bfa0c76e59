"""runtime-not-on-path."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Boot


class RuntimeNotOnPath(Rule[Boot]):
    """`pm2`, `npm` or `node` started where nvm's folder is not on the PATH.

    ## Why is this bad?

    nvm puts node into the home folder of one user and on the PATH of that user's shells. `sudo`
    uses the PATH of sudoers, systemd and cron have their own, and user data runs as root without
    any profile: "pm2: command not found", and nothing is started.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -u ec2-user bash -c 'source ~/.nvm/nvm.sh && pm2 delete web-frontend || true'
    # finding below
    sudo -u ec2-user pm2 start /home/ec2-user/tickets/server.js --name web-frontend
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -u ec2-user bash -c 'source ~/.nvm/nvm.sh && pm2 delete web-frontend || true'
    sudo -u ec2-user bash -c 'source ~/.nvm/nvm.sh && pm2 start ~/tickets/server.js --name web-frontend'
    ```
    """

    id = "runtime-not-on-path"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each command that is not found."""
        for event in fact.events:
            if event.kind == "not-on-path":
                yield self.finding(
                    event.location.labelled("command not found"),
                    f"`{event.subject}` is not on the PATH here: nvm has it in the home folder of"
                    " its user, and nothing sources nvm.sh before",
                    notes=(f"instead: `bash -c 'source ~/.nvm/nvm.sh && {event.subject} ...'`",),
                )
        for launch in fact.launches:
            if launch.note is not None and launch.note.startswith("npm finds no package.json"):
                yield self.finding(
                    launch.location.labelled("runs in /"),
                    f"{launch.title} is started in `/`, where npm finds no package.json",
                    confidence=Confidence.HIGH,
                    notes=(
                        "a `cd` in another command, or one that `sudo` runs, has no effect here",
                    ),
                )
