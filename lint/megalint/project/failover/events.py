"""Alarms, the rules of EventBridge that hand them on, and the buses they come to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from megalint.formats.states_language import Part, unfolded
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Alarm, EventBus, EventRule, EventTarget
from megalint.project.resources import Resource, by_key, resources
from megalint.source import Location

Named = tuple[tuple[str, Location], ...]
_ALARMS: Final = (
    (
        "aws_cloudwatch_metric_alarm",
        *("alarm_name", "namespace", "period", "evaluation_periods"),
    ),
    ("AWS::CloudWatch::Alarm", "AlarmName", "Namespace", "Period", "EvaluationPeriods"),
)
_GOALS: Final = {
    **dict.fromkeys(("aws_cloudwatch_event_bus", "AWS::Events::EventBus"), "event-bus"),
    **dict.fromkeys(
        (
            "aws_sfn_state_machine",
            *("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"),
        ),
        "stateMachine",
    ),
    **dict.fromkeys(
        ("aws_lambda_function", "AWS::Lambda::Function", "AWS::Serverless::Function"), "function"
    ),
    **dict.fromkeys(("aws_sns_topic", "AWS::SNS::Topic"), "topic"),
}
_REGION, _RESOURCE = 3, 5
"""Where an ARN holds them."""


def alarms(checkout: Checkout) -> Iterator[Alarm]:
    """Yield the alarms."""
    for kind, name, namespace, period, periods in _ALARMS:
        for one in resources(checkout, kind):
            named, held = one.properties.get(name), one.properties.get(namespace)
            yield Alarm(
                one.address,
                one.key,
                one.location,
                None if named is None else named.text,
                None if held is None else held.text,
                None if held is None else held.location,
                one.region,
                _product(one.properties.get(period), one.properties.get(periods)),
                _watched(one.properties),
                tuple(_actions(checkout, one)),
            )


def _product(one: Part | None, other: Part | None) -> int | None:
    factors = [None if part is None else part.number for part in (one, other)]
    return None if None in factors else math.prod(factor or 0 for factor in factors)


def _watched(given: Part) -> str | None:
    """Return the health check among the dimensions of an alarm."""
    held = given.get("dimensions", "HealthCheckId")
    listed = given.get("Dimensions")
    for one in () if listed is None else listed.items:
        name = one.get("Name")
        if name is not None and name.text == "HealthCheckId":
            held = one.get("Value")
    return None if held is None else held.reference


def _actions(checkout: Checkout, one: Resource) -> Iterator[tuple[str | None, Location]]:
    for key in ("alarm_actions", "AlarmActions"):
        held = one.properties.get(key)
        for action in () if held is None else held.items:
            _, region = _goal(checkout, action)
            yield region, action.location or one.location


# --- rules ----------------------------------------------------------------------------------


def rules(checkout: Checkout) -> Iterator[EventRule]:
    """Yield the rules whose pattern can be read."""
    for kind, *names in (
        ("aws_cloudwatch_event_rule", "event_pattern", "name", "event_bus_name"),
        ("AWS::Events::Rule", "EventPattern", "Name", "EventBusName"),
    ):
        for one in resources(checkout, kind):
            written, name, bus = (one.properties.get(key) for key in names)
            pattern = None if written is None else unfolded(written)
            if pattern is not None:
                yield _rule(one, pattern, name, bus)


def _rule(one: Resource, pattern: Part, name: Part | None, bus: Part | None) -> EventRule:
    return EventRule(
        one.address,
        one.key,
        one.location,
        _named(pattern.get("source"), one),
        _named(pattern.get("detail-type"), one),
        _named(pattern.get("detail", "alarmName"), one),
        _named(pattern.get("detail", "state", "value"), one),
        one.region,
        None if name is None else name.text,
        _called(bus),
    )


def _named(held: Part | None, one: Resource) -> Named:
    """Return the texts of a list; nothing where any of them is a filter or not known."""
    items = () if held is None else held.items
    found = tuple((item.text, item.location or one.location) for item in items)
    return tuple((text, place) for text, place in found if text is not None) * all(
        text is not None for text, _ in found
    )


def _called(given: Part | None) -> str | None:
    """Return the resource that is named: by its key, else as it is written."""
    return None if given is None else given.reference or given.text


# --- targets --------------------------------------------------------------------------------


def targets(checkout: Checkout) -> Iterator[EventTarget]:
    """Yield the targets of rules."""
    for one in resources(checkout, "aws_cloudwatch_event_target"):
        arn = one.properties.get("arn")
        if arn is not None:
            rule = _called(one.properties.get("rule"))
            yield _target(checkout, one, arn, rule, one.properties.get("role_arn"))
    for one in resources(checkout, "AWS::Events::Rule"):
        held = one.properties.get("Targets")
        for target in () if held is None else held.items:
            arn = target.get("Arn")
            if arn is not None:
                yield _target(checkout, one, arn, one.key, target.get("RoleArn"))


def _target(
    checkout: Checkout, one: Resource, arn: Part, rule: str | None, role: Part | None
) -> EventTarget:
    kind, region = _goal(checkout, arn)
    place = arn.location or one.location
    has_role = role is not None and role.text != ""
    return EventTarget(
        one.address,
        one.location,
        arn.text,
        place,
        has_role,
        one.region,
        rule,
        arn.reference,
        region,
        kind,
        None if role is None else role.reference,
    )


def _goal(checkout: Checkout, arn: Part) -> tuple[str | None, str | None]:
    """Return what an ARN names, and in which region, as far as either is known."""
    goal = by_key(checkout).get(arn.reference or "")
    if goal is not None:
        return _GOALS.get(goal.kind), goal.region
    parts = (arn.text or "").split(":")
    if len(parts) <= _RESOURCE or "${" in (arn.text or ""):
        return None, None
    kind = parts[_RESOURCE].partition("/")[0] if parts[2] != "sns" else "topic"
    return kind, parts[_REGION] or None


def buses(checkout: Checkout) -> Iterator[EventBus]:
    """Yield the event buses."""
    for kind, key in (("aws_cloudwatch_event_bus", "name"), ("AWS::Events::EventBus", "Name")):
        for one in resources(checkout, kind):
            name = one.properties.get(key)
            text = None if name is None else name.text
            yield EventBus(one.address, one.key, one.location, text, one.region)
