"""env-name-drift."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Certainty, Injection, Launch, Need
from megalint.project.launches.needs import needs_of
from megalint.project.nextjs.facts import Variable

_CLOSE = 0.92


class EnvNameDrift(Rule[Launch]):
    """A variable given under a name that differs from the one that is read by a turn or a typo.

    ## Why is this bad?

    `DYNAMODB_TABLE_VENUES` is given, `DYNAMODB_VENUES_TABLE` is read. Both files look complete.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/app
    # finding below
    DYNAMODB_TABLE_VENUES=venues pm2 start npm --name app-backend -- start
    EOF
    ```

    ```ts path=apps/app/app/api/venues/route.ts
    export async function POST() {
      return Response.json({ table: process.env.DYNAMODB_VENUES_TABLE });
    }
    ```

    ```json path=apps/app/package.json
    { "name": "app", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    sudo -iu ec2-user bash <<'EOF'
    cd ~/tickets/apps/app
    DYNAMODB_VENUES_TABLE=venues pm2 start npm --name app-backend -- start
    EOF
    ```

    ```ts path=apps/app/app/api/venues/route.ts
    export async function POST() {
      return Response.json({ table: process.env.DYNAMODB_VENUES_TABLE });
    }
    ```

    ```json path=apps/app/package.json
    { "name": "app", "scripts": { "start": "next start" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "env-name-drift"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for each name given that is almost one that is lacking."""
        if fact.starts is Certainty.NEVER:
            return
        known = {one.name for one in project.each(Variable) if one.app == fact.app}
        known |= project.config.required
        needs = needs_of(project, fact.app)
        for given in fact.effective.values():
            wanted = next((name for name in fact.lacks if _is_drift(given.name, name)), None)
            if wanted is not None and given.name not in known:
                yield self._finding(fact, given, wanted, needs.get(wanted))

    def _finding(self, launch: Launch, given: Injection, wanted: str, need: Need | None) -> Finding:
        read = (need.location.labelled("read here"),) if need and need.location.span.end else ()
        return self.finding(
            given.location.labelled("given under this name"),
            f"`{given.name}` is given to {launch.title}, which reads `{wanted}`",
            related=(*read, launch.location.labelled(f"starts {launch.title}")),
            data=Data(env=(given.name, wanted)),
        )


def _is_drift(given: str, wanted: str) -> bool:
    """Whether two names have the same words in another order, or differ by a typo."""
    if given == wanted:
        return False
    if sorted(given.split("_")) == sorted(wanted.split("_")):
        return True
    is_number = given.rstrip("0123456789") == wanted.rstrip("0123456789")
    matcher = SequenceMatcher(None, given, wanted, autojunk=False)
    return not is_number and len(wanted) > len("REGION") and matcher.ratio() >= _CLOSE
