"""task-without-retry."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity, listed, verb
from megalint.project.failover.facts import Function, Machine


class TaskWithoutRetry(Rule[Machine]):
    """Tasks of a failover that neither retry nor catch an error.

    ## Why is this bad?

    One throttled call, one Lambda that is not there for a moment, and the execution ends as failed, half way
    through. In the minutes of a failover every account calls the same services at once, so that throttling is likely.

    ## Example

    ```yaml path=failover.asl.yaml
    StartAt: Scale
    States:
      Scale:
        Type: Task
        # finding below
        Resource: arn:aws:states:::aws-sdk:autoscaling:updateAutoScalingGroup
        Parameters: { AutoScalingGroupName: web-dr, DesiredCapacity: 2 }
        End: true
    ```

    Use instead:

    ```yaml path=failover.asl.yaml
    StartAt: Scale
    States:
      Scale:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:autoscaling:updateAutoScalingGroup
        Parameters: { AutoScalingGroupName: web-dr, DesiredCapacity: 2 }
        Retry: [{ ErrorEquals: [States.ALL], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2 }]
        End: true
    ```
    """

    id = "task-without-retry"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Machine, project: Project) -> Iterator[Finding]:
        """Yield one finding for the tasks of a machine that changes where requests go."""
        functions = tuple(project.each(Function))
        states = fact.states.values()
        if not any(one.is_changing(functions) for one in states):
            return
        bare = [one for one in states if one.kind == "Task" and not one.is_caught]
        if bare:
            names = tuple(one.name for one in bare)
            yield self.finding(
                bare[0].location.labelled("an error here ends the execution"),
                f"{listed(names)} {verb(names, 'has', 'have')} neither `Retry` nor `Catch`: one"
                " throttled call ends the execution",
                related=tuple(one.location.labelled("and here") for one in bare[1:5]),
            )
