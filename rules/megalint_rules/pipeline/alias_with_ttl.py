"""alias-with-ttl."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import AliasTtl


class AliasWithTtl(Rule[AliasTtl]):
    """An alias record that is given a TTL.

    ## Why is this bad?

    An alias takes over the TTL of its target, and the API asks to leave it out: the number is never in force, however
    the request ends. Who reads it believes that resolvers forget the address after that time.

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
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: AliasTtl, project: Project) -> Iterator[Finding]:
        """Yield a finding for a number that is not in force."""
        yield self.finding(
            fact.location.labelled("an alias has none"),
            f"an alias takes over the TTL of its target: {fact.seconds} seconds are never in force",
            notes=("instead: leave it out",),
        )
