"""image-unavailable."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveVersion


class ImageUnavailable(Rule[LiveVersion]):
    """A version whose machine image does not exist in its region.

    ## Why is this bad?

    EC2 refuses to start the machine: `InvalidAMIID.NotFound`. Images belong to one region; a copy has
    another id.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"ImageId": "ami-1"}}
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

    ```json path=aws/images.json
    { "Images": [{ "ImageId": "ami-2", "State": "available" }] }
    ```

    ```text path=findings.txt
    lt/ap-northeast-1/web/versions:2
    ```

    Use instead:

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"ImageId": "ami-2"}}
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

    ```json path=aws/images.json
    { "Images": [{ "ImageId": "ami-2", "State": "available" }] }
    ```
    """

    id = "image-unavailable"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveVersion, project: Project) -> Iterator[Finding]:
        """Yield a finding for an image that no machine can start from."""
        name, images = fact.version.image, fact.inventory.images
        if not fact.is_booted or images is None or name is None or not name.startswith("ami-"):
            return
        image = next((one for one in images if one.id == name), None)
        if image is not None and image.state == "available":
            return
        state = "does not exist here" if image is None else f"is {image.state}"
        yield self.finding(
            fact.location.labelled(f"image {name}"),
            f"{fact.name} starts from `{name}`, which {state} in {fact.inventory.region}: no machine"
            " starts",
            notes=(
                "instead: the id of the copy in this region, or an SSM parameter that holds it",
            ),
            data=fact.data,
        )
