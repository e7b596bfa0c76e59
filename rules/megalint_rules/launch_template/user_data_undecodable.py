"""user-data-undecodable."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveVersion


class UserDataUndecodable(Rule[LiveVersion]):
    """User data that no machine can read.

    ## Why is this bad?

    cloud-init gets what base64 decodes to. What is not base64, not UTF-8 or a damaged gzip is no script:
    the machine boots and nothing is set up.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "#!/bin/bash"}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 0, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}}
      ]
    }
    ```

    ```text path=findings.txt
    lt/ap-northeast-1/web/versions:2
    ```

    Use instead:

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vMTAuMC4wLjk6MzAwMQo="}}
      ]
    }
    ```

    ```json path=aws/groups.json
    {
      "AutoScalingGroups": [
        {"AutoScalingGroupName": "web", "DesiredCapacity": 0, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}}
      ]
    }
    ```
    """

    id = "user-data-undecodable"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveVersion, project: Project) -> Iterator[Finding]:
        """Yield a finding for a used version whose user data is damaged."""
        if fact.fault is not None and fact.is_booted:
            yield self.finding(
                fact.location.labelled("its user data"),
                f"the user data of {fact.name} cannot be decoded: {fact.fault}",
                notes=(
                    "instead: `base64.b64encode(text.encode())`, or `base64encode()` in Terraform",
                ),
                data=fact.data,
            )
