"""placeholder-never-replaced."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.terraform.placeholders import Placeholder


class PlaceholderNeverReplaced(Rule[Placeholder]):
    """A placeholder in user data that nothing in the repository replaces.

    ## Why is this bad?

    The machine boots with the word itself as its value: `http://NLB_DNS_PLACEHOLDER:3001`.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    echo "API=http://NLB_DNS_PLACEHOLDER:3001" > /etc/tickets.env # finding
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data.sh"))
    }
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    echo "API=http://NLB_DNS_PLACEHOLDER:3001" > /etc/tickets.env
    ```

    ```python path=functions/complete_template.py
    def completed(user_data: str, dns_name: str) -> str:
        if "NLB_DNS_PLACEHOLDER" not in user_data:
            raise LookupError("nothing to replace")
        return user_data.replace("NLB_DNS_PLACEHOLDER", dns_name)
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data.sh"))
      lifecycle {
        ignore_changes = [user_data]
      }
    }
    ```
    """

    id = "placeholder-never-replaced"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Placeholder, project: Project) -> Iterator[Finding]:
        """Yield a finding for a token that no other code names."""
        if fact.replaced_at is not None or fact.user_data.owner is None:
            return
        yield self.finding(
            fact.location.labelled("stays as it is"),
            f"nothing in the repository replaces `{fact.token}`: machines of"
            f" `{fact.user_data.owner}` boot with the word itself",
            related=(fact.user_data.location.labelled("handed over here"),),
            data=Data(template=fact.user_data.owner),
        )
