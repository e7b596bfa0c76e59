"""hardcoded-template-version."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Edit, Finding, Fix, Project, Rule, Safety, Severity
from megalint.project.versions.facts import Dialect, Use, VersionReference, Written

_ADVICE = {
    Dialect.SDK: "instead: `$Latest`, or the number that `create_launch_template_version` returned",
    Dialect.CLI: "instead: `'$Latest'` in single quotes, or the number that"
    " `create-launch-template-version` printed",
    Dialect.TERRAFORM: "instead: the template's `latest_version`; `$Latest` works too, but Terraform"
    " then sees no change, and an instance refresh does not start",
    Dialect.CLOUDFORMATION: "instead: `!GetAtt TEMPLATE.LatestVersionNumber` (a group in"
    " CloudFormation takes no `$Latest`)",
    Dialect.STATES: "instead: `$Latest`, or the number that an earlier state returned",
}
_EFFECT = {
    Use.READ: "`{}` reads version {} for ever, whatever newer versions hold",
    Use.START: "`{}` starts machines from version {}, whatever newer versions hold",
    Use.BASE: "`{}` bases each new version on version {}, whatever newer ones hold",
    Use.ACTIVATE: "`{}` makes version {} the default, whatever newer versions hold",
}


class HardcodedTemplateVersion(Rule[VersionReference]):
    """A launch template version that code names by its number.

    ## Why is this bad?

    Each `terraform apply` and each pipeline run makes a new version; the number in the code stays.
    A failover step that read version 2, while the placeholder it was to fill in came with version
    7, replaced nothing and reported success.

    ## Example

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def handler(event, context):
        return ec2.describe_launch_template_versions(
            LaunchTemplateId=event["template"],
            Versions=["2"],  # finding
        )
    ```

    ```hcl path=main.tf
    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = "3" # finding
      }
    }
    ```

    Use instead:

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def handler(event, context):
        return ec2.describe_launch_template_versions(
            LaunchTemplateId=event["template"],
            Versions=["$Latest"],
        )
    ```

    ```hcl path=main.tf
    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = aws_launch_template.web.latest_version
      }
    }
    ```
    """

    id = "hardcoded-template-version"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: VersionReference, project: Project) -> Iterator[Finding]:
        """Yield a finding for each number that a reference may be."""
        numbers = [one for one in fact.versions if one.is_number]
        for one in numbers:
            is_elsewhere = one.location.span != fact.location.span
            yield self.finding(
                one.location.labelled("this number stays"),
                _EFFECT[fact.use].format(fact.call, one.text),
                confidence=Confidence.MEDIUM if one.is_fallback else None,
                related=(fact.location.labelled("takes effect here"),) if is_elsewhere else (),
                notes=(_ADVICE[fact.dialect],),
                data=Data(template=fact.template, version=one.text),
                fix=_fix(one) if len(numbers) == 1 else None,
            )


def _fix(written: Written) -> Fix | None:
    if written.replacement is None:
        return None
    edit = Edit(written.location.source, written.location.span, written.replacement)
    return Fix(f"follow the newest version: {written.replacement}", Safety.UNSAFE, (edit,))
