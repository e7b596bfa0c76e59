"""foreign-region-value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity
from megalint.project.launches.facts import (
    REGION_VARIABLES,
    Boot,
    Certainty,
    Injection,
    Launch,
)

_REGION = re.compile(
    r"(?<![\w-])(?:us|eu|ap|sa|ca|me|af|il)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d(?![\w])"
)
_MEANT = re.compile(
    r"(?:^|_)(?:SOURCE|PRIMARY|SECONDARY|REPLICA|BACKUP|OTHER|PEER|REMOTE|FALLBACK|ORIGIN|TARGET|DR|RECOVERY"
    r"|BEDROCK|SES|COGNITO|CLOUDFRONT|ACM|ROUTE53|LOG|LOGS|REGIONS|ALLOWED)(?:_|$)"
)
_GLOBAL = "us-east-1"


class ForeignRegionValue(Rule[Boot]):
    """A value of another region in the launch of a region.

    ## Why is this bad?

    The recovery region's machines call the load balancer, the table or the queue of the region
    that is down. It works in every test, because then both regions are up.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    export AWS_REGION=ap-northeast-1
    # finding below
    export INTERNAL_API_URL=http://tickets-nlb.elb.ap-northeast-2.amazonaws.com:3001
    pm2 start npm --name web-frontend -- start
    EOF
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/web
    export AWS_REGION=ap-northeast-1
    export INTERNAL_API_URL=http://tickets-dr-nlb.elb.ap-northeast-1.amazonaws.com:3001
    pm2 start npm --name web-frontend -- start
    EOF
    ```
    """

    id = "foreign-region-value"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each value of another region."""
        for launch in fact.launches:
            home = fact.user_data.region or _own(launch)
            if home is None or launch.starts is Certainty.NEVER:
                continue
            evidence = None if fact.user_data.region else _where(launch)
            for one in launch.effective.values():
                foreign = _foreign(one, home)
                if foreign is not None:
                    yield self._finding(launch, one, home, foreign, evidence)

    def _finding(
        self, launch: Launch, one: Injection, home: str, foreign: str, evidence: Location | None
    ) -> Finding:
        own = () if evidence is None else (evidence.labelled(f"the launch is of {home}"),)
        return self.finding(
            one.location.labelled(f"names {foreign}"),
            f"`{one.name}` points to {foreign} in a launch of {home}",
            related=(*own, launch.location.labelled(f"starts {launch.title}")),
            data=Data(env=(one.name,), region=foreign),
        )


def _own(launch: Launch) -> str | None:
    given = (launch.effective.get(name) for name in REGION_VARIABLES)
    values = [one.value.known for one in given if one is not None]
    known = {value for value in values if value and _REGION.fullmatch(value)}
    return known.pop() if len(known) == 1 else None


def _where(launch: Launch) -> Location | None:
    found = (launch.effective.get(name) for name in REGION_VARIABLES)
    return next((one.location for one in found if one is not None), None)


def _foreign(one: Injection, home: str) -> str | None:
    known = one.value.known
    if known is None or _MEANT.search(one.name):
        return None
    found = set(_REGION.findall(known))
    others = found - {home, _GLOBAL}
    return others.pop() if len(others) == 1 and home not in found else None
