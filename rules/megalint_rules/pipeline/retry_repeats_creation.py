"""retry-repeats-creation."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.failover.facts import Function, Machine, State
from megalint.project.failover.functions import CREATING

_BROAD = frozenset({"States.ALL", "States.TaskFailed", "States.Timeout"})
_OPERATIONS = frozenset(name.replace("_", "") for name in CREATING)


class RetryRepeatsCreation(Rule[Machine]):
    """A task that is tried again after any error, and makes something new each time.

    ## Why is this bad?

    `States.ALL`, `States.TaskFailed` and `States.Timeout` also stand for a call that AWS has carried out, and whose answer
    was lost or late. The next try makes the same once more: machines, addresses or snapshots that nobody asked for. With
    a token that is the same in each try, EC2 answers with what it made the first time.

    ## Example

    ```yaml path=failover.asl.yaml
    StartAt: Boot
    States:
      Boot:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:ec2:runInstances
        Parameters:
          LaunchTemplate: { LaunchTemplateName: web-dr, Version: $Latest }
          MinCount: 2
          MaxCount: 2
        Retry:
          - ErrorEquals: [States.ALL] # finding
            MaxAttempts: 3
        End: true
    ```

    Use instead:

    ```yaml path=failover.asl.yaml
    StartAt: Boot
    States:
      Boot:
        Type: Task
        Resource: arn:aws:states:::aws-sdk:ec2:runInstances
        Parameters:
          LaunchTemplate: { LaunchTemplateName: web-dr, Version: $Latest }
          MinCount: 2
          MaxCount: 2
          ClientToken.$: $$.Execution.Name
        Retry:
          - ErrorEquals: [States.ALL]
            MaxAttempts: 3
        End: true
    ```
    """

    id = "retry-repeats-creation"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Machine, project: Project) -> Iterator[Finding]:
        """Yield a finding for each task whose retry may create twice."""
        for state in fact.states.values():
            places = [place for name, place in state.retries if name in _BROAD]
            made = _made(state, project) if places else None
            if made is not None:
                words, where = made
                yield self.finding(
                    places[0].labelled("also after a call that was carried out"),
                    f"`{state.name}` is tried again, and `{words}` makes one more each time",
                    related=() if where is None else (where.labelled("creates here"),),
                    notes=("instead: a `ClientToken` that is the same in each try",),
                )


def _made(state: State, project: Project) -> tuple[str, Location | None] | None:
    """Return what a task makes anew, and where its function does."""
    operation = state.operation or ""
    if ":aws-sdk:ec2:" in state.resource and operation.lower() in _OPERATIONS:
        return None if state.is_repeatable else (operation, None)
    for function in project.each(Function):
        if function.is_called(state.function) and function.creates:
            place, method = function.creates[0]
            return method, place
    return None
