"""The way of an alarm: the rule in us-east-1, its target and role, the bus, the rule behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import join, quote
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.finding import Severity
from megalint.formats.aws_answers import Answer
from megalint.formats.failover_answers import GLOBAL, Book
from megalint.readiness import Item, Outcome, Stage, Told, commands
from megalint.readiness.commands import aws
from megalint.readiness.detection import alarms_of
from megalint.readiness.patterns import (
    Document,
    admits,
    alarm_event,
    allows,
    denies,
    document,
    matches,
    statements,
    trusts_events,
)

_TOLD: Final = Told(Stage.FORWARDING)
_UNHEARD: Final = aws("events put-rule")
"""How the command begins that makes a rule where none matches."""
_PUT: Final = "events:PutEvents"


class Rule(Struct, frozen=True):
    """A rule, its bus and its targets; None: not known."""

    name: str
    bus: str
    region: str
    state: str
    pattern: str
    targets: tuple[Answer, ...] | None

    @property
    def is_on(self) -> bool:
        """Whether it hands events over."""
        return self.state.startswith("ENABLED")

    @property
    def where(self) -> str:
        """The arguments of the CLI that name it."""
        words = ["--name", self.name]
        if self.bus != "default":
            words += ["--event-bus-name", self.bus]
        return join([*words, "--region", self.region])


def rules(book: Book, region: str, bus: str) -> list[Rule] | None:
    """Return the rules of a bus; None: not known."""
    found = book.items(region, "events", "list_rules", "Rules", bus)
    if found is None:
        return None
    made = []
    for one in found:
        about = f"{bus}/{one['Name']}"
        targets = book.items(region, "events", "list_targets_by_rule", "Targets", about)
        if targets is None:
            targets = book.items(region, "events", "list_targets_by_rule", "Targets", one["Name"])
        made.append(
            Rule(
                one["Name"],
                bus,
                region,
                str(one.get("State", "")),
                str(one.get("EventPattern") or ""),
                None if targets is None else tuple(targets),
            )
        )
    return made


def items(book: Book) -> Iterator[Item]:
    """Yield the links of the chain for each alarm on a health check."""
    alarms = alarms_of(book)
    if not alarms:
        words = "there is no alarm to follow" if alarms is not None else "the alarms are not known"
        yield _TOLD.unchecked("alarm-rule", "", words)
        return
    found = [
        item
        for alarm in alarms
        for item in _Chain(book, [alarm, *_around(book, str(alarm["AlarmName"]))]).items()
    ]
    yield from dict.fromkeys(_weighed(found))


def _weighed(found: list[Item]) -> Iterator[Item]:
    """Yield the items; where one alarm is followed, another may be meant for something else."""
    is_followed = any(one.id == "recovery-rule" for one in found)
    for one in found:
        is_first = one.id == "alarm-rule" and one.outcome is Outcome.FAIL
        is_unheard = is_first and one.command.startswith(_UNHEARD)
        yield replace(one, severity=Severity.NOTE) if is_unheard and is_followed else one


def _around(book: Book, name: str) -> list[Answer]:
    """Return the composite alarms that a metric alarm is part of."""
    found = book.items(GLOBAL, "cloudwatch", "describe_alarms", "CompositeAlarms") or ()
    form = re.compile(rf"[(\"':]{re.escape(name)}[\"')]")
    return [one for one in found if form.search(str(one.get("AlarmRule")))]


class _Chain:
    """Follows one alarm, and those around it, from us-east-1 into the recovery region."""

    def __init__(self, book: Book, alarms: list[Answer]) -> None:
        self._book = book
        self._alarm = str(alarms[0]["AlarmName"])
        self._events: list[Document] = [
            alarm_event(str(one["AlarmName"]), str(one.get("AlarmArn", ""))) for one in alarms
        ]
        self._event = self._events[0]
        self._actions = [str(arn) for one in alarms for arn in one.get("AlarmActions") or ()]

    def items(self) -> Iterator[Item]:
        known = rules(self._book, GLOBAL, "default")
        if known is None:
            why = self._book.why(GLOBAL, "events", "list_rules", "default")
            command = aws(f"events list-rules --region {GLOBAL}")
            yield _TOLD.unchecked("alarm-rule", self._alarm, why, command)
            return
        caught = [(one, self._catches(one)) for one in known]
        own = [one for one, outcome in caught if outcome]
        for one, outcome in caught:
            if outcome is None and not own:
                words = f"its pattern may or may not match the alarm {self._alarm}"
                yield _TOLD.unchecked(
                    "alarm-rule", one.name, words, aws(f"events describe-rule {one.where}")
                )
        if not own and all(outcome is False for _, outcome in caught):
            yield self._unheard()
        for one in own:
            yield self._state(one)
            yield from self._forwarded(one)
        if own and self._book.recovery != GLOBAL and not any(map(self._may_lead, own)):
            yield self._nowhere(own[0])

    def _unheard(self) -> Item:
        command = commands.put_rule(GLOBAL, "default", self._alarm)
        if self._actions:
            words = f"no rule of {GLOBAL} matches it; it acts by itself: {', '.join(self._actions)}"
            return _TOLD.unchecked("alarm-rule", self._alarm, words, command)
        words = f"no rule of {GLOBAL} matches it: it rings, and nobody hears"
        return _TOLD.bad("alarm-rule", self._alarm, words, command)

    def _catches(self, rule: Rule) -> bool | None:
        if not rule.pattern:
            return False
        found = [matches(rule.pattern, one) for one in self._events]
        return True if True in found else None if None in found else False

    def _state(self, rule: Rule) -> Item:
        if rule.is_on:
            return _TOLD.good("alarm-rule", rule.name, f"enabled; it matches {self._alarm}")
        command = aws(f"events enable-rule {rule.where}")
        return _TOLD.bad("alarm-rule", rule.name, f"{rule.state}: nothing is handed over", command)

    # --- the target --------------------------------------------------------------------------

    def _buses(self, rule: Rule) -> list[Answer]:
        """Return the targets of a rule that are event buses of the recovery region."""
        mark = f":events:{self._book.recovery}:"
        return [one for one in rule.targets or () if mark in str(one.get("Arn"))]

    def _may_lead(self, rule: Rule) -> bool:
        return rule.targets is None or bool(self._buses(rule))

    def _nowhere(self, rule: Rule) -> Item:
        words = f"it has no event bus of {self._book.recovery} among its targets"
        target = {"Id": self._book.recovery, "Arn": self._only_bus(), "RoleArn": "ROLE-ARN"}
        command = commands.put_targets(GLOBAL, "default", rule.name, target)
        return _TOLD.bad("cross-region-target", rule.name, words, command)

    def _only_bus(self) -> str:
        """Return the ARN of the bus of one's own in the recovery region, where there is one."""
        region = self._book.recovery
        buses = self._book.items(region, "events", "list_event_buses", "EventBuses") or ()
        own = [str(one.get("Arn")) for one in buses if one.get("Name") != "default"]
        return own[0] if len(own) == 1 else "BUS-ARN"

    def _forwarded(self, rule: Rule) -> Iterator[Item]:
        region = self._book.recovery
        look = aws(f"events list-targets-by-rule --rule {quote(rule.name)} --region {GLOBAL}")
        if rule.targets is None:
            why = self._book.why(GLOBAL, "events", "list_targets_by_rule", f"default/{rule.name}")
            yield _TOLD.unchecked("cross-region-target", rule.name, why, look)
            return
        if region == GLOBAL:
            yield from self._arrived(region, "default", rule)
            return
        for one in self._buses(rule):
            arn = str(one["Arn"])
            yield _TOLD.good("cross-region-target", rule.name, f"hands events to {arn}")
            yield self._role(rule, one, arn)
            yield from self._bus(arn)

    def _role(self, rule: Rule, target: Answer, bus: str) -> Item:
        arn = str(target.get("RoleArn") or "")
        id_, name = "cross-region-role", arn.rpartition("/")[2]
        if not arn:
            words = f"the target {target.get('Id')} has no role: EventBridge may not send elsewhere"
            new = {"Id": str(target.get("Id")), "Arn": bus, "RoleArn": "ROLE-ARN"}
            command = commands.put_targets(GLOBAL, "default", rule.name, new)
            return _TOLD.bad(id_, rule.name, words, command)
        reply = self._book.reply(GLOBAL, "iam", "get_role", name)
        look = aws(f"iam get-role --role-name {name}")
        if reply is not None and reply.is_absent:
            command = commands.trust(name, is_new=True)
            return _TOLD.bad(id_, name, "there is no such role", command)
        if reply is None or reply.reason or not reply.pages:
            return _TOLD.unchecked(id_, name, self._book.why(GLOBAL, "iam", "get_role", name), look)
        trust = document(reply.pages[0]["Role"].get("AssumeRolePolicyDocument"))
        if not trusts_events(trust):
            command = commands.trust(name, is_new=False)
            return _TOLD.bad(id_, name, "events.amazonaws.com may not take it", command)
        return self._granted(name, bus)

    def _granted(self, name: str, bus: str) -> Item:
        id_, policies = "cross-region-role", list(self._policies(name))
        known = [one for one in policies if one is not None]
        if any(denies(one, _PUT, bus) for one in known):
            look = aws(f"iam list-attached-role-policies --role-name {quote(name)}")
            return _TOLD.bad(id_, name, f"a policy of it denies {_PUT} on {bus}", look)
        if any(allows(one, _PUT, bus) for one in known):
            return _TOLD.good(id_, name, f"EventBridge takes it, and it may {_PUT} there")
        if None in policies:
            look = aws(f"iam list-role-policies --role-name {name}")
            return _TOLD.unchecked(id_, name, "not all of its policies could be read", look)
        command = commands.put_role_policy(name, bus)
        return _TOLD.bad(id_, name, f"no policy of it allows {_PUT} on {bus}", command)

    def _policies(self, role: str) -> Iterator[Document | None]:
        """Yield the policies of a role; None for what could not be read."""
        book = self._book
        names = book.one(GLOBAL, "iam", "list_role_policies", role)
        yield from () if names is not None else (None,)
        for name in () if names is None else names.get("PolicyNames") or ():
            found = book.one(GLOBAL, "iam", "get_role_policy", f"{role}/{name}")
            yield None if found is None else document(found.get("PolicyDocument"))
        attached = book.items(
            GLOBAL, "iam", "list_attached_role_policies", "AttachedPolicies", role
        )
        yield from () if attached is not None else (None,)
        for one in attached or ():
            found = book.one(GLOBAL, "iam", "get_policy_version", one["PolicyArn"])
            yield None if found is None else document(found["PolicyVersion"].get("Document"))

    # --- the bus -----------------------------------------------------------------------------

    def _bus(self, arn: str) -> Iterator[Item]:
        region, name = self._book.recovery, arn.rpartition("/")[2]
        buses = self._book.items(region, "events", "list_event_buses", "EventBuses")
        look = aws(f"events describe-event-bus --name {quote(name)} --region {region}")
        if buses is None:
            why = self._book.why(region, "events", "list_event_buses")
            yield _TOLD.unchecked("event-bus", name, why, look)
            return
        bus = next((one for one in buses if one.get("Arn") == arn), None)
        is_own = _account(arn) == _account(str(self._event["resources"][0]))
        if bus is None and not is_own:
            yield _TOLD.unchecked("event-bus", name, f"it is in account {_account(arn)}", look)
            return
        if bus is None:
            command = aws(f"events create-event-bus --name {quote(name)} --region {region}")
            yield _TOLD.bad("event-bus", name, f"there is no such bus in {region}", command)
            return
        yield self._policy(name, arn, document(bus.get("Policy")), is_own=is_own)
        yield from self._arrived(region, name, None)

    def _policy(self, name: str, arn: str, policy: Document, *, is_own: bool) -> Item:
        region, account = self._book.recovery, str(self._event["account"])
        if denies(policy, _PUT, arn):
            sids = (str(one.get("Sid") or "SID") for one in statements(policy) if _is_denial(one))
            command = commands.remove_permission(region, name, next(sids, "SID"))
            return _TOLD.bad("bus-policy", name, f"its policy denies {_PUT}", command)
        if is_own:
            return _TOLD.good("bus-policy", name, "the account is the same, and nothing is denied")
        if admits(policy, account, _PUT):
            return _TOLD.good("bus-policy", name, f"account {account} may send to it")
        command = commands.put_permission(region, name, account)
        return _TOLD.bad("bus-policy", name, f"account {account} may not send to it", command)

    def _arrived(self, region: str, bus: str, known: Rule | None) -> Iterator[Item]:
        """Yield what becomes of the event on the bus: a rule has to start the state machine."""
        held = [known] if known is not None else rules(self._book, region, bus)
        look = aws(f"events list-rules --event-bus-name {quote(bus)} --region {region}")
        if held is None:
            why = self._book.why(region, "events", "list_rules", bus)
            yield _TOLD.unchecked("recovery-rule", bus, why, look)
            return
        caught = [(one, self._catches(one)) for one in held]
        own = [one for one, outcome in caught if outcome]
        if not own and any(outcome is None for _, outcome in caught):
            words = f"not known whether a rule matches {self._alarm}"
            yield _TOLD.unchecked("recovery-rule", bus, words, look)
        elif not own:
            words = f"no rule on it matches {self._alarm}: the event arrives, and is lost"
            command = commands.put_rule(region, bus, self._alarm)
            yield _TOLD.bad("recovery-rule", bus, words, command)
        for one in own:
            yield _started(self._book, one)


