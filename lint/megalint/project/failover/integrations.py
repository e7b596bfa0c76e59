"""What state machines and rules of EventBridge call with their own roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.formats.states_language import Part
from megalint.project.failover.calls import UNLIKE
from megalint.project.failover.facts import Call, EventTarget, Machine, State
from megalint.project.failover.policies import allowed, is_granted_elsewhere
from megalint.project.linked import Project

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
        owner = machine.owner
        role = None if owner is None else _role(owner.properties, "role_arn", "RoleArn", "Role")
        held = allowed(project.checkout, role)
        for state in machine.states.values() if owner is not None and held is not None else ():
            found = _integrated(state)
            if found is not None and owner is not None and held is not None:
                service, operation = found
                action = f"{service}:{operation}".lower()
                if is_granted_elsewhere(project.checkout, role, action):
                    continue
                yield Call(
                    owner.address, service, operation, action, state.location, owner.region, held
                )


def _integrated(state: State) -> tuple[str, str] | None:
    """Return the prefix of the service and the action that a task needs."""
    match = _TASK.search(state.resource)
    if match is None:
        return ("lambda", "InvokeFunction") if state.function is not None else None
    operation = match["operation"]
    if match["sdk"]:
        prefix = SDK_SERVICES.get(match["service"])
        is_unlike = operation.lower() in {name.replace("_", "") for name in UNLIKE}
        return None if prefix is None or is_unlike else (prefix, operation)
    service = match["service"]
    name = INTEGRATIONS.get((service, operation))
    return None if name is None else (service, name)


def calls_of_targets(project: Project) -> Iterator[Call]:
    """Yield what the targets of rules call, where all that their role allows is known."""
    for target in project.each(EventTarget):
        needed = _HANDED.get(target.kind or "")
        held = allowed(project.checkout, target.role)
        if needed is not None and held is not None:
            service, operation = needed
            action = f"{service}:{operation}".lower()
            if is_granted_elsewhere(project.checkout, target.role, action):
                continue
            where = target.goal_region
            yield Call(target.address, service, operation, action, target.arn_at, where, held)


def _role(given: Part, *names: str) -> str | None:
    held = next((one for name in names if (one := given.get(name))), None)
    return None if held is None else held.reference
