"""load-balancer-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveVersion
from megalint.project.live.wording import place_of


class LoadBalancerMismatch(Rule[LiveVersion]):
    """A load balancer in user data that this region does not have.

    ## Why is this bad?

    The name belongs to another region, or to a load balancer that was deleted and made anew: a new one
    has a new name. Requests fail with ECONNREFUSED or ENOTFOUND, or cross the ocean.

    ## Example

    ```json path=aws/versions.json
    {
      "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vbi0wMTIzLmVsYi5hcC1ub3J0aGVhc3QtMi5hbWF6b25hd3MuY29tOjMwMDEK"}}
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

    ```json path=aws/balancers.json
    {
      "LoadBalancers": [
        { "LoadBalancerName": "n", "DNSName": "n-0999.elb.ap-northeast-1.amazonaws.com" }
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
        {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": {"UserData": "IyEvYmluL2Jhc2gKZXhwb3J0IEFQST1odHRwOi8vbi0wOTk5LmVsYi5hcC1ub3J0aGVhc3QtMS5hbWF6b25hd3MuY29tOjMwMDEK"}}
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

    ```json path=aws/balancers.json
    {
      "LoadBalancers": [
        { "LoadBalancerName": "n", "DNSName": "n-0999.elb.ap-northeast-1.amazonaws.com" }
      ]
    }
    ```
    """

    id = "load-balancer-mismatch"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveVersion, project: Project) -> Iterator[Finding]:
        """Yield a finding for each host that is none of the region's."""
        balancers, region = fact.inventory.balancers, fact.inventory.region
        if not fact.is_booted or balancers is None:
            return
        known = {one.dns_name.lower(): one for one in balancers}
        for host in fact.hosts:
            place = place_of(fact, host)
            if (
                place is None
                or host.lower().removeprefix("internal-") in known
                or host.lower() in known
            ):
                continue
            other = next(
                (word for word in host.split(".") if word.count("-") > 1 and word[-1].isdigit()), ""
            )
            is_foreign = region not in host
            words = (
                f"it is in {other}" if is_foreign and other else f"{region} has none of that name"
            )
            yield self.finding(
                place.labelled("no load balancer of this region"),
                f"{fact.name} in {region} sends requests to `{host}`: {words}",
                related=(fact.location.labelled("the version"),),
                notes=(f"there are: {', '.join(sorted(known)) or 'none'}",),
                data=fact.data,
            )
