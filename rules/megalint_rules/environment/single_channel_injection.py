"""single-channel-injection."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.config import Service
from megalint.project.launches.facts import Certainty, Launch


class SingleChannelInjection(Rule[Launch]):
    """A variable given by one channel only, where the contract asks for two.

    ## Why is this bad?

    An env file survives a restart that forgets the environment; the environment of the process
    beats a file that the image brought. A team that wants both (`channels` in `megalint.toml`)
    loses one of the two safeguards without noticing.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    # finding below
    AWS_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    channels = ["process", "env-file"]
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    echo AWS_REGION=ap-northeast-1 > .env.production
    AWS_REGION=ap-northeast-1 pm2 start npm --name web-frontend -- start
    EOF
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    channels = ["process", "env-file"]
    ```
    """

    id = "single-channel-injection"
    severity = Severity.NOTE
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for each channel that misses variables."""
        service = next((one for one in project.config.services if _is_of(one, fact)), None)
        if service is None or fact.starts is Certainty.NEVER or fact.is_open:
            return
        wanted = [name for name in service.require if name not in fact.lacks]
        in_files = {name for file in fact.env_files for name in file.entries}
        for channel, given in (("process", set(fact.environment)), ("env-file", in_files)):
            absent = [name for name in wanted if name not in given]
            if channel in service.channels and absent:
                where = "its environment" if channel == "process" else "an env file that it reads"
                yield self.finding(
                    fact.location.labelled(f"starts {fact.title}"),
                    f"{listed(absent)} {verb(absent, 'reaches', 'reach')} {fact.title} by one channel only: not in {where}",
                    data=Data(env=tuple(absent)),
                )


def _is_of(service: Service, launch: Launch) -> bool:
    if len(service.channels) < 2:  # noqa: PLR2004 - both
        return False
    if service.process is not None:
        return service.process == launch.process
    return launch.app is not None and str(launch.app.path) == service.app
