"""single-approval-channel."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Topic


class SingleApprovalChannel(Rule[Topic]):
    """An approval that is asked for by mail to one address, and in no other way.

    ## Why is this bad?

    A failover begins at night. If the one mail is not read, is taken for spam, or its subscription was never
    confirmed, nobody is asked at all.

    ## Example

    ```hcl path=main.tf
    resource "aws_sns_topic" "approval" { # finding
      name = "failover-approval"
    }

    resource "aws_sns_topic_subscription" "mail" {
      topic_arn = aws_sns_topic.approval.arn
      protocol  = "email"
      endpoint  = "oncall@example.com"
    }

    resource "aws_sfn_state_machine" "failover" {
      definition = jsonencode({
        StartAt = "Approve"
        States = {
          Approve = {
            Type       = "Task"
            Resource   = "arn:aws:states:::sns:publish.waitForTaskToken"
            Parameters = { TopicArn = aws_sns_topic.approval.arn, Message = "fail over?" }
            TimeoutSeconds = 600
            End        = true
          }
        }
      })
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_sns_topic" "approval" {
      name = "failover-approval"
    }

    resource "aws_sns_topic_subscription" "mail" {
      topic_arn = aws_sns_topic.approval.arn
      protocol  = "email"
      endpoint  = "oncall@example.com"
    }

    resource "aws_sfn_state_machine" "failover" {
      definition = jsonencode({
        StartAt = "Approve"
        States = {
          Approve = {
            Type       = "Task"
            Resource   = "arn:aws:states:::sns:publish.waitForTaskToken"
            Parameters = { TopicArn = aws_sns_topic.approval.arn, Message = "fail over?" }
            TimeoutSeconds = 600
            End        = true
          }
        }
      })
    }

    resource "aws_sns_topic_subscription" "phone" {
      topic_arn = aws_sns_topic.approval.arn
      protocol  = "sms"
      endpoint  = "+820000000000"
    }
    ```
    """

    id = "single-approval-channel"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Topic, project: Project) -> Iterator[Finding]:
        """Yield a finding for a topic with one subscription, by mail."""
        if fact.asked_at and fact.protocols == ("email",):
            yield self.finding(
                fact.location.labelled("one subscription, by email"),
                f"`{fact.address}` asks for the approval by one mail: whoever misses it stops the failover",
                related=tuple(one.labelled("asks through it") for one in fact.asked_at[:3]),
                notes=("instead: a second way, such as sms, a chat or a pager",),
            )
