"""alias-with-ttl."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import AliasTtl


class AliasWithTtl(Rule[AliasTtl]):
    """An alias record that is given a TTL.

    ## Why is this bad?

    An alias takes over the TTL of its target. Route 53 refuses a record that has both, as an invalid request: the switch to
    the other region fails where it was to be made.

    ## Example

    ```yaml path=dns.yaml
    Resources:
      Web:
        Type: AWS::Route53::RecordSet
        Properties:
          HostedZoneId: Z0123456789ABCDEFGHIJ
          Name: tickets.example.com.
          Type: A
          TTL: "60" # finding
          AliasTarget:
            DNSName: !GetAtt Balancer.DNSName
            HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID
    ```

    Use instead:

    ```yaml path=dns.yaml
    Resources:
      Web:
        Type: AWS::Route53::RecordSet
        Properties:
          HostedZoneId: Z0123456789ABCDEFGHIJ
          Name: tickets.example.com.
          Type: A
          AliasTarget:
            DNSName: !GetAtt Balancer.DNSName
            HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID
    ```
    """

    id = "alias-with-ttl"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: AliasTtl, project: Project) -> Iterator[Finding]:
        """Yield a finding for what Route 53 refuses."""
        yield self.finding(
            fact.location.labelled("an alias has none"),
            f"Route 53 refuses an alias with a TTL ({fact.seconds}): the record is not changed",
            notes=("instead: leave it out, or name addresses instead of the alias",),
        )
