"""Alarms, and the rules of EventBridge that hand them on."""

from __future__ import annotations

import math
from collections.abc import Iterator

from megalint.formats.states_language import Part, part
from megalint.formats.yaml_nodes import Unreadable, composed
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Alarm, EventRule, EventTarget
from megalint.project.failover.resources import Resource, resources
from megalint.source import Location
from megalint.text import Text

Named = tuple[tuple[str, Location], ...]


def alarms(checkout: Checkout) -> Iterator[Alarm]:
    """Yield the alarms."""
    for kind, name, namespace, period, periods in (
        (
            "aws_cloudwatch_metric_alarm",
            *("alarm_name", "namespace", "period", "evaluation_periods"),
        ),
        ("AWS::CloudWatch::Alarm", "AlarmName", "Namespace", "Period", "EvaluationPeriods"),
    ):
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
            )


def _product(one: Part | None, other: Part | None) -> int | None:
    factors = [None if part is None else part.number for part in (one, other)]
    return None if None in factors else math.prod(factor or 0 for factor in factors)


def rules(checkout: Checkout) -> Iterator[EventRule]:
    """Yield the rules whose pattern can be read."""
    for kind, name in (
        ("aws_cloudwatch_event_rule", "event_pattern"),
        ("AWS::Events::Rule", "EventPattern"),
    ):
        for one in resources(checkout, kind):
            written = one.properties.get(name)
            pattern = None if written is None else _pattern(written)
            if pattern is not None:
                yield _rule(one, pattern)


def _pattern(written: Part) -> Part | None:
    """Return a pattern as a mapping: of YAML, of ``jsonencode``, or of JSON in a text."""
    if not isinstance(written.value, Text):
        return written
    try:
        root = composed(written.value.flat)
    except Unreadable:
        return None
    return None if root is None else part(written.value, root)


def _rule(one: Resource, pattern: Part) -> EventRule:
    return EventRule(
        one.address,
        one.key,
        one.location,
        _named(pattern.get("source"), one),
        _named(pattern.get("detail-type"), one),
        _named(pattern.get("detail", "alarmName"), one),
        _named(pattern.get("detail", "state", "value"), one),
        one.region,
    )


def _named(held: Part | None, one: Resource) -> Named:
    """Return the texts of a list; nothing where any of them is a filter or not known."""
    items = () if held is None else held.items
    found = tuple((item.text, item.location or one.location) for item in items)
    return tuple((text, place) for text, place in found if text is not None) * all(
        text is not None for text, _ in found
    )


def targets(checkout: Checkout) -> Iterator[EventTarget]:
    """Yield the targets whose ARN can be read."""
    for one in resources(checkout, "aws_cloudwatch_event_target"):
        arn = one.properties.get("arn")
        if arn is not None:
            yield from _target(one, arn, one.properties.get("role_arn"))
    for one in resources(checkout, "AWS::Events::Rule"):
        held = one.properties.get("Targets")
        for target in () if held is None else held.items:
            arn = target.get("Arn")
            if arn is not None:
                yield from _target(one, arn, target.get("RoleArn"))


def _target(one: Resource, arn: Part, role: Part | None) -> Iterator[EventTarget]:
    if arn.text is not None:
        place = arn.location or one.location
        yield EventTarget(one.address, one.location, arn.text, place, role is not None, one.region)
