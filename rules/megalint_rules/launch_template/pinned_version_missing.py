"""pinned-version-missing."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveReferrer


class PinnedVersionMissing(Rule[LiveReferrer]):
    """A group or fleet that names a version, or a template, which does not exist.

    ## Why is this bad?

    No machine can be started: Auto Scaling reports that the template version is not valid, on the day
    when the group is to scale up.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMS4wLjQ6MzAwMQo="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 0, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "7"}}
      ]
    }
    ```

    ```text path=findings.txt
    lt/ap-northeast-1/referrers:1
    ```

    Use instead:

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMS4wLjQ6MzAwMQo="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 0, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "2"}}
      ]
    }
    ```
    """

    id = "pinned-version-missing"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveReferrer, project: Project) -> Iterator[Finding]:
        """Yield a finding for a number that no version has."""
        template, version = fact.template, fact.referrer.version
        if template is None or fact.number is None or fact.referrer.is_result:
            return
        is_known = template.template.is_whole or not template.versions
        if not is_known or template.version(fact.number) is not None:
            return
        numbers = ", ".join(str(one.number) for one in template.versions) or "none"
        yield self.finding(
            fact.location.labelled("no such version"),
            f"{fact.name} names version {version} of `{template.template.name}`, which does not"
            " exist: it cannot start a machine",
            notes=(f"there are: {numbers}",),
            data=template.data(version or "$Default"),
        )
