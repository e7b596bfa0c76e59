"""policy-misses-region."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Call


class PolicyMissesRegion(Rule[Call]):
    """A call of AWS that the role allows in other regions only.

    ## Why is this bad?

    A policy that was written for the primary region names its ARNs. In the recovery region the same call ends with
    `AccessDenied`, and it is run there for the first time on the day it is needed.

    ## Example

    ```hcl path=main.tf
    provider "aws" {
      region = "ap-northeast-1"
    }

    resource "aws_iam_role" "failover" {
      assume_role_policy = "{}"
    }

    resource "aws_iam_role_policy" "failover" {
      role = aws_iam_role.failover.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["autoscaling:*"]
          Resource = "arn:aws:autoscaling:ap-northeast-2:111122223333:autoScalingGroup:*"
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
    provider "aws" {
      region = "ap-northeast-1"
    }

    resource "aws_iam_role" "failover" {
      assume_role_policy = "{}"
    }

    resource "aws_iam_role_policy" "failover" {
      role = aws_iam_role.failover.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["autoscaling:*"]
          Resource = "arn:aws:autoscaling:*:111122223333:autoScalingGroup:*"
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

    id = "policy-misses-region"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Call, project: Project) -> Iterator[Finding]:
        """Yield a finding where each statement for the action names ARNs of other regions."""
        covering = [
            one
            for one in fact.allowed
            if any(fnmatchcase(fact.action, each) for each in one.actions)
        ]
        regions = {_region(arn) for one in covering for arn in one.resources}
        if fact.region is None or not regions or {None, fact.region} & regions:
            return
        names = tuple(sorted(region for region in regions if region is not None))
        yield self.finding(
            fact.location.labelled(f"called in {fact.region}"),
            f"`{fact.caller}` calls `{fact.method}` of {fact.service} in {fact.region}, and its role"
            f" allows that in {', '.join(names)}",
            related=tuple(one.location.labelled("names the region") for one in covering[:3]),
        )


def _region(arn: str | None) -> str | None:
    """Return the region that an ARN names; None for one that names none, or is not known."""
    parts = (arn or "").split(":")
    region = parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - arn:aws:service:REGION
    return region if region and "*" not in region and "$" not in region else None
