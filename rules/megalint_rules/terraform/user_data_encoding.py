"""user-data-encoding."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.terraform.linker import TerraformUserData

_WANTS_BASE64 = frozenset({("aws_launch_template", "user_data")})


class UserDataEncoding(Rule[TerraformUserData]):
    """User data that is not in base64 where it has to be, or twice.

    ## Why is this bad?

    `aws_launch_template` takes base64: plain text fails at apply with "Invalid BASE64 encoding of
    user data", the plan is green. `aws_instance` encodes by itself. What is encoded twice arrives
    as base64, and cloud-init runs nothing of it. `replace()` finds no placeholder in base64.

    ## Example

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = file("${path.module}/user_data.sh") # finding
    }
    ```

    ```bash path=user_data.sh
    #!/bin/bash
    systemctl restart web
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data.sh"))
    }
    ```

    ```bash path=user_data.sh
    #!/bin/bash
    systemctl restart web
    ```
    """

    id = "user-data-encoding"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: TerraformUserData, project: Project) -> Iterator[Finding]:
        """Yield a finding for the user data of a resource."""
        message = _message(fact)
        if message is not None:
            yield self.finding(fact.user_data.location.labelled("handed over here"), message)


def _message(fact: TerraformUserData) -> str | None:
    owner = fact.user_data.owner
    if fact.reason == "replace() in base64":
        return (
            f"the user data of `{owner}` is replaced inside base64, where the text does not occur"
        )
    is_plain = fact.encodings == 0 and bool(fact.user_data.text)
    starts_as_script = fact.user_data.text.flat.lstrip()[:2] == "#!"
    wants = (fact.kind, fact.argument) in _WANTS_BASE64 or fact.argument == "user_data_base64"
    if is_plain and wants and starts_as_script and fact.kind != "module":
        return f"the user data of `{owner}` is plain text: EC2 wants base64 here, and apply fails"
    if fact.encodings > 1:
        return f"the user data of `{owner}` is in base64 twice: cloud-init runs nothing of it"
    return None
