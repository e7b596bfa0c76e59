"""Link the facts of a failover: each leads to what it starts, by reference, name or ARN."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.check import check
from megalint.finding import Finding
from megalint.project.failover.facts import (
    Alarm,
    EventBus,
    EventRule,
    EventTarget,
    Function,
    HealthCheck,
    Machine,
    Record,
    Topic,
)
from megalint.project.failover.facts import State as Step
from megalint.project.linked import Project
from megalint.rule import Rule
from megalint.source import Location
from megalint.trace.pipeline import Chain, Link

FAMILY: Final = "pipeline"


class _Draft(Struct, frozen=True):
    """A link, and the names of what it is and of what it leads to."""

    link: Link
    names: tuple[str, ...]
    goals: tuple[str, ...] = ()


def collect(project: Project, rules: Sequence[Rule[Any]]) -> Chain:
    """Return the chain, from the health check to the record."""
    own = [rule for rule in rules if rule.family == FAMILY]
    found = [one for one in check(project, own) if isinstance(one, Finding)]
    drafts = list(_drafts(project))
    numbers: dict[str, list[int]] = {}
    for number, one in enumerate(drafts):
        for name in one.names:
            numbers.setdefault(name, []).append(number)
    names = Counter(one.link.name for one in drafts)
    return Chain(tuple(_linked(one, numbers, found, names[one.link.name] == 1) for one in drafts))


def _linked(
    draft: _Draft, numbers: dict[str, list[int]], found: Sequence[Finding], is_only: bool
) -> Link:
    following = dict.fromkeys(one for goal in draft.goals for one in numbers.get(goal, ()))
    about = tuple(one for one in found if _is_about(one, draft.link, is_only=is_only))
    return replace(draft.link, findings=about, following=tuple(following))


def _is_about(finding: Finding, link: Link, *, is_only: bool) -> bool:
    """Whether a finding is of a link: it is at its place, or names it first.

    Where others are called the same, it has to be in the same file.
    """
    is_named = finding.message.startswith(f"`{link.name}` ")
    is_near = finding.location.source == link.location.source
    is_at = is_near and finding.location.span == link.location.span
    return is_at or (is_named and (is_only or is_near))


# --- what is there --------------------------------------------------------------------------


def _drafts(project: Project) -> Iterator[_Draft]:
    for check_ in project.each(HealthCheck):
        pace = _pair(check_.threshold, check_.interval, "{0} x {1} s")
        link = Link("health check", check_.address, (check_.path or "-", pace), check_.location)
        yield _Draft(link, (check_.key,), (f"watching {check_.key}",))
    for alarm in project.each(Alarm):
        if alarm.namespace == "AWS/Route53":
            yield _alarm(alarm)
    rules = [one for one in project.each(EventRule) if _is_of_alarms(one)]
    yield from (_rule(project, one) for one in rules)
    yield from _targets(project, rules)
    for bus in _buses(project, rules):
        link = Link("event bus", bus.address, (bus.name, bus.region), bus.location)
        yield _Draft(
            link, _names("event-bus/", bus.key, bus.name), (f"on {bus.key}", f"on {bus.name}")
        )
    yield from _machines(project)
    yield from _called(project)
    for record in project.each(Record):
        ttl = "alias" if record.is_alias else _pair(record.ttl, 0, "TTL {0} s")
        link = Link("record", record.address, (record.role, ttl), record.location)
        yield _Draft(link, (f"watching {record.check}",))


def _alarm(alarm: Alarm) -> _Draft:
    link = Link("alarm", alarm.address, (alarm.name, alarm.region), alarm.location)
    return _Draft(link, (f"watching {alarm.watched}",), (f"alarm {alarm.name}",))


def _is_of_alarms(rule: EventRule) -> bool:
    """Whether a rule is about alarms, or hears everything that comes to a bus of one's own."""
    is_open = rule.bus is not None and not rule.types and not rule.sources
    return is_open or bool(rule.alarms) or any("CloudWatch Alarm" in one for one, _ in rule.types)


def _buses(project: Project, rules: Sequence[EventRule]) -> Iterator[EventBus]:
    """Yield the buses that such a rule listens to, or a target of one hands events to."""
    named = {one.bus for one in rules}
    goals = {one.goal for one in project.each(EventTarget)}
    for bus in project.each(EventBus):
        if bus.key in named | goals or bus.name in named - {None}:
            yield bus


