"""step-without-rollback."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Function, Machine, State


class StepWithoutRollback(Rule[Machine]):
    """A later step of a failover that has no way back when it fails for good.

    ## Why is this bad?

    When a step ends with an error after others have made or changed something, the execution ends as failed, and what they
    made stays: a load balancer without machines, records half switched. A `Catch` leads to what takes it back, or to
    somebody who is told.

    ## Example

    ```yaml path=failover.asl.yaml
    StartAt: Balance
    States:
      Balance:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:elasticloadbalancingv2:createLoadBalancer
        Parameters: { Name: web-dr, Subnets: [subnet-1, subnet-2] }
        Retry: [{ ErrorEquals: [ElasticLoadBalancingV2.ElasticLoadBalancingV2Exception], MaxAttempts: 3 }]
        Next: Grow
      Grow:
        Type: Task
        # finding below
        Resource: arn:aws:states:::aws-sdk:autoscaling:setDesiredCapacity
        Parameters: { AutoScalingGroupName: web-dr, DesiredCapacity: 2 }
        Retry: [{ ErrorEquals: [AutoScaling.AutoScalingException], MaxAttempts: 3 }]
        End: true
    ```

    Use instead:

    ```yaml path=failover.asl.yaml
    StartAt: Balance
    States:
      Balance:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:elasticloadbalancingv2:createLoadBalancer
        Parameters: { Name: web-dr, Subnets: [subnet-1, subnet-2] }
        Retry: [{ ErrorEquals: [ElasticLoadBalancingV2.ElasticLoadBalancingV2Exception], MaxAttempts: 3 }]
        Next: Grow
      Grow:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:autoscaling:setDesiredCapacity
        Parameters: { AutoScalingGroupName: web-dr, DesiredCapacity: 2 }
        Retry: [{ ErrorEquals: [AutoScaling.AutoScalingException], MaxAttempts: 3 }]
        Catch: [{ ErrorEquals: [States.ALL], Next: TakeBack }]
        End: true
      TakeBack:
        Type: Task
        Resource: arn:aws:states:::sns:publish
        Parameters: { TopicArn: "arn:aws:sns:ap-northeast-1:111122223333:oncall", Message.$: $.Cause }
        End: true
    ```
    """

    id = "step-without-rollback"
    severity = Severity.NOTE
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: Machine, project: Project) -> Iterator[Finding]:
        """Yield a finding for the first step that would leave something behind."""
        if fact.is_branch or fact.start is None:
            return
        functions = tuple(project.each(Function))
        changing = [one for one in _in_order(fact) if one.is_changing(functions)]
        for earlier, state in pairwise(changing):
            if not state.has_catch:
                yield self.finding(
                    state.location.labelled("when this fails for good, the execution ends"),
                    f"`{state.name}` has no `Catch`: when it fails, what `{earlier.name}` changed stays",
                    related=(earlier.location.labelled("changed before"),),
                )
                return


def _in_order(machine: Machine) -> Iterator[State]:
    """Yield the states as they follow the first one."""
    pending, seen = [machine.start], set[str]()
    while pending:
        state = machine.states.get(pending.pop(0) or "")
        if state is not None and state.name not in seen:
            seen.add(state.name)
            yield state
            pending += [name for name, _ in state.targets]
