"""new-version-not-activated."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.versions.contexts import moves_default, updates_referrers
from megalint.project.versions.facts import (
    DEFAULT,
    CreatedVersion,
    TemplateDefinition,
    Use,
    VersionReference,
)


class NewVersionNotActivated(Rule[CreatedVersion]):
    """Code that makes a launch template version which no referrer will use.

    ## Why is this bad?

    A new version changes nothing by itself: `$Default` stays where it is, and a group that names a
    number stays on it. The machines of the failover boot with the old user data.

    ## Example

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def handler(event, context):
        ec2.create_launch_template_version(  # finding
            LaunchTemplateName="tickets-web",
            SourceVersion="$Latest",
            LaunchTemplateData={"UserData": event["user_data"]},
        )
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      name = "tickets-web"
    }

    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = "$Default"
      }
    }
    ```

    Use instead:

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def handler(event, context):
        created = ec2.create_launch_template_version(
            LaunchTemplateName="tickets-web",
            SourceVersion="$Latest",
            LaunchTemplateData={"UserData": event["user_data"]},
        )
        number = created["LaunchTemplateVersion"]["VersionNumber"]
        ec2.modify_launch_template(LaunchTemplateName="tickets-web", DefaultVersion=str(number))
    ```

    ```hcl path=main.tf
    resource "aws_launch_template" "web" {
      name = "tickets-web"
    }

    resource "aws_autoscaling_group" "web" {
      launch_template {
        id      = aws_launch_template.web.id
        version = "$Default"
      }
    }
    ```
    """

    id = "new-version-not-activated"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: CreatedVersion, project: Project) -> Iterator[Finding]:
        """Yield a finding where every referrer of the template is known to stay behind."""
        checkout = project.checkout
        if moves_default(checkout) is not None or updates_referrers(checkout) is not None:
            return
        referrers = [
            one
            for one in project.each(VersionReference)
            if one.use is Use.START and _meets(one, fact)
        ]
        if not referrers or not all(map(_stays, referrers)):
            return
        if any(one.moves_default for one in project.each(TemplateDefinition)):
            return
        first = referrers[0]
        yield self.finding(
            fact.location.labelled("makes a version"),
            f"no machine will start from the version that `{fact.call}` makes: `{first.call}` stays on"
            f" {_version(first)}, and nothing here moves `$Default`",
            confidence=None if fact.template is not None else Confidence.MEDIUM,
            related=(first.location.labelled("stays behind"),),
            notes=(
                "instead: move the default to the new number, point the group at it, or let the group"
                " follow `$Latest`",
            ),
            data=Data(template=fact.template),
        )


def _meets(reference: VersionReference, made: CreatedVersion) -> bool:
    return (
        made.template is None or reference.template is None or made.template == reference.template
    )


def _stays(reference: VersionReference) -> bool:
    """Whether a referrer is known not to follow new versions."""
    if reference.is_absent:
        return True
    return bool(reference.versions) and all(
        one.is_number or one.text == DEFAULT for one in reference.versions
    )


def _version(reference: VersionReference) -> str:
    if reference.is_absent:
        return "`$Default`"
    text = reference.versions[0].text
    return f"version {text}" if text.isdigit() else f"`{text}`"
