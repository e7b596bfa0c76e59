"""referrer-pins-stale-version."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity, listed
from megalint.numerals import is_whole
from megalint.project.live.facts import LiveReferrer, LiveVersion
from megalint.project.live.wording import command, difference, is_filled_in


class ReferrerPinsStaleVersion(Rule[LiveReferrer]):
    """A group or fleet on an older version, whose user data differs from the newest one.

    ## Why is this bad?

    Changes of the template never reach it: its machines boot from what the template said long ago, with
    the addresses of that day.

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
        {"AutoScalingGroupName": "web", "DesiredCapacity": 1, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}}
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
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMS4wLjQ6MzAwMQo="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 1, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}}
      ]
    }
    ```
    """

    id = "referrer-pins-stale-version"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveReferrer, project: Project) -> Iterator[Finding]:
        """Yield a finding for a number that stays behind."""
        template, version = fact.template, fact.referrer.version
        if template is None or version is None or not is_whole(version) or fact.referrer.is_result:
            return
        used, latest = template.version(fact.number), template.latest
        if used is None or latest is None or used.number == latest.number:
            return
        differs = difference(used.text, latest.text)
        if not differs or is_filled_in(used.text, latest.text, latest.placeholders):
            return
        yield self.finding(
            fact.location.labelled(f"names version {used.number}"),
            f"{fact.name} stays on version {used.number} of `{template.template.name}`, and the user"
            f" data of version {latest.number} differs",
            related=(
                used.location.labelled("what its machines boot from"),
                latest.location.labelled("the newest one"),
            ),
            notes=(*differs, f"next: {_next(fact, latest)}"),
            data=used.data,
        )


def _next(fact: LiveReferrer, latest: LiveVersion) -> str:
    """Return what to do: a version that waits for its values is not one to boot from."""
    if not latest.placeholders:
        return command(fact.referrer, latest.number)
    return (
        f"fill in {listed(latest.placeholders)} of version {latest.number}, and point"
        f" {fact.name} at the version that comes of it, or at `$Latest`"
    )
