"""state-without-end."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.failover.facts import Machine, State


class StateWithoutEnd(Rule[Machine]):
    """A state that leads to no end, to a state that is not there, or that nothing leads to.

    ## Why is this bad?

    Step Functions refuses a machine whose `Next` names no state of it, and one with a state that nothing leads to. One
    that goes round for ever is accepted, and runs until somebody stops it, or for a year.

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
        """Yield a finding for each target that is missing, else for what is lost or left out."""
        if fact.start is None:
            return
        missing = list(_missing(fact))
        for state, name, place in missing:
            yield self.finding(
                place.labelled("no state is called so"),
                f"`{state.name}` leads to `{name}`, which is no state of the machine",
            )
        if missing or any(not name for one in fact.states.values() for name, _ in one.targets):
            return
        yield from self._lost(fact, _reached(fact))
        named = {name for one in fact.states.values() for name, _ in one.targets}
        for name, state in fact.states.items():
            if name not in named and name != fact.start:
                yield self.finding(
                    state.location.labelled("no `Next`, `Default` or `Catch` names this state"),
                    f"nothing leads to `{name}`: Step Functions refuses the machine",
                )

    def _lost(self, fact: Machine, reached: set[str]) -> Iterator[Finding]:
        lost = next(_lost(fact, reached), None)
        if lost is None:
            return
        if lost.targets:
            yield self.finding(
                lost.location.labelled("every way from here comes back"),
                f"`{lost.name}` leads to no end: the execution goes round until it is stopped",
            )
        else:
            yield self.finding(
                lost.location.labelled("nothing says what follows"),
                f"`{lost.name}` has neither `Next` nor `End`: Step Functions refuses the machine",
            )


def _missing(machine: Machine) -> Iterator[tuple[State, str, Location]]:
    for state in machine.states.values():
        for name, place in state.targets:
            if name and name not in machine.states:
                yield state, name, place


def _lost(machine: Machine, reached: set[str]) -> Iterator[State]:
    """Yield the states that are reached and lead to no end, those without any target first."""
    before: dict[str, list[str]] = {}
    for name, one in machine.states.items():
        for target, _ in one.targets:
            before.setdefault(target, []).append(name)
    pending = [name for name, one in machine.states.items() if one.is_last]
    ends = set(pending)
    while pending:
        more = [name for name in before.get(pending.pop(), ()) if name not in ends]
        ends.update(more)
        pending.extend(more)
    lost = [one for name, one in machine.states.items() if name in reached and name not in ends]
    yield from sorted(lost, key=lambda one: bool(one.targets))


def _reached(machine: Machine) -> set[str]:
    seen: set[str] = set()
    pending = [machine.start or ""]
    while pending:
        name = pending.pop()
        if name in machine.states and name not in seen:
            seen.add(name)
            pending.extend(target for target, _ in machine.states[name].targets)
    return seen
