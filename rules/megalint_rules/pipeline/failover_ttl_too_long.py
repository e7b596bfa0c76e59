"""failover-ttl-too-long."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Record

MOST = 60
"""In seconds; Route 53, developer guide, values for failover records."""


class FailoverTtlTooLong(Rule[Record]):
    """A record that fails over, and is remembered by resolvers for longer than a minute.

    ## Why is this bad?

    When Route 53 answers with the other address, clients still use the old one until their resolver forgets it: the
    TTL is added to every failover. AWS recommends 60 seconds at most for records with health checks. An alias record
    has no TTL of its own.

    ## Example

    ```hcl path=main.tf
    resource "aws_route53_record" "primary" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "tickets.example.com"
      type    = "A"
      ttl     = 300 # finding
      records = ["192.0.2.10"]

      set_identifier = "primary"
      failover_routing_policy {
        type = "PRIMARY"
      }
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_route53_record" "primary" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "tickets.example.com"
      type    = "A"
      ttl     = 60
      records = ["192.0.2.10"]

      set_identifier = "primary"
      failover_routing_policy {
        type = "PRIMARY"
      }
    }
    ```
    """

    id = "failover-ttl-too-long"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Record, project: Project) -> Iterator[Finding]:
        """Yield a finding for a TTL above a minute."""
        if fact.is_alias or fact.ttl is None or fact.ttl <= MOST or fact.ttl_at is None:
            return
        yield self.finding(
            fact.ttl_at.labelled(f"{fact.ttl} seconds"),
            f"`{fact.address}` fails over, and resolvers keep its address for {fact.ttl} seconds",
            notes=(f"instead: {MOST} seconds at most",),
        )
