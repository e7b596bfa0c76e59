"""Versions in state machines: JSON, YAML, and what Terraform makes of them.

The SDK integrations of Step Functions name operations in camel case, and arguments as the SDK does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from megalint.formats.states_language import Part, Task, tasks
from megalint.project.linked import Project
from megalint.project.state_machines import definitions
from megalint.project.versions.facts import (
    LATEST,
    CreatedVersion,
    Dialect,
    Use,
    VersionReference,
    Written,
)
from megalint.project.versions.operations import CREATES, DIRECT, camel
from megalint.project.versions.quoting import quoted

_DIRECT: Final = {camel(name): found for name, found in DIRECT.items()}
_CREATES: Final = camel(CREATES)
_HELD: Final = frozenset({"LaunchTemplate", "LaunchTemplateSpecification"})
_NAMES: Final = ("LaunchTemplateId", "LaunchTemplateName", "Id", "Name")


class Payload(Struct, frozen=True):
    """A value that a state hands to a function: the event's entry :attr:`key`."""

    task: Task
    key: str
    version: Written


def found_tasks(project: Project) -> tuple[Task, ...]:
    """Return the tasks of every state machine in the checkout."""
    found = definitions(project.checkout)
    return tuple(task for one in found for task in tasks(one.machine))


def references(project: Project) -> Iterator[VersionReference | CreatedVersion]:
    """Yield the versions that SDK integrations name, and those they make."""
    for task in found_tasks(project):
        place = task.arguments.location
        if task.operation == _CREATES and place is not None:
            yield CreatedVersion(Dialect.STATES, _CREATES, place, _template(task.arguments))
        if task.operation is not None and task.operation in _DIRECT:
            argument, use = _DIRECT[task.operation]
            value = task.arguments.get(argument)
            if value is not None:
                yield _reference(task, argument, use, value, task.arguments)
        elif task.operation is not None:
            yield from _started(task)


def _started(task: Task) -> Iterator[VersionReference]:
    for one in task.arguments.walk():
        for key, holder in one.value.items() if isinstance(one.value, Mapping) else ():
            version = holder.get("Version")
            if key in _HELD and version is not None:
                yield _reference(task, "Version", Use.START, version, holder)


def _reference(task: Task, argument: str, use: Use, value: Part, holder: Part) -> VersionReference:
    place = value.location or holder.location
    if place is None:
        raise ValueError("a part of a file has a place")
    template = _template(holder)
    written = tuple(_written(value, use))
    return VersionReference(
        Dialect.STATES, use, task.operation or task.name, argument, place, written, template
    )


def _template(holder: Part) -> str | None:
    return next((one.text for key in _NAMES if (one := holder.get(key))), None)


def _written(value: Part, use: Use) -> Iterator[Written]:
    for one in value.walk():
        text, place = one.text, one.location
        if text and place is not None:
            whole = quoted(place)
            quote = whole.text[:1] if whole.text[:1] in {'"', "'"} else '"'
            instead = None if use is Use.ACTIVATE else f"{quote}{LATEST}{quote}"
            yield Written(text, whole, instead)


def payloads(project: Project) -> Iterator[Payload]:
    """Yield the numbers that states hand to functions."""
    for task in found_tasks(project):
        held = task.arguments.value if task.function is not None else None
        for key, value in held.items() if isinstance(held, Mapping) else ():
            for one in _written(value, Use.READ):
                yield Payload(task, key, one)
