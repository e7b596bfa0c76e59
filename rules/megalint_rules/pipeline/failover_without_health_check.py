"""failover-without-health-check."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Record


class FailoverWithoutHealthCheck(Rule[Record]):
    """A primary record that nothing takes for unhealthy.

    ## Why is this bad?

    Route 53 answers with the secondary record when the primary one is unhealthy. One without a health check is always
    healthy, and so is an alias that does not evaluate its target: the failover never happens, whatever is down.

    ## Example

    ```hcl path=main.tf
    resource "aws_route53_record" "primary" { # finding
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

    Use instead:

    ```hcl path=main.tf
    resource "aws_route53_health_check" "primary" {
      fqdn              = "seoul.example.com"
      type              = "HTTPS"
      resource_path     = "/api/health"
      request_interval  = 10
      failure_threshold = 3
    }

    resource "aws_route53_record" "primary" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "tickets.example.com"
      type    = "A"
      ttl     = 60
      records = ["192.0.2.10"]

      set_identifier = "primary"
      health_check_id = aws_route53_health_check.primary.id
      failover_routing_policy {
        type = "PRIMARY"
      }
    }
    ```
    """

    id = "failover-without-health-check"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Record, project: Project) -> Iterator[Finding]:
        """Yield a finding for a primary record whose health nobody asks for."""
        if (fact.role or "").upper() != "PRIMARY" or fact.has_check or fact.may_evaluate:
            return
        instead = (
            "`evaluate_target_health`, or a health check" if fact.is_alias else "a health check"
        )
        yield self.finding(
            fact.location.labelled("always healthy"),
            f"`{fact.address}` is never taken for unhealthy: Route 53 never fails over from it",
            notes=(f"instead: {instead}",),
        )
