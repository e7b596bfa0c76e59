"""secret-in-user-data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity, Span
from megalint.project.launches.facts import Boot
from megalint.secrets import is_secret_form, is_secret_name
from megalint.text import OPAQUE, Text

_ASSIGNED = re.compile(
    r"(?:^|[\s\"'`(])(?P<name>[A-Za-z_]\w*)=(?P<quote>[\"']?)(?P<value>[^\s\"'`;&|<>()]{6,})",
    re.MULTILINE,
)
_STANDS_IN = re.compile(
    r"\$|example|changeme|change_me|placeholder|your[-_]|xxx|<|\*\*\*|dummy|todo|replace|secretsmanager|ssm:",
    re.IGNORECASE,
)


class SecretInUserData(Rule[Boot]):
    r"""A credential written into user data.

    ## Why is this bad?

    User data is no secret: every process on the machine reads it from the metadata service, it
    stands in the launch template's versions for ever, in the state of Terraform, and in the log of
    a script that runs with `set -x`.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    # finding below
    export PAYMENT_API_KEY=7f3c9a51b2d84e60
    cd /home/ec2-user/tickets/apps/app && pm2 start npm --name app-backend -- start
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    export PAYMENT_API_KEY=$(aws ssm get-parameter --with-decryption --name /tickets/payment \
      --query Parameter.Value --output text)
    cd /home/ec2-user/tickets/apps/app && pm2 start npm --name app-backend -- start
    ```
    """

    id = "secret-in-user-data"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each credential, its value never shown."""
        text = fact.user_data.text
        for match in _ASSIGNED.finditer(text.flat):
            name, value = match["name"], match["value"]
            if _is_secret(name, value):
                place = _place(text, match.start("name"), match.end("value"))
                if place is not None:
                    yield self.finding(
                        place.labelled("stands in the launch template for ever"),
                        f"`{name}` is written into user data, which everybody on the machine can read",
                        notes=(
                            "instead: read it from SSM or Secrets Manager when the machine boots",
                        ),
                        data=Data(env=(name,)),
                    )


def _is_secret(name: str, value: str) -> bool:
    if OPAQUE in value or _STANDS_IN.search(value):
        return False
    is_named = is_secret_name(name) and not value.isdigit() and not value.startswith(("/", "arn:"))
    return is_named or is_secret_form(value)


def _place(text: Text, start: int, end: int) -> Location | None:
    return text.locate(Span(start, end))
