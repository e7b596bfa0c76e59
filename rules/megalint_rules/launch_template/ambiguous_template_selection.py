"""ambiguous-template-selection."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.versions.facts import Selection


class AmbiguousTemplateSelection(Rule[Selection]):
    """The first of several launch templates, found by a part of their name.

    ## Why is this bad?

    EC2 returns templates in no promised order. As soon as a second one matches, a copy or the one
    of another environment, the code may read and change that one.

    ## Example

    ```python path=functions/find_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def template() -> str:
        reply = ec2.describe_launch_templates(
            Filters=[{"Name": "launch-template-name", "Values": ["tickets-web*"]}]
        )
        return reply["LaunchTemplates"][0]["LaunchTemplateId"]  # finding
    ```

    Use instead:

    ```python path=functions/find_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def template() -> str:
        reply = ec2.describe_launch_templates(LaunchTemplateNames=["tickets-web"])
        return reply["LaunchTemplates"][0]["LaunchTemplateId"]
    ```
    """

    id = "ambiguous-template-selection"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Selection, project: Project) -> Iterator[Finding]:
        """Yield a finding for each place that takes the first one."""
        several = "several" if fact.pattern is None else f"those named `{fact.pattern}`"
        yield self.finding(
            fact.location.labelled("whichever comes first"),
            f"the first launch template of {several} is taken: as soon as a second one matches, it may"
            " be the wrong one",
            notes=("instead: ask for the exact name or id, or fail when there is not exactly one",),
        )
