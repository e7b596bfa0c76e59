"""state-without-end."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.failover.facts import Machine, State


class StateWithoutEnd(Rule[Machine]):
    """A state that leads to no end, or to a state that is not there.

    ## Why is this bad?

    Step Functions refuses a machine whose `Next` names no state of it. One that goes round for ever is accepted, and
    runs until somebody stops it, or for a year.

    ## Example

    ```yaml path=failover.asl.yaml
    StartAt: Check
    States:
      Check:
        Type: Choice
        Choices:
          - Variable: $.state
            StringEquals: healthy
            Next: Done # finding
        Default: Wait
      Wait:
        Type: Wait
        Seconds: 30
        Next: Check
    ```

    Use instead:

    ```yaml path=failover.asl.yaml
    StartAt: Check
    States:
      Check:
        Type: Choice
        Choices:
          - Variable: $.state
            StringEquals: healthy
            Next: Done
        Default: Wait
      Wait:
        Type: Wait
        Seconds: 30
        Next: Check
      Done:
        Type: Succeed
    ```
    """

    id = "state-without-end"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Machine, project: Project) -> Iterator[Finding]:
        """Yield a finding for each target that is missing, else for the first state of a circle."""
        if fact.start is None:
            return
        missing = list(_missing(fact))
        for state, name, place in missing:
            yield self.finding(
                place.labelled("no state is called so"),
                f"`{state.name}` leads to `{name}`, which is no state of the machine",
            )
        lost = None if missing else _lost(fact)
        if lost is not None:
            yield self.finding(
                lost.location.labelled("every way from here comes back"),
                f"`{lost.name}` leads to no end: the execution goes round until it is stopped",
            )


def _missing(machine: Machine) -> Iterator[tuple[State, str, Location]]:
    for state in machine.states.values():
        for name, place in state.targets:
            if name and name not in machine.states:
                yield state, name, place


def _lost(machine: Machine) -> State | None:
    """Return the first state that is reached and leads to no end; None where a name is unknown."""
    states = machine.states
    if any(not name for one in states.values() for name, _ in one.targets):
        return None
    ends = {name for name, one in states.items() if one.is_last}
    while more := {
        name
        for name, one in states.items()
        if name not in ends and any(target in ends for target, _ in one.targets)
    }:
        ends |= more
    reached = _reached(machine)
    return next((one for name, one in states.items() if name in reached - ends), None)


def _reached(machine: Machine) -> set[str]:
    seen: set[str] = set()
    pending = [machine.start or ""]
    while pending:
        name = pending.pop()
        if name in machine.states and name not in seen:
            seen.add(name)
            pending.extend(target for target, _ in machine.states[name].targets)
    return seen
