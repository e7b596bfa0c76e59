"""implicit-default-version."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity
from megalint.project.versions.contexts import moves_default
from megalint.project.versions.facts import (
    CreatedVersion,
    Dialect,
    TemplateDefinition,
    Use,
    VersionReference,
)

_INSTEAD = {
    Dialect.SDK: "instead: `Version='$Latest'`, or move the default with `modify_launch_template`",
    Dialect.CLI: "instead: `Version='$Latest'`, or move the default with `aws ec2 modify-launch-template`",
    Dialect.TERRAFORM: "instead: `version = TEMPLATE.latest_version`, or `update_default_version = true`"
    " in the template",
    Dialect.CLOUDFORMATION: "instead: `Version: !GetAtt TEMPLATE.LatestVersionNumber`",
    Dialect.STATES: 'instead: `"Version": "$Latest"`, or move the default with `modifyLaunchTemplate`',
}


class ImplicitDefaultVersion(Rule[VersionReference]):
    """A launch template without a version, where nothing ever moves the default version.

    ## Why is this bad?

    Without a version, EC2 takes `$Default`. That is version 1 until somebody moves it: a change of
    the template makes a new version, and no machine ever starts from it.

    ## Example

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      name = "tickets-web"
    }

    resource "aws_autoscaling_group" "web" {
      launch_template { # finding
        id = aws_launch_template.web.id
      }
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      name = "tickets-web"
    }

    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = aws_launch_template.web.latest_version
      }
    }
    ```
    """

    id = "implicit-default-version"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: VersionReference, project: Project) -> Iterator[Finding]:
        """Yield a finding for a referrer whose changes never arrive."""
        if not fact.is_absent or fact.use is not Use.START:
            return
        if moves_default(project.checkout) is not None:
            return
        changed = _changed(fact, project)
        if changed is not None:
            yield self.finding(
                fact.location.labelled("no version: `$Default`"),
                f"`{fact.call}` names no version of its launch template: it stays on `$Default`,"
                " which nothing here ever moves",
                related=(changed,),
                notes=(_INSTEAD[fact.dialect],),
                data=Data(template=fact.template, version="$Default"),
            )


def _changed(fact: VersionReference, project: Project) -> Location | None:
    """Return where new versions of this template come from; None where that is not known."""
    for one in project.each(TemplateDefinition):
        if one.template == fact.template:
            label = "a change here makes a new version"
            return None if one.moves_default else one.location.labelled(label)
    for made in project.each(CreatedVersion):
        if fact.template is not None and made.template == fact.template:
            return made.location.labelled("makes new versions")
    return None
