"""alarm-action-elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Alarm


class AlarmActionElsewhere(Rule[Alarm]):
    """An alarm that is to act in another region than its own.

    ## Why is this bad?

    CloudWatch acts in the region of the alarm only, and refuses an action of another one: `terraform apply` fails with
    `Invalid region`, and there is no alarm. The alarm on a health check of Route 53 is in us-east-1: what it is to start
    in the recovery region is reached by a rule of EventBridge that hands the event to a bus there.

    ## Example

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-1"
    }

    provider "aws" {
      alias  = "virginia"
      region = "us-east-1"
    }

    resource "aws_sns_topic" "failover" {
      name = "failover"
    }

    resource "aws_cloudwatch_metric_alarm" "primary" {
      provider            = aws.virginia
      alarm_name          = "primary-down"
      namespace           = "AWS/Route53"
      metric_name         = "HealthCheckStatus"
      comparison_operator = "LessThanThreshold"
      threshold           = 1
      evaluation_periods  = 1
      period              = 60
      statistic           = "Minimum"
      alarm_actions       = [aws_sns_topic.failover.arn] # finding
    }
    ```

    Use instead:

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-1"
    }

    provider "aws" {
      alias  = "virginia"
      region = "us-east-1"
    }

    resource "aws_sns_topic" "failover" {
      provider = aws.virginia
      name = "failover"
    }

    resource "aws_cloudwatch_metric_alarm" "primary" {
      provider            = aws.virginia
      alarm_name          = "primary-down"
      namespace           = "AWS/Route53"
      metric_name         = "HealthCheckStatus"
      comparison_operator = "LessThanThreshold"
      threshold           = 1
      evaluation_periods  = 1
      period              = 60
      statistic           = "Minimum"
      alarm_actions       = [aws_sns_topic.failover.arn]
    }
    ```
    """

    id = "alarm-action-elsewhere"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Alarm, project: Project) -> Iterator[Finding]:
        """Yield a finding for each action in another region."""
        for region, place in fact.actions:
            if None not in {region, fact.region} and region != fact.region:
                yield self.finding(
                    place.labelled(f"in {region}"),
                    f"`{fact.address}` is in {fact.region}, and cannot act in {region}",
                    notes=("instead: an action of its own region, or a rule of EventBridge",),
                )
