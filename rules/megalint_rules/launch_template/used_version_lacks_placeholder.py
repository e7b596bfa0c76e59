"""used-version-lacks-placeholder."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveTemplate
from megalint.project.live.linker import number_of
from megalint.project.versions.facts import Use, VersionReference


class UsedVersionLacksPlaceholder(Rule[LiveTemplate]):
    """The version that code reads holds no placeholder, while others do.

    ## Why is this bad?

    The code replaces a word that is not there: nothing changes, no error is raised, and the machines keep
    the address that was written into that version.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vTkxCX0ROU19QTEFDRUhPTERFUjozMDAxCg=="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 0, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}}
      ]
    }
    ```

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def handler(event, context):
        return ec2.describe_launch_template_versions(LaunchTemplateName="web", Versions=["1"])
    ```

    ```text path=findings.txt
    lt/ap-northeast-1/web/versions:2
    ```

    Use instead:

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vTkxCX0ROU19QTEFDRUhPTERFUjozMDAxCg=="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 0, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}}
      ]
    }
    ```

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def handler(event, context):
        return ec2.describe_launch_template_versions(LaunchTemplateName="web", Versions=["$Latest"])
    ```
    """

    id = "used-version-lacks-placeholder"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveTemplate, project: Project) -> Iterator[Finding]:
        """Yield a finding for each version that code reads in vain."""
        holding = [one for one in fact.versions if one.placeholders]
        told: set[int] = set()
        for reference in project.each(VersionReference) if holding else ():
            if reference.use not in {Use.READ, Use.BASE} or not _meets(reference, fact):
                continue
            for written in reference.versions:
                read = fact.version(number_of(fact.template, written.text))
                if read is None or read.placeholders or read.number in told:
                    continue
                told.add(read.number)
                numbers = ", ".join(str(one.number) for one in holding)
                yield self.finding(
                    read.location.labelled("holds no placeholder"),
                    f"`{reference.call}` reads version {written.text} of `{fact.template.name}`, which"
                    f" holds no placeholder; versions {numbers} do"
                    if len(holding) > 1
                    else f"`{reference.call}` reads version {written.text} of `{fact.template.name}`,"
                    f" which holds no placeholder; version {numbers} does",
                    related=(written.location.labelled(f"asks for version {written.text}"),),
                    notes=("next: read `$Latest`, and make sure that it holds the placeholder",),
                    data=read.data,
                )


def _meets(reference: VersionReference, fact: LiveTemplate) -> bool:
    return reference.template in {None, fact.template.name, fact.template.id}
