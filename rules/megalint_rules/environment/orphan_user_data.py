"""orphan-user-data."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.classify import classify
from megalint.project.launches.facts import UserData
from megalint.source import Source

_COPY = 0.6
_MAX_COMPARED = 20_000


class OrphanUserData(Rule[UserData]):
    """A user-data script that nothing refers to, beside others that are used.

    ## Why is this bad?

    It looks like the script that boots the machines. People repair it, and nothing changes.

    ## Example

    ```bash path=terraform/user_data_web_old.sh
    #!/bin/bash
    systemctl restart web
    ```

    ```bash path=terraform/user_data_web.sh
    #!/bin/bash
    systemctl restart web
    systemctl restart worker
    ```

    ```hcl path=terraform/main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data_web.sh"))
    }
    ```

    ```text path=findings.txt
    terraform/user_data_web_old.sh:1
    ```

    Use instead:

    ```bash path=terraform/user_data_web.sh
    #!/bin/bash
    systemctl restart web
    systemctl restart worker
    ```

    ```hcl path=terraform/main.tf
    resource "aws_launch_template" "web" {
      user_data = base64encode(file("${path.module}/user_data_web.sh"))
    }
    ```
    """

    id = "orphan-user-data"
    severity = Severity.NOTE
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: UserData, project: Project) -> Iterator[Finding]:
        """Yield a finding for a script without owner where others have one."""
        if fact.owner is not None:
            return
        source = fact.location.source
        if _is_mentioned(source, project):
            return
        used = [one for one in project.each(UserData) if one.owner is not None]
        if not used:
            return
        twin = next((one for one in used if _is_copy(source, one)), None)
        message = f"no launch template uses {source.path.name}"
        if twin is not None:
            message = f"{message}; it is almost the one of `{twin.owner}`"
        yield self.finding(
            fact.location.labelled("nothing refers to this file"),
            message,
            related=() if twin is None else (twin.location.labelled("the one in use"),),
        )


def _is_mentioned(source: Source, project: Project) -> bool:
    """Whether another file names this one."""
    name = source.path.name
    others = (one for one in project.checkout if one != source and classify(one.path) is not None)
    return any(other.mentions(name) for other in others)


def _is_copy(source: Source, used: UserData) -> bool:
    one, other = source.text[:_MAX_COMPARED], used.text.flat[:_MAX_COMPARED]
    matcher = SequenceMatcher(None, one.splitlines(), other.splitlines(), autojunk=False)
    return matcher.ratio() >= _COPY
