"""How long a failover takes, by what is written of its steps."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.project.failover.facts import (
    Alarm,
    EventRule,
    HealthCheck,
    Machine,
    Record,
    RecoveryTime,
)
from megalint.project.linked import Project
from megalint.source import Location

ALIAS_TTL = 60
"""In seconds: that of load balancers, which records that are aliases take over."""
Step = tuple[int, str, Location | None]


def recovery_time(project: Project) -> Iterator[RecoveryTime]:
    """Yield the sum of the longest of each step, where an objective is given."""
    objective = project.config.recovery.rto
    steps = [max(kind, key=lambda one: one[0]) for kind in _steps(project) if kind]
    if objective is not None and any(place is not None for _, _, place in steps):
        yield RecoveryTime(objective, tuple(steps))


def _steps(project: Project) -> Iterator[list[Step]]:
    """Yield what each step may take, all that is known of one kind together."""
    yield [
        (one.interval * one.threshold, "the health check sees the failure", one.location)
        for one in project.each(HealthCheck)
        if one.interval is not None and one.threshold is not None
    ]
    yield [
        (one.seconds, "the alarm rings", one.location)
        for one in _heard(project)
        if one.namespace == "AWS/Route53" and one.seconds is not None
    ]
    yield [
        (state.timeout, "the approval is given", state.location)
        for machine in project.each(Machine)
        for state in machine.states.values()
        if state.is_callback and state.timeout is not None
    ]
    boot = project.config.recovery.boot
    yield [] if boot is None else [(boot, "a machine answers", None)]
    yield [
        (ALIAS_TTL if one.is_alias else one.ttl or 0, "resolvers forget the address", one.location)
        for one in project.each(Record)
        if one.is_alias or one.ttl is not None
    ]


def _heard(project: Project) -> list[Alarm]:
    """Return the alarms that a rule names, all where none does."""
    names = {name for one in project.each(EventRule) for name, _ in one.alarms}
    alarms = list(project.each(Alarm))
    return [one for one in alarms if one.name in names] or alarms
