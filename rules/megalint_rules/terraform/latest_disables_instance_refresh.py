"""latest-disables-instance-refresh."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.terraform.groups import ScalingGroup


class LatestDisablesInstanceRefresh(Rule[ScalingGroup]):
    """An `instance_refresh` that never starts, because the group follows `$Latest`.

    ## Why is this bad?

    Terraform starts an instance refresh when the group's launch template changes. `$Latest` is the
    same text before and after, so a new version is no change: the running machines stay as they
    are until something else replaces them.

    ## Example

    ```hcl path=main.tf
    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = "$Latest" # finding
      }
      instance_refresh {
        strategy = "Rolling"
      }
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = aws_launch_template.web.latest_version
      }
      instance_refresh {
        strategy = "Rolling"
      }
    }
    ```
    """

    id = "latest-disables-instance-refresh"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: ScalingGroup, project: Project) -> Iterator[Finding]:
        """Yield a finding for a group that follows an alias."""
        if fact.version not in {"$Latest", "$Default"} or fact.triggers:
            return
        if fact.refresh_at is not None and fact.version_at is not None:
            yield self.finding(
                fact.version_at.labelled("the same text before and after"),
                f"`{fact.version}` never changes, so the instance refresh of `{fact.address}` never"
                " starts by itself",
                related=(fact.refresh_at.labelled("waits for a change"),),
                notes=("instead: `version = aws_launch_template.NAME.latest_version`",),
            )
