"""user-data-too-large."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.formats.user_data import LIMIT
from megalint.project.launches.facts import UserData
from megalint.text import OPAQUE


class UserDataTooLarge(Rule[UserData]):
    r"""User data over the 16 KiB that EC2 takes.

    ## Why is this bad?

    EC2 refuses it when the template or the instance is made: `terraform plan` is green, `apply`
    fails. Counted are the bytes before base64; gzip is a way out.

    ## Example

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      # finding below
      user_data = base64encode(format("#!/bin/bash\n%20000s", "systemctl start web"))
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64gzip(format("#!/bin/bash\n%20000s", "systemctl start web"))
    }
    ```
    """

    id = "user-data-too-large"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: UserData, project: Project) -> Iterator[Finding]:
        """Yield a finding where what is known is too large by itself."""
        size = len(fact.text.flat.replace(OPAQUE, "").encode("utf-8", "replace"))
        if size <= LIMIT or fact.is_packed:
            return
        owner = fact.owner or "it"
        yield self.finding(
            fact.location.labelled(f"{size:,} bytes before base64"),
            f"the user data has {size:,} bytes, and EC2 takes {LIMIT:,}: {owner} cannot be made",
            notes=("instead: fetch the script from S3 when the machine boots, or base64gzip()",),
        )
