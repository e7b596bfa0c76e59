"""template-variable-unused."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.terraform.templates import TemplateCall


class TemplateVariableUnused(Rule[TemplateCall]):
    """A variable is passed to a template that never uses it.

    ## Why is this bad?

    Somebody believes that the value reaches the machine.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    echo "AWS_REGION=${aws_region}" > /etc/tickets.env
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(templatefile("${path.module}/user_data.sh", {
        aws_region       = "ap-northeast-1"
        internal_api_url = "http://nlb.example:3001" # finding
      }))
    }
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    echo "AWS_REGION=${aws_region}" > /etc/tickets.env
    echo "API=${internal_api_url}" >> /etc/tickets.env
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(templatefile("${path.module}/user_data.sh", {
        aws_region       = "ap-northeast-1"
        internal_api_url = "http://nlb.example:3001"
      }))
    }
    ```
    """

    id = "template-variable-unused"
    severity = Severity.NOTE
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: TemplateCall, project: Project) -> Iterator[Finding]:
        """Yield a finding for each variable that the template does not mention."""
        if fact.passed is None or fact.faults or not fact.is_fixed:
            return
        for name, place in fact.passed.items():
            if name not in fact.used and place != fact.location:
                yield self.finding(
                    place.labelled("passed here"),
                    f"`{name}` is passed to {fact.template.path.name}, which never uses it",
                )
