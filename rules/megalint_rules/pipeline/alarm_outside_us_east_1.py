"""alarm-outside-us-east-1."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Alarm


class AlarmOutsideUsEast1(Rule[Alarm]):
    """An alarm on a health check of Route 53, in another region than us-east-1.

    ## Why is this bad?

    Route 53 is global, and puts the metrics of its health checks into us-east-1 alone. In every other region the
    alarm has no data: it stays at `INSUFFICIENT_DATA`, and the failover never begins.

    ## Example

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-2"
    }

    resource "aws_cloudwatch_metric_alarm" "primary" {
      alarm_name          = "primary-health-check"
      namespace           = "AWS/Route53" # finding
      metric_name         = "HealthCheckStatus"
      comparison_operator = "LessThanThreshold"
      threshold           = 1
      evaluation_periods  = 1
      period              = 60
      statistic           = "Minimum"
    }
    ```

    Use instead:

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-2"
    }

    provider "aws" {
      alias  = "virginia"
      region = "us-east-1"
    }

    resource "aws_cloudwatch_metric_alarm" "primary" {
      provider            = aws.virginia
      alarm_name          = "primary-health-check"
      namespace           = "AWS/Route53"
      metric_name         = "HealthCheckStatus"
      comparison_operator = "LessThanThreshold"
      threshold           = 1
      evaluation_periods  = 1
      period              = 60
      statistic           = "Minimum"
    }
    ```
    """

    id = "alarm-outside-us-east-1"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Alarm, project: Project) -> Iterator[Finding]:
        """Yield a finding for an alarm that gets no data."""
        if fact.namespace != "AWS/Route53" or fact.region in {None, "us-east-1"}:
            return
        yield self.finding(
            (fact.namespace_at or fact.location).labelled("these metrics are in us-east-1 only"),
            f"`{fact.address}` watches a health check from {fact.region}, where it has no data",
            notes=("instead: `provider = aws.virginia`, one of the region us-east-1",),
        )
