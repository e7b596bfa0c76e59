"""Link the facts of the failover."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.project.failover import (
    approval,
    calls,
    dns,
    events,
    functions,
    recovery,
    scripts,
    states,
)
from megalint.project.failover.facts import (
    Alarm,
    Call,
    EventRule,
    EventTarget,
    Function,
    HealthCheck,
    Machine,
    Record,
    RecoveryTime,
    StatusTest,
    Topic,
)
from megalint.project.linked import Linker, Project

Fact = HealthCheck | Record | Alarm | EventRule | EventTarget | Function | Call | StatusTest


def _link(project: Project) -> Iterator[Fact]:
    checkout = project.checkout
    yield from dns.health_checks(checkout)
    yield from dns.records(checkout)
    yield from events.alarms(checkout)
    yield from events.rules(checkout)
    yield from events.targets(checkout)
    yield from functions.functions(checkout)
    yield from calls.calls(checkout)
    yield from scripts.status_tests(checkout)


LINKER = Linker(
    (HealthCheck, Record, Alarm, EventRule, EventTarget, Function, Call, StatusTest), _link
)
MACHINES_LINKER = Linker((Machine,), states.machines)
TOPICS_LINKER = Linker((Topic,), approval.topics)
TIME_LINKER = Linker((RecoveryTime,), recovery.recovery_time)
