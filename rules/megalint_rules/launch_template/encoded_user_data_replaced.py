"""encoded-user-data-replaced."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.versions.facts import EncodingMistake


class EncodedUserDataReplaced(Rule[EncodingMistake]):
    """A placeholder looked for in base64, or user data written back without it.

    ## Why is this bad?

    EC2 returns the user data of a launch template in base64. No word of the script is in that
    text, so nothing is ever replaced. What is written back has to be in base64 again.

    ## Example

    ```python path=functions/update_template.py
    import boto3

    ec2 = boto3.client("ec2")


    def completed(template: str, dns_name: str) -> str:
        reply = ec2.describe_launch_template_versions(LaunchTemplateId=template, Versions=["$Latest"])
        data = reply["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        return data["UserData"].replace("NLB_DNS_PLACEHOLDER", dns_name)  # finding
    ```

    Use instead:

    ```python path=functions/update_template.py
    import base64

    import boto3

    ec2 = boto3.client("ec2")


    def completed(template: str, dns_name: str) -> str:
        reply = ec2.describe_launch_template_versions(LaunchTemplateId=template, Versions=["$Latest"])
        data = reply["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        script = base64.b64decode(data["UserData"]).decode()
        if "NLB_DNS_PLACEHOLDER" not in script:
            raise LookupError("this version holds no NLB_DNS_PLACEHOLDER")
        return base64.b64encode(script.replace("NLB_DNS_PLACEHOLDER", dns_name).encode()).decode()
    ```
    """

    id = "encoded-user-data-replaced"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EncodingMistake, project: Project) -> Iterator[Finding]:
        """Yield a finding for a replacement in base64, or for plain text that is written."""
        if fact.token is None:
            yield self.finding(
                fact.location.labelled("wants base64"),
                f"`{fact.call}` is given user data as plain text: EC2 takes base64 only here, and"
                " refuses it, or boots from what the text decodes to",
                notes=("instead: `base64.b64encode(text.encode()).decode()`",),
            )
            return
        yield self.finding(
            fact.location.labelled("still in base64"),
            f"`{fact.token}` is looked for in base64, where no word of the script is: nothing is"
            " replaced",
            notes=("instead: decode, replace, encode again",),
        )
