"""event-target-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import EventTarget


class EventTargetMismatch(Rule[EventTarget]):
    """A rule of EventBridge whose target it cannot reach.

    ## Why is this bad?

    A rule can hand events to another region only by way of an event bus there, and only with a role that may put
    events on it. A state machine, a function or a topic of another region is refused, and without the role the events
    are dropped.

    ## Example

    ```hcl path=main.tf
    provider "aws" {
      region = "us-east-1"
    }

    resource "aws_cloudwatch_event_rule" "alarm" {
      name          = "primary-down"
      event_pattern = jsonencode({ source = ["aws.cloudwatch"] })
    }

    resource "aws_cloudwatch_event_target" "tokyo" {
      rule = aws_cloudwatch_event_rule.alarm.name
      arn  = "arn:aws:states:ap-northeast-1:111122223333:stateMachine:failover" # finding
    }
    ```

    Use instead:

    ```hcl path=main.tf
    provider "aws" {
      region = "us-east-1"
    }

    resource "aws_cloudwatch_event_rule" "alarm" {
      name          = "primary-down"
      event_pattern = jsonencode({ source = ["aws.cloudwatch"] })
    }

    resource "aws_cloudwatch_event_target" "tokyo" {
      rule = aws_cloudwatch_event_rule.alarm.name
      arn      = "arn:aws:events:ap-northeast-1:111122223333:event-bus/failover"
      role_arn = "arn:aws:iam::111122223333:role/put-events"
    }
    ```
    """

    id = "event-target-mismatch"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EventTarget, project: Project) -> Iterator[Finding]:
        """Yield a finding for a target in another region that gets nothing."""
        region = fact.goal_region
        is_bus = fact.kind == "event-bus"
        if None in {region, fact.region, fact.kind} or region == fact.region:
            return
        if is_bus and fact.has_role:
            return
        why = (
            "without a role that may put events there"
            if is_bus
            else "which only a bus there can reach"
        )
        yield self.finding(
            fact.arn_at.labelled(f"in {region}"),
            f"`{fact.address}` hands events from {fact.region} to {region}, {why}",
            notes=("instead: an event bus there, `role_arn`, and a rule on that bus",),
        )
