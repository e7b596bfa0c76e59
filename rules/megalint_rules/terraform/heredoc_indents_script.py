"""heredoc-indents-script."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Edit, Finding, Fix, Location, Project, Rule, Safety, Severity, Span
from megalint.project.launches.facts import UserData


class HeredocIndentsScript(Rule[UserData]):
    """A here-document of Terraform that indents the `#!` line of the script.

    ## Why is this bad?

    `<<EOF` keeps the blanks at the start of each line. The kernel looks for `#!` in the first two
    bytes, finds blanks, and the script never runs. `<<-EOF` takes the common indentation off.

    ## Example

    ```hcl path=main.tf
    resource "aws_instance" "web" {
      user_data = <<EOF
        #!/bin/bash
        systemctl restart web
      EOF
    }
    ```

    ```text path=findings.txt
    main.tf:2
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_instance" "web" {
      user_data = <<-EOF
        #!/bin/bash
        systemctl restart web
      EOF
    }
    ```
    """

    id = "heredoc-indents-script"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: UserData, project: Project) -> Iterator[Finding]:
        """Yield a finding where the rendered script starts with blanks."""
        first = fact.text.location
        if first is None or first.source.path.suffix != ".tf":
            return
        if re.match(r"[ \t]+#!", fact.text.flat) is None:
            return
        opener = _opener(first)
        if opener is not None:
            end = Span(opener.span.start + 2, opener.span.start + 2)
            yield self.finding(
                opener.labelled("keeps the indentation"),
                f"the script of `{fact.owner}` starts with blanks instead of `#!`, so it never runs",
                related=(first.labelled("indented"),),
                notes=("instead: `<<-` takes the common indentation off",),
                fix=Fix("write <<-", Safety.SAFE, (Edit(opener.source, end, "-"),)),
            )


def _opener(first: Location) -> Location | None:
    """Return the `<<EOF` before the text."""
    found = list(re.finditer(r"<<[A-Za-z_]\w*", first.source.text[: first.span.start]))
    return Location(first.source, Span(*found[-1].span())) if found else None
