"""recovery-too-slow."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import RecoveryTime


class RecoveryTooSlow(Rule[RecoveryTime]):
    """A failover that cannot be over within the objective.

    ## Why is this bad?

    The steps come one after the other: the health check, the alarm, the approval, the machines, the resolvers. Each looks
    short, and their sum is what the users wait. It is counted against `rto` in the configuration; steps that the code does
    not tell, such as the functions, come on top.

    ## Example

    ```toml path=megalint.toml
    [recovery]
    rto = "5m"
    ```

    ```hcl path=main.tf
    resource "aws_route53_health_check" "web" {
      fqdn              = "tickets.example.com"
      type              = "HTTPS"
      request_interval  = 30
      failure_threshold = 3
    }

    resource "aws_cloudwatch_metric_alarm" "primary" {
      alarm_name         = "primary-down"
      namespace          = "AWS/Route53"
      period             = 60
      evaluation_periods = 2
    }

    resource "aws_route53_record" "primary" { # finding
      name           = "tickets.example.com"
      type           = "A"
      ttl            = 300
      records        = ["192.0.2.10"]
      set_identifier = "primary"
      failover_routing_policy {
        type = "PRIMARY"
      }
    }
    ```

    Use instead:

    ```toml path=megalint.toml
    [recovery]
    rto = "5m"
    ```

    ```hcl path=main.tf
    resource "aws_route53_health_check" "web" {
      fqdn              = "tickets.example.com"
      type              = "HTTPS"
      request_interval  = 30
      failure_threshold = 3
    }

    resource "aws_cloudwatch_metric_alarm" "primary" {
      alarm_name         = "primary-down"
      namespace          = "AWS/Route53"
      period             = 60
      evaluation_periods = 2
    }

    resource "aws_route53_record" "primary" {
      name           = "tickets.example.com"
      type           = "A"
      ttl            = 60
      records        = ["192.0.2.10"]
      set_identifier = "primary"
      failover_routing_policy {
        type = "PRIMARY"
      }
    }
    ```
    """

    id = "recovery-too-slow"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: RecoveryTime, project: Project) -> Iterator[Finding]:
        """Yield a finding at the longest step, with the sum."""
        total = sum(seconds for seconds, _, _ in fact.steps)
        written = [(seconds, place) for seconds, _, place in fact.steps if place is not None]
        if total <= fact.objective or not written:
            return
        _, longest = max(written, key=lambda one: one[0])
        yield self.finding(
            longest.labelled("the longest step"),
            f"the failover may take {total} seconds, {fact.objective} are allowed",
            notes=tuple(f"{seconds} seconds until {words}" for seconds, words, _ in fact.steps),
        )
