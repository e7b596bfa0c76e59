"""approval-without-timeout."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Machine


class ApprovalWithoutTimeout(Rule[Machine]):
    """A task that waits for an approval, and has no timeout.

    ## Why is this bad?

    A task with `.waitForTaskToken` waits until somebody gives the token back. Without `TimeoutSeconds` or
    `HeartbeatSeconds` that is up to a year: a mail that nobody reads stops the failover, and nothing says so.

    ## Example

    ```hcl path=main.tf
    resource "aws_sfn_state_machine" "failover" {
      definition = jsonencode({
        StartAt = "Approve"
        States = {
          Approve = {
            Type       = "Task"
            Resource   = "arn:aws:states:::sns:publish.waitForTaskToken" # finding
            Parameters = { TopicArn = aws_sns_topic.approval.arn, Message = "fail over?" }
            End        = true
          }
        }
      })
    }
    ```

    Use instead:

    ```hcl path=main.tf
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
    """

    id = "approval-without-timeout"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Machine, project: Project) -> Iterator[Finding]:
        """Yield a finding for each task that may wait for ever."""
        if fact.is_bounded:
            return
        for state in fact.states.values():
            if state.is_callback and not state.is_bounded:
                yield self.finding(
                    state.location.labelled("waits until the token comes back"),
                    f"`{state.name}` waits for its token without a timeout: up to a year",
                    notes=("instead: `TimeoutSeconds`, and a `Catch` of `States.Timeout`",),
                )
