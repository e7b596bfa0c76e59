"""env-file-not-read."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.launches.causes import causes_of
from megalint.project.launches.facts import Boot, Launch

_WHY = {
    "other-file": "{path} is not where {title} looks: it reads `.env.production` and its like in {cwd}",
    "after-start": "{path} is written after {title} was started, and it was read at that moment",
}


class EnvFileNotRead(Rule[Boot]):
    """An env file that the started process does not read, or that comes too late.

    ## Why is this bad?

    Next.js reads `.env.production.local`, `.env.local`, `.env.production` and `.env` in the folder
    it is started in, once. A file in the folder of another app, beside the standalone copy, with
    another name, or written after the start has no effect.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    cat > /home/ec2-user/tickets/.env.production <<'EOF'
    # finding below
    AWS_REGION=ap-northeast-1
    EOF
    sudo -iu ec2-user bash -c 'cd ~/tickets/apps/web && pm2 start npm --name web-frontend -- start'
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    cat > /home/ec2-user/tickets/apps/web/.env.production <<'EOF'
    AWS_REGION=ap-northeast-1
    EOF
    sudo -iu ec2-user bash -c 'cd ~/tickets/apps/web && pm2 start npm --name web-frontend -- start'
    ```

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```
    """

    id = "env-file-not-read"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each file that holds what a launch lacks."""
        for launch in fact.launches if fact.user_data.refusal is None else ():
            yield from self._of(launch, fact)

    def _of(self, launch: Launch, boot: Boot) -> Iterator[Finding]:
        found = causes_of(launch, _WHY, boot.machine)
        for kind, path in dict.fromkeys((one.kind, one.words) for one in found):
            here = [one for one in found if (one.kind, one.words) == (kind, path)]
            names = listed([one.name for one in here])
            why = _WHY[kind].format(path=path, title=launch.title, cwd=launch.cwd or "its folder")
            yield self.finding(
                here[0].set_at.labelled(f"written to {path}"),
                f"{names} {verb([one.name for one in here], 'does', 'do')} not reach {launch.title}: {why}",
                related=(launch.location.labelled(f"starts {launch.title}"),),
                data=Data(env=tuple(one.name for one in here)),
            )
