"""function-timeout-too-short."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Function

POLL = 15
"""In seconds: how far apart a waiter of EC2 and Auto Scaling asks, where it is not told."""


class FunctionTimeoutTooShort(Rule[Function]):
    """A function of Lambda that waits longer than it may run.

    ## Why is this bad?

    Lambda ends a function when its timeout is over, 3 seconds where none is given. One that sleeps longer, or asks a
    waiter, which asks again after 15 seconds at the earliest, is ended every time the machines are not there at once.

    ## Example

    ```hcl path=main.tf
    resource "aws_lambda_function" "scale" {
      function_name = "failover-scale"
      runtime       = "python3.12"
      handler       = "scale.handler"
      timeout       = 10 # finding
      filename      = "scale.zip"
    }
    ```

    ```python path=scale.py
    import time

    import boto3


    def handler(event, context):
        boto3.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName="web-dr", DesiredCapacity=2
        )
        time.sleep(60)
        return {"ok": True}
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_lambda_function" "scale" {
      function_name = "failover-scale"
      runtime       = "python3.12"
      handler       = "scale.handler"
      timeout       = 120
      filename      = "scale.zip"
    }
    ```

    ```python path=scale.py
    import time

    import boto3


    def handler(event, context):
        boto3.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName="web-dr", DesiredCapacity=2
        )
        time.sleep(60)
        return {"ok": True}
    ```
    """

    id = "function-timeout-too-short"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Function, project: Project) -> Iterator[Finding]:
        """Yield a finding for the first place that waits too long."""
        place = fact.timeout_at or fact.location
        for where, seconds, words in fact.waits:
            if seconds >= fact.timeout or (seconds == 0 and fact.timeout <= POLL):
                how = f"for {seconds} seconds" if seconds else f"which asks every {POLL} seconds"
                yield self.finding(
                    place.labelled(f"ended after {fact.timeout} seconds"),
                    f"`{fact.address}` may run for {fact.timeout} seconds, and waits: `{words}`, {how}",
                    related=(where.labelled("waits here"),),
                )
                return