def _rule(project: Project, rule: EventRule) -> _Draft:
    """Return a rule; one on a bus of one's own hears what comes there, whatever its alarms."""
    whatever = "any alarm" if rule.types or rule.sources else "every event"
    words = ", ".join(name for name, _ in (*rule.alarms, *rule.states)) or whatever
    link = Link("rule", rule.address, (words, rule.region), rule.location)
    names = [f"on {rule.bus}"]
    if rule.bus in {None, "default"}:
        named = [name for name, _ in rule.alarms]
        names = [f"alarm {name}" for name in named or (one.name for one in project.each(Alarm))]
    goals = (f"of {rule.key}", *((f"of {rule.name}",) if rule.name is not None else ()))
    return _Draft(link, tuple(names), goals)


def _targets(project: Project, rules: Sequence[EventRule]) -> Iterator[_Draft]:
    names = {name for one in rules for name in (one.key, one.name) if name is not None}
    for target in project.each(EventTarget):
        if target.rule in names:
            goal = target.arn or target.goal
            words = target.arn or (goal or "").rpartition("/")[2] or None
            link = Link("target", target.address, (words,), target.location)
            goals = tuple(one for one in (target.goal, _ending(target.arn)) if one)
            yield _Draft(link, (f"of {target.rule}",), goals)


def _ending(arn: str | None) -> str:
    """Return what an ARN names: ``stateMachine:failover``, ``event-bus/dr``, ``function:step``."""
    parts = (arn or "").split(":")
    return ":".join(parts[5:]) if len(parts) > 5 else ""  # noqa: PLR2004 - arn:aws:x:REGION:ID:


def _names(prefix: str, key: str, name: str | None) -> tuple[str, ...]:
    return (key,) if name is None else (key, f"{prefix}{name}")


def _machines(project: Project) -> Iterator[_Draft]:
    """Yield each machine, then its states, those of its branches among them."""
    scopes: list[list[Machine]] = []
    for machine in project.each(Machine):
        if machine.is_branch and scopes:
            scopes[-1].append(machine)
        else:
            scopes.append([machine])
    for scope in scopes:
        steps = [step for one in scope for step in one.states.values()]
        yield _machine(scope[0], steps)
        yield from (_state(step) for step in steps)


def _machine(machine: Machine, steps: Sequence[Step]) -> _Draft:
    owner, goals = machine.owner, tuple(_spot(one.location) for one in steps)
    if owner is None:
        name = machine.location.source.path.as_posix()
        return _Draft(Link("state machine", name, (), machine.location), (), goals)
    given = owner.properties.first("name", "StateMachineName")
    names = _names("stateMachine:", owner.key, None if given is None else given.text)
    region = () if owner.region is None else (owner.region,)
    return _Draft(Link("state machine", owner.address, region, owner.location), names, goals)


def _state(state: Step) -> _Draft:
    waits = ("waits for a token",) if state.is_callback else ()
    targets = ", ".join(name or "not known" for name, _ in state.targets)
    following = f"-> {targets}" if targets else "the end"
    link = Link("state", state.name, (state.kind, *waits, following), state.location)
    called = (f"function {state.function}", f"topic {state.topic}")
    return _Draft(link, (_spot(state.location),), called)


def _spot(location: Location) -> str:
    """Return what no other place has: a machine may stand on one line."""
    return f"{location.source.path}:{location.span.start}"


def _called(project: Project) -> Iterator[_Draft]:
    functions = {state.function for one in project.each(Machine) for state in one.states.values()}
    for topic in project.each(Topic):
        if topic.asked_at:
            link = Link("topic", topic.address, topic.protocols, topic.location)
            yield _Draft(link, (f"topic {topic.key}",))
    for function in project.each(Function):
        link = Link("function", function.address, (f"{function.timeout} s",), function.location)
        names = (f"function {one}" for one in functions if function.is_called(one))
        yield _Draft(link, (*names, function.key))


def _pair(one: int | None, other: int | None, words: str) -> str | None:
    return None if one is None or other is None else words.format(one, other)
