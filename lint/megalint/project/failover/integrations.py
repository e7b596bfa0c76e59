"""What state machines and rules of EventBridge call with their own roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.project.failover.calls import UNLIKE
from megalint.project.failover.facts import Call, EventTarget, Machine, State
from megalint.project.failover.policies import allowed, is_granted_elsewhere
from megalint.project.linked import Project
from megalint.project.resources import Resource
from megalint.source import Location

_TASK: Final = re.compile(
    r":states:::(?P<sdk>aws-sdk:)?(?P<service>[a-z0-9]+):(?P<operation>[A-Za-z0-9]+)"
)
SDK_SERVICES: Final = {
    **{name: name for name in ("autoscaling", "cloudwatch", "dynamodb", "ec2", "ecs", "rds")},
    **{name: name for name in ("route53", "sns", "sqs", "ssm")},
    "elasticloadbalancingv2": "elasticloadbalancing",
    "eventbridge": "events",
    "sfn": "states",
}
"""Services whose actions are called as their operations are, by their name in a machine."""
_UNLIKE: Final = frozenset(name.replace("_", "") for name in UNLIKE)
INTEGRATIONS: Final = {
    ("dynamodb", "getItem"): "GetItem",
    ("dynamodb", "putItem"): "PutItem",
    ("dynamodb", "updateItem"): "UpdateItem",
    ("dynamodb", "deleteItem"): "DeleteItem",
    ("ecs", "runTask"): "RunTask",
    ("events", "putEvents"): "PutEvents",
    ("lambda", "invoke"): "InvokeFunction",
    ("sns", "publish"): "Publish",
    ("sqs", "sendMessage"): "SendMessage",
    ("states", "startExecution"): "StartExecution",
}
_HANDED: Final = {
    "event-bus": ("events", "PutEvents"),
    "stateMachine": ("states", "StartExecution"),
}
"""What the role of a rule's target needs, by what the target is."""


def calls_of_machines(project: Project) -> Iterator[Call]:
    """Yield what the tasks of state machines call, where all that their role allows is known."""
    for machine in project.each(Machine):
        if machine.owner is not None:
            yield from _of_machine(project, machine, machine.owner)


def _of_machine(project: Project, machine: Machine, owner: Resource) -> Iterator[Call]:
    given = owner.properties.first("role_arn", "RoleArn", "Role")
    role = None if given is None else given.reference
    for state in machine.states.values():
        needed = _integrated(state)
        if needed is not None:
            yield from _call(project, owner.address, role, needed, state.location, owner.region)


def _call(
    project: Project,
    caller: str,
    role: str | None,
    needed: tuple[str, str],
    place: Location,
    region: str | None,
) -> Iterator[Call]:
    """Yield the call that needs a service's action, where all that the role allows is known."""
    service, operation = needed
    action, held = f"{service}:{operation}".lower(), allowed(project.checkout, role)
    if held is not None and not is_granted_elsewhere(project.checkout, role, action):
        yield Call(caller, service, operation, action, place, region, held)


def _integrated(state: State) -> tuple[str, str] | None:
    """Return the prefix of the service and the action that a task needs."""
    match = _TASK.search(state.resource)
    if match is None:
        return ("lambda", "InvokeFunction") if state.function is not None else None
    operation = match["operation"]
    if match["sdk"]:
        prefix = SDK_SERVICES.get(match["service"])
        return None if prefix is None or operation.lower() in _UNLIKE else (prefix, operation)
    service = match["service"]
    name = INTEGRATIONS.get((service, operation))
    return None if name is None else (service, name)


def calls_of_targets(project: Project) -> Iterator[Call]:
    """Yield what the targets of rules call, where all that their role allows is known."""
    for target in project.each(EventTarget):
        needed = _HANDED.get(target.kind or "")
        if needed is not None:
            place, region = target.arn_at, target.goal_region
            yield from _call(project, target.address, target.role, needed, place, region)
