"""The chain of a failover as it is written: what is proven, what is not known, what is broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from megalint.check import check
from megalint.finding import Finding
from megalint.output.plain import printable
from megalint.project.failover.facts import (
    Alarm,
    EventRule,
    EventTarget,
    Function,
    HealthCheck,
    Machine,
    Record,
    Topic,
)
from megalint.project.linked import Project
from megalint.rule import Rule
from megalint.source import Location

FAMILY: Final = "pipeline"
MARKS: Final = {"proven": "✓", "unknown": "?", "broken": "✗"}


class Link(Struct, frozen=True):
    """One step of the chain: what it is, how it is called, what is known of it.

    :attr:`findings` are what the rules of the family say of it.
    """

    kind: str
    name: str
    details: tuple[str | None, ...]
    location: Location
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> str:
        """Whether the step is broken, not known in part, or neither."""
        if self.findings:
            return "broken"
        return "unknown" if None in self.details else "proven"


def collect(project: Project, rules: Sequence[Rule[Any]]) -> tuple[Link, ...]:
    """Return the chain, from the health check to the record."""
    own = [rule for rule in rules if rule.family == FAMILY]
    found = [one for one in check(project, own) if isinstance(one, Finding)]
    links = []
    for kind, name, details, location in _steps(project):
        about = tuple(one for one in found if one.message.startswith(f"`{name}` "))
        links.append(Link(kind, name, details, location, about))
    return tuple(links)


Step = tuple[str, str, tuple[str | None, ...], Location]


def _steps(project: Project) -> Iterator[Step]:
    for check_ in project.each(HealthCheck):
        pace = _pair(check_.threshold, check_.interval, "{0} x {1} s")
        yield "health check", check_.address, (check_.path or "-", pace), check_.location
    for alarm in project.each(Alarm):
        if alarm.namespace == "AWS/Route53":
            yield "alarm", alarm.address, (alarm.name, alarm.region), alarm.location
    for rule in project.each(EventRule):
        names = ", ".join(name for name, _ in (*rule.alarms, *rule.states)) or None
        yield "rule", rule.address, (names, rule.region), rule.location
    for target in project.each(EventTarget):
        yield "target", target.address, (target.arn,), target.location
    yield from _machines(project)
    for topic in project.each(Topic):
        if topic.asked_at:
            yield "topic", topic.address, topic.protocols, topic.location
    for function in project.each(Function):
        yield "function", function.address, (f"{function.timeout} s",), function.location
    for record in project.each(Record):
        ttl = "alias" if record.is_alias else _pair(record.ttl, 0, "TTL {0} s")
        yield "record", record.address, (record.role, ttl), record.location


def _machines(project: Project) -> Iterator[Step]:
    for machine in project.each(Machine):
        for state in machine.states.values():
            following = ", ".join(name for name, _ in state.targets) or "end"
            waits = ("waits for a token",) if state.is_callback else ()
            details = (state.kind, *waits, f"-> {following}")
            yield "state", state.name, details, state.location


def _pair(one: int | None, other: int | None, words: str) -> str | None:
    return None if one is None or other is None else words.format(one, other)


def to_text(links: Sequence[Link]) -> str:
    """Return a line for each step, and one for each finding below it."""
    lines = []
    width = max((len(one.name) for one in links), default=0)
    for place, one in enumerate(links):
        is_new = place and links[place - 1].kind != one.kind
        lines += ["  │"] if is_new else []
        known = ", ".join(detail or "not known" for detail in one.details)
        head = f"  {MARKS[one.state]} {one.kind:13} {one.name:{width}}  {known}  ({one.location})"
        lines.append(printable(head.rstrip()))
        lines += [printable(f"  │   {each.rule_id}: {each.message}") for each in one.findings]
    return "".join(f"{line}\n" for line in lines)


def to_json(links: Sequence[Link]) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "version": 1,
        "pipeline": [
            {
                "kind": one.kind,
                "name": one.name,
                "state": one.state,
                "details": list(one.details),
                "path": one.location.source.path.as_posix(),
                "line": one.location.line,
                "findings": [each.rule_id for each in one.findings],
            }
            for one in links
        ],
    }
