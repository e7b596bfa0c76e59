"""default-version-drift."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveReferrer
from megalint.project.live.wording import difference, is_filled_in, move


class DefaultVersionDrift(Rule[LiveReferrer]):
    """`$Default` and `$Latest` differ, and something follows `$Default`.

    ## Why is this bad?

    A new version does not move `$Default`. What follows it, or names no version at all, boots from the
    older one.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMS4wLjQ6MzAwMQo="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 1, "LaunchTemplate": {"LaunchTemplateId": "lt-1"}}
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
        {"AutoScalingGroupName": "web", "DesiredCapacity": 1, "LaunchTemplate": {"LaunchTemplateId": "lt-1"}}
      ]
    }
    ```
    """

    id = "default-version-drift"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveReferrer, project: Project) -> Iterator[Finding]:
        """Yield a finding for a referrer of an older default."""
        template = fact.template
        if template is None or fact.referrer.version not in {None, "$Default"}:
            return
        used, latest = template.default, template.latest
        if used is None or latest is None or used.number == latest.number:
            return
        differs = difference(used.text, latest.text)
        if not differs or is_filled_in(used.text, latest.text, latest.placeholders):
            return
        yield self.finding(
            fact.location.labelled("follows `$Default`"),
            f"{fact.name} follows `$Default` of `{template.template.name}`, which is version"
            f" {used.number}; the newest one is {latest.number}",
            related=(used.location.labelled("$Default"), latest.location.labelled("$Latest")),
            notes=(*differs, f"next: {move(template.template.id, latest.number)}"),
            data=template.data("$Default"),
        )
