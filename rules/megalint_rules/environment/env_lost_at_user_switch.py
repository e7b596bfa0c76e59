"""env-lost-at-user-switch."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.launches.causes import causes_of
from megalint.project.launches.facts import Launch

_INSTEAD = {
    "sudo": "instead: `sudo -u USER NAME=value command`, or `sudo --preserve-env=NAME`",
    "su -": "instead: set the variable inside the command, or `su -w NAME - USER`",
}


class EnvLostAtUserSwitch(Rule[Launch]):
    r"""A variable exported for root that `sudo`, `su -` or `runuser -l` takes away.

    ## Why is this bad?

    `sudo` starts its command with a new environment: what root exported, and what stands before
    `sudo` on the line, reaches `sudo` and ends there. The same holds for `su -` and `runuser -l`.
    `su USER -c` and `runuser -u USER` keep everything, which is why it worked elsewhere.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    export AWS_REGION=ap-northeast-1
    # finding below
    sudo -u ec2-user bash -c 'cd ~/tickets/apps/web && pm2 start npm --name web-frontend -- start'
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -u ec2-user AWS_REGION=ap-northeast-1 \
      bash -c 'cd ~/tickets/apps/web && pm2 start npm --name web-frontend -- start'
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```
    """

    id = "env-lost-at-user-switch"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for the variables that a switch of the user takes away."""
        found = causes_of(fact, {"user-switch"})
        if not found:
            return
        first = found[0]
        names = listed([one.name for one in found])
        switch = first.lost_at or fact.location
        yield self.finding(
            switch.labelled(f"`{first.words}` starts with a new environment"),
            f"{names} {verb([one.name for one in found], 'is', 'are')} lost at `{first.words}`: {fact.title} starts without",
            related=(
                *(one.set_at.labelled("set here, for root") for one in found[:3]),
                fact.location.labelled(f"starts {fact.title}"),
            ),
            notes=(_INSTEAD.get(first.words, _INSTEAD["su -"]),),
            data=Data(env=tuple(one.name for one in found)),
        )
