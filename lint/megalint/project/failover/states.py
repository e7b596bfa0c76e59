"""State machines as facts: what each state calls, waits for, catches, and leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from megalint.formats.states_language import Part, states, tasks
from megalint.project.failover.facts import Machine, State
from megalint.project.linked import Project
from megalint.project.resources import Resource
from megalint.project.state_machines import definitions
from megalint.source import Location

_BOUNDS: Final = (
    *("TimeoutSeconds", "TimeoutSecondsPath"),
    *("HeartbeatSeconds", "HeartbeatSecondsPath"),
)
_LAST: Final = frozenset({"Succeed", "Fail"})
_INVOKE: Final = ":states:::lambda:invoke"
_LAMBDA: Final = ":lambda:"
_TOKEN: Final = "ClientToken"


def machines(project: Project) -> Iterator[Machine]:
    """Yield the state machines of the checkout, and the branches in them."""
    for definition in definitions(project.checkout):
        machine = definition.machine
        operations = {task.name: task.operation for task in tasks(machine)}
        is_bounded = machine.get("TimeoutSeconds") is not None
        for scope in machine.walk():
            found = _machine(scope, operations, definition.owner, is_bounded=is_bounded)
            if found is not None:
                yield found if scope is machine else replace(found, is_branch=True)


def _machine(
    scope: Part,
    operations: Mapping[str, str | None],
    owner: Resource | None,
    *,
    is_bounded: bool,
) -> Machine | None:
    found, place, start = states(scope), scope.location, scope.get("StartAt")
    if not found or place is None:
        return None
    known = (_state(name, one, operations.get(name)) for name, one in found.items())
    held = {one.name: one for one in known if one is not None}
    first = None if start is None or len(held) < len(found) else start.text
    return Machine(place, first, held, is_bounded, owner)


def _state(name: str, part: Part, operation: str | None) -> State | None:
    kind, place = part.get("Type"), part.location
    if kind is None or kind.text is None or place is None:
        return None
    resource, timeout = part.get("Resource"), part.get("TimeoutSeconds")
    arguments = part.first("Arguments", "Parameters")
    topic = None if arguments is None else arguments.get("TopicArn")
    return State(
        name,
        kind.text,
        (resource and resource.location) or place,
        _written(resource),
        operation,
        None if topic is None else topic.reference,
        any(part.get(one) is not None for one in _BOUNDS),
        part.get("Retry") is not None or part.get("Catch") is not None,
        kind.text in _LAST or _ends(part.get("End")),
        None if timeout is None else timeout.number,
        tuple(_targets(part, place)),
        _function(resource, arguments),
        tuple(_retries(part, place)),
        part.get("Catch") is not None,
        arguments is not None and any(_has_token(one) for one in arguments.walk()),
    )


def _ends(end: Part | None) -> bool:
    """Whether the machine ends here, or may: what is not known is taken for true."""
    return end is not None and end.truth is not False


def _written(resource: Part | None) -> str:
    """Return what is called: known, or as it is written."""
    if resource is None or resource.location is None:
        return ""
    return resource.text or resource.location.text.strip("\"'")


def _function(resource: Part | None, arguments: Part | None) -> str | None:
    """Return the function that a task invokes."""
    if resource is None:
        return None
    if _INVOKE in (resource.text or ""):
        named = None if arguments is None else arguments.get("FunctionName")
        return None if named is None else named.reference or named.text
    return resource.reference or (resource.text if _LAMBDA in (resource.text or "") else None)


def _retries(part: Part, place: Location) -> Iterator[tuple[str, Location]]:
    held = part.get("Retry")
    for one in () if held is None else held.items:
        names, most = one.get("ErrorEquals"), one.get("MaxAttempts")
        if most is None or most.number != 0:
            for name in () if names is None else names.items:
                yield name.text or "", name.location or place


def _has_token(arguments: Part) -> bool:
    held = arguments.value
    keys = held if isinstance(held, Mapping) else ()
    return any(key.removesuffix(".$") == _TOKEN for key in keys)


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
