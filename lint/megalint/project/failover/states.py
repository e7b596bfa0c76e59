"""State machines as facts: what each state calls, waits for, catches, and leads to."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.formats.states_language import Part, states, tasks
from megalint.project.failover.facts import Machine, State
from megalint.project.linked import Project
from megalint.project.versions.machines import found_machines
from megalint.source import Location

_BOUNDS = (*("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"),)
_LAST = frozenset({"Succeed", "Fail"})


def machines(project: Project) -> Iterator[Machine]:
    """Yield the state machines of the checkout, and the branches in them."""
    for machine in found_machines(project):
        operations = {task.name: task.operation for task in tasks(machine)}
        is_bounded = machine.get("TimeoutSeconds") is not None
        for scope in machine.walk():
            found = states(scope)
            place = scope.location
            start = scope.get("StartAt")
            if found and place is not None:
                known = (_state(name, one, operations.get(name)) for name, one in found.items())
                held = {one.name: one for one in known if one is not None}
                first = None if start is None else start.text
                is_whole = len(held) == len(found)
                yield Machine(place, first if is_whole else None, held, is_bounded)


def _state(name: str, part: Part, operation: str | None) -> State | None:
    kind, place = part.get("Type"), part.location
    if kind is None or kind.text is None or place is None:
        return None
    resource = part.get("Resource")
    given = part.get("Parameters", "TopicArn") or part.get("Arguments", "TopicArn")
    retry = part.get("Retry")
    end, timeout = part.get("End"), part.get("TimeoutSeconds")
    return State(
        name,
        kind.text,
        (resource and resource.location) or place,
        _written(resource),
        operation,
        None if given is None else given.reference,
        any(part.get(one) is not None for one in _BOUNDS),
        retry is not None or part.get("Catch") is not None,
        kind.text in _LAST or (end is not None and end.text == "true"),
        None if timeout is None else timeout.number,
        tuple(_targets(part, place)),
    )


def _written(resource: Part | None) -> str:
    """Return what is called: known, or as it is written."""
    if resource is None or resource.location is None:
        return ""
    return resource.text or resource.location.text.strip("\"'")


def _targets(part: Part, place: Location) -> Iterator[tuple[str, Location]]:
    holders = [part]
    for name in ("Choices", "Catch"):
        held = part.get(name)
        holders += () if held is None else held.items
    for holder in holders:
        for key in ("Next", "Default"):
            target = holder.get(key)
            if target is not None:
                yield target.text or "", target.location or place
