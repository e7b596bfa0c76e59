"""placeholder-reset-on-apply."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.terraform.placeholders import Placeholder


class PlaceholderResetOnApply(Rule[Placeholder]):
    """`terraform apply` puts a placeholder back that a pipeline has replaced.

    ## Why is this bad?

    A function completes the user data in a new version of the template. The next apply sees that it
    differs from the file and writes one more version, with the placeholder again. Groups that
    follow the latest version boot from that one.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    echo "API=http://NLB_DNS_PLACEHOLDER:3001" > /etc/tickets.env
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data.sh")) # finding
    }
    ```

    ```python path=functions/complete_template.py
    def completed(user_data: str, dns_name: str) -> str:
        if "NLB_DNS_PLACEHOLDER" not in user_data:
            raise LookupError("nothing to replace")
        return user_data.replace("NLB_DNS_PLACEHOLDER", dns_name)
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    echo "API=http://NLB_DNS_PLACEHOLDER:3001" > /etc/tickets.env
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data.sh"))
      lifecycle {
        ignore_changes = [user_data]
      }
    }
    ```

    ```python path=functions/complete_template.py
    def completed(user_data: str, dns_name: str) -> str:
        if "NLB_DNS_PLACEHOLDER" not in user_data:
            raise LookupError("nothing to replace")
        return user_data.replace("NLB_DNS_PLACEHOLDER", dns_name)
    ```
    """

    id = "placeholder-reset-on-apply"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Placeholder, project: Project) -> Iterator[Finding]:
        """Yield a finding for a template whose lifecycle does not ignore the change."""
        if fact.replaced_at is None or fact.ignores_changes is not False:
            return
        yield self.finding(
            fact.user_data.location.labelled("written at every apply"),
            f"`terraform apply` puts `{fact.token}` back into `{fact.user_data.owner}`, over the"
            " version that was completed",
            related=(
                fact.location.labelled("the placeholder"),
                fact.replaced_at.labelled("replaced here"),
            ),
            notes=("instead: `lifecycle { ignore_changes = [user_data] }`",),
            data=Data(template=fact.user_data.owner),
        )
