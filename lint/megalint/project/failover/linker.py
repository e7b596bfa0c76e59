"""Link the facts of the failover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from megalint.project.failover import (
    aliases,
    approval,
    calls,
    dns,
    events,
    functions,
    integrations,
    processes,
    reach,
    recovery,
    scripts,
    states,
    tables,
)
from megalint.project.failover.facts import (
    Alarm,
    AliasTtl,
    BlockedCheck,
    Call,
    EventBus,
    EventRule,
    EventTarget,
    Function,
    HealthCheck,
    LonelyTable,
    Machine,
    Miscount,
    Record,
    RecoveryTime,
    StatusTest,
    Topic,
)
from megalint.project.linked import Linker, Project

Events = Alarm | EventRule | EventTarget | EventBus
Fact = HealthCheck | Record | Events | Function | StatusTest | Miscount | AliasTtl | BlockedCheck


def _link(project: Project) -> Iterator[Fact]:
    checkout = project.checkout
    yield from dns.health_checks(checkout)
    yield from dns.records(checkout)
    yield from events.alarms(checkout)
    yield from events.rules(checkout)
    yield from events.targets(checkout)
    yield from events.buses(checkout)
    yield from functions.functions(checkout)
    yield from scripts.status_tests(checkout)
    yield from scripts.miscounts(checkout)
    yield from aliases.alias_ttls(checkout)
    yield from reach.blocked_checks(checkout)


def _calls(project: Project) -> Iterator[Call]:
    yield from calls.calls(project.checkout)
    yield from integrations.calls_of_machines(project)
    yield from integrations.calls_of_targets(project)
    yield from processes.calls_of_processes(project)


LINKER = Linker(get_args(Fact), _link)
MACHINES_LINKER = Linker((Machine,), states.machines)
TOPICS_LINKER = Linker((Topic,), approval.topics)
CALLS_LINKER = Linker((Call,), _calls)
TABLES_LINKER = Linker((LonelyTable,), tables.lonely_tables)
TIME_LINKER = Linker((RecoveryTime,), recovery.recovery_time)
