"""placeholder-in-used-version."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity, listed
from megalint.project.live import table
from megalint.project.live.facts import LiveVersion
from megalint.project.live.wording import place_of


class PlaceholderInUsedVersion(Rule[LiveVersion]):
    """A version that machines boot from still holds a placeholder.

    ## Why is this bad?

    The machine boots with the word itself as its value: `http://NLB_DNS_PLACEHOLDER:3001`.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vTkxCX0ROU19QTEFDRUhPTERFUjozMDAxCg=="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 2, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}}
      ]
    }
    ```

    ```text path=findings.txt
    lt/ap-northeast-1/web/1/user-data.sh:2
    ```

    Use instead:

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vTkxCX0ROU19QTEFDRUhPTERFUjozMDAxCg=="}},
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 2, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMS4wLjQ6MzAwMQo="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 2, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "2"}}
      ]
    }
    ```
    """

    id = "placeholder-in-used-version"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveVersion, project: Project) -> Iterator[Finding]:
        """Yield a finding for each placeholder, where something starts machines already."""
        users = [one for one in fact.users if one.is_result or one.desired]
        for token in fact.placeholders if users else ():
            place = place_of(fact, token)
            if place is not None:
                yield self.finding(
                    place.labelled("boots as it is written"),
                    f"{fact.name} still holds `{token}`, and machines boot from it: {listed(table.users(users))}",
                    related=(fact.location.labelled("the version"),),
                    notes=("instead: fill it in, in a new version, before machines start",),
                    data=fact.data,
                )
