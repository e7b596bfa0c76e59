"""policy-misses-action."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Call


class PolicyMissesAction(Rule[Call]):
    """A call of AWS that the role of the function does not allow.

    ## Why is this bad?

    The function ends with `AccessDenied`, and the failover with it. Nobody sees it before: the step is run on the day it is
    needed. Reported where every policy of the role is written out, and none of them names the action.

    ## Example

    ```hcl path=main.tf
    resource "aws_iam_role" "failover" {
      assume_role_policy = "{}"
    }

    resource "aws_iam_role_policy" "failover" {
      role = aws_iam_role.failover.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["autoscaling:Describe*"]
          Resource = "*"
        }]
      })
    }

    resource "aws_lambda_function" "scale" {
      function_name = "failover-scale"
      role          = aws_iam_role.failover.arn
      handler       = "scale.handler"
      timeout       = 60
    }
    ```

    ```python path=scale.py
    import boto3

    autoscaling = boto3.client("autoscaling")


    def handler(event, context):
        autoscaling.set_desired_capacity(AutoScalingGroupName="web-dr", DesiredCapacity=2)  # finding
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_iam_role" "failover" {
      assume_role_policy = "{}"
    }

    resource "aws_iam_role_policy" "failover" {
      role = aws_iam_role.failover.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["autoscaling:Describe*", "autoscaling:SetDesiredCapacity"]
          Resource = "*"
        }]
      })
    }

    resource "aws_lambda_function" "scale" {
      function_name = "failover-scale"
      role          = aws_iam_role.failover.arn
      handler       = "scale.handler"
      timeout       = 60
    }
    ```

    ```python path=scale.py
    import boto3

    autoscaling = boto3.client("autoscaling")


    def handler(event, context):
        autoscaling.set_desired_capacity(AutoScalingGroupName="web-dr", DesiredCapacity=2)
    ```
    """

    id = "policy-misses-action"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Call, project: Project) -> Iterator[Finding]:
        """Yield a finding for an action that no statement allows."""
        patterns = [pattern for one in fact.allowed for pattern in one.actions]
        if any(fnmatchcase(fact.action, pattern) for pattern in patterns):
            return
        related = tuple(one.location.labelled("what is allowed") for one in fact.allowed[:3])
        yield self.finding(
            fact.location.labelled(f"needs {fact.action}"),
            f"`{fact.caller}` calls `{fact.method}` of {fact.service}, which its role does not allow",
            related=related,
        )
