"""health-check-too-slow."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import HealthCheck

MOST = 90
"""In seconds: the standard interval of 30 and the default threshold of 3."""


class HealthCheckTooSlow(Rule[HealthCheck]):
    """A health check that takes more than a minute and a half to see a failure.

    ## Why is this bad?

    The failover begins when the check has failed so often, so far apart: interval times threshold. All that follows,
    alarm, approval, scaling and DNS, comes on top of it.

    ## Example

    ```hcl path=main.tf
    resource "aws_route53_health_check" "web" {
      fqdn              = "tickets.example.com"
      port              = 443
      type              = "HTTPS"
      resource_path     = "/api/health"
      request_interval  = 30 # finding
      failure_threshold = 5
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_route53_health_check" "web" {
      fqdn              = "tickets.example.com"
      port              = 443
      type              = "HTTPS"
      resource_path     = "/api/health"
      request_interval  = 10
      failure_threshold = 3
    }
    ```
    """

    id = "health-check-too-slow"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: HealthCheck, project: Project) -> Iterator[Finding]:
        """Yield a finding for what takes too long."""
        if fact.interval is None or fact.threshold is None or fact.interval_at is None:
            return
        seconds = fact.interval * fact.threshold
        if seconds > MOST:
            yield self.finding(
                fact.interval_at.labelled(f"{fact.threshold} times, {fact.interval} seconds apart"),
                f"`{fact.address}` sees a failure after {seconds} seconds, before anything is done",
                notes=("instead: an interval of 10 seconds, a threshold of 3",),
            )
