"""template-variable-missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.terraform.templates import TemplateCall, is_of_shell

_KEY = re.compile(r'key "([^"]+)"')


class TemplateVariableMissing(Rule[TemplateCall]):
    """A template reads a variable that its call does not pass.

    ## Why is this bad?

    `terraform plan` stops: "vars map does not contain key". Comments and quoted here-documents of
    the script count as well, Terraform does not know them.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    echo "AWS_REGION=${aws_region}" > /etc/tickets.env
    echo "API=${internal_api_url}" >> /etc/tickets.env # finding
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(templatefile("${path.module}/user_data.sh", {
        aws_region = "ap-northeast-1"
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

    id = "template-variable-missing"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: TemplateCall, project: Project) -> Iterator[Finding]:
        """Yield a finding for each variable that is not passed."""
        for fault in fact.faults:
            match = _KEY.search(fault.message)
            if match is not None and not is_of_shell(fact.template, match[1]):
                yield self.finding(
                    fault.location.labelled("read here"),
                    f"`{match[1]}` is not passed to this template: `terraform plan` stops",
                    related=(fact.location.labelled("the call"),),
                    notes=(f"for the shell to expand it: `$${{{match[1]}}}`",),
                )
