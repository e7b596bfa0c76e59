"""template-escape-missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Edit, Finding, Fix, Location, Project, Rule, Safety, Severity, Span
from megalint.project.terraform.templates import TemplateCall, is_of_shell

_KEY = re.compile(r'key "([^"]+)"')


class TemplateEscapeMissing(Rule[TemplateCall]):
    """Shell syntax that Terraform reads as its own: `${VAR:-x}`, `${list[@]}`, `%{http_code}`.

    ## Why is this bad?

    `templatefile` reads every `${` and `%{` of the script, in comments and in quoted
    here-documents, too. What it cannot read stops `terraform plan`; what it can read, it replaces.
    `$${` and `%%{` stay for the shell.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    REGION=${aws_region}
    echo "API=${API_URL:-http://localhost:3001}" > /etc/tickets.env # finding
    curl -s -o /dev/null -w '%{http_code}' http://localhost:3000 # finding
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
    REGION=${aws_region}
    echo "API=$${API_URL:-http://localhost:3001}" > /etc/tickets.env
    curl -s -o /dev/null -w '%%{http_code}' http://localhost:3000
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(templatefile("${path.module}/user_data.sh", {
        aws_region = "ap-northeast-1"
      }))
    }
    ```
    """

    id = "template-escape-missing"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: TemplateCall, project: Project) -> Iterator[Finding]:
        """Yield a finding for each stretch that is meant for the shell."""
        for fault in fact.faults:
            match = _KEY.search(fault.message)
            if match is None or is_of_shell(fact.template, match[1]):
                yield self._finding(fact, fault.location, fault.message)

    def _finding(self, call: TemplateCall, place: Location, message: str) -> Finding:
        start = _opener(place)
        sign = place.source.text[start : start + 1]
        return self.finding(
            place.labelled("Terraform reads this before the shell does"),
            f"Terraform refuses the template here: {message}",
            related=(call.location.labelled("rendered by this call"),),
            notes=(f"for the shell: `{sign}{sign}{{`",),
            fix=_fix(place, start, sign),
        )


def _opener(place: Location) -> int:
    """Return where the `${` or `%{` stands that the place is in."""
    text = place.source.text
    if text[place.span.start : place.span.start + 2] in {"${", "%{"}:
        return place.span.start
    return max(text.rfind("${", 0, place.span.start), text.rfind("%{", 0, place.span.start), 0)


def _fix(place: Location, start: int, sign: str) -> Fix | None:
    if sign not in {"$", "%"}:
        return None
    edit = Edit(place.source, Span(start, start), sign)
    return Fix(f"write {sign}{sign}{{", Safety.SAFE, (edit,))
