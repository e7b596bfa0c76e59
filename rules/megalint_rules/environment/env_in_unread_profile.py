"""env-in-unread-profile."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.launches.causes import causes_of
from megalint.project.launches.facts import Launch


class EnvInUnreadProfile(Rule[Launch]):
    r"""A variable written to a profile that the shell which starts the process does not read.

    ## Why is this bad?

    `bash -c`, a script, `nohup` and systemd read no `.bashrc` and no `.bash_profile`; `sudo` on
    Debian reads no `/etc/environment`. Debian's `.bashrc` returns on its first lines in every
    shell that is not interactive. By hand, in an SSH session, the variable is there.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    # finding below
    echo 'export AWS_REGION=ap-northeast-1' >> /home/ec2-user/.bashrc
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

    id = "env-in-unread-profile"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for each profile that holds what the launch lacks."""
        found = causes_of(fact, {"profile"})
        for path in dict.fromkeys(one.words for one in found):
            here = [one for one in found if one.words == path]
            names = listed([one.name for one in here])
            yield self.finding(
                here[0].set_at.labelled(f"written to {path}"),
                f"{names} {verb([one.name for one in here], 'stands', 'stand')} in {path}, which the shell that starts"
                f" {fact.title} does not read",
                related=(fact.location.labelled(f"starts {fact.title}"),),
                notes=("instead: give the variable on the line that starts the process",),
                data=Data(env=tuple(one.name for one in here)),
            )