def _started(book: Book, rule: Rule) -> Item:
    if not rule.is_on:
        command = aws(f"events enable-rule {rule.where}")
        return _TOLD.bad("recovery-rule", rule.name, f"{rule.state}: nothing is started", command)
    if rule.targets is None:
        return _TOLD.unchecked("recovery-rule", rule.name, "its targets are not known")
    machines = [str(one["Arn"]) for one in rule.targets if ":stateMachine:" in str(one.get("Arn"))]
    if machines:
        names = ", ".join(one.rpartition(":")[2] for one in machines)
        return _TOLD.good("recovery-rule", rule.name, f"enabled; it starts {names}")
    if rule.targets:
        others = ", ".join(str(one.get("Arn")) for one in rule.targets)
        return _TOLD.unchecked(
            "recovery-rule", rule.name, f"it starts no state machine, but {others}"
        )
    known = book.items(rule.region, "stepfunctions", "list_state_machines", "stateMachines") or ()
    arns = [str(one.get("stateMachineArn")) for one in known]
    target = {"Id": "failover", "Arn": arns[0] if len(arns) == 1 else "STATE-MACHINE-ARN"}
    command = commands.put_targets(
        rule.region, rule.bus, rule.name, {**target, "RoleArn": "ROLE-ARN"}
    )
    return _TOLD.bad("recovery-rule", rule.name, "it has no target", command)


def _is_denial(statement: Document) -> bool:
    return statement.get("Effect") == "Deny"


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 4 else ""  # noqa: PLR2004 - arn:aws:SERVICE:REGION:ACCOUNT
