"""file-instead-of-templatefile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity, Span, listed
from megalint.project.terraform.linker import TerraformUserData
from megalint.project.terraform.templates import TemplateCall

_VARIABLE = re.compile(r"(?<![$\\])\$\{([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\}")


class FileInsteadOfTemplatefile(Rule[TemplateCall]):
    """A script with template variables that is loaded by `file()`, which renders nothing.

    ## Why is this bad?

    `${aws_region}` reaches the machine as it is written. The shell takes it for a variable of its
    own, which is not set, and puts nothing there: env files with empty values, and no error.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    echo "AWS_REGION=${aws_region}" > /etc/tickets.env
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data.sh")) # finding
    }
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    echo "AWS_REGION=${aws_region}" > /etc/tickets.env
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(templatefile("${path.module}/user_data.sh", {
        aws_region = "ap-northeast-1"
      }))
    }
    ```
    """

    id = "file-instead-of-templatefile"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: TemplateCall, project: Project) -> Iterator[Finding]:
        """Yield a finding for a script that waits to be rendered."""
        if fact.function != "file" or not _boots(fact, project):
            return
        found = {
            match[1]: Location(fact.template, Span(*match.span()))
            for match in _VARIABLE.finditer(fact.template.text)
            if not _is_set(fact.template.text, match[1])
        }
        if found:
            yield self.finding(
                fact.location.labelled("file() renders nothing"),
                f"{listed(list(found))} of {fact.template.path.name} stays as it is written, and the"
                " shell expands it to nothing",
                related=tuple(
                    place.labelled("empty on the machine") for place in list(found.values())[:3]
                ),
                notes=("instead: `templatefile(path, { ... })`",),
            )


def _boots(call: TemplateCall, project: Project) -> bool:
    """Whether the script is user data."""
    return any(
        piece.location is not None and piece.location.source == call.template
        for one in project.each(TerraformUserData)
        for piece in one.user_data.text.pieces
    )


def _is_set(text: str, name: str) -> bool:
    return (
        re.search(
            rf"(?:^|[\s;(&|])(?:export\s+|local\s+|declare\s+(?:-\w+\s+)?|readonly\s+)?{name}\+?="
            rf"|\bread\b[^\n]*\b{name}\b|\bfor\s+{name}\s+in\b|\bgetopts\b[^\n]*\b{name}\b|-v\s+{name}\b",
            text,
            re.MULTILINE,
        )
        is not None
    )
