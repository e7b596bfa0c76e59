"""Health checks and alarms of the checklist, on recorded answers."""

from __future__ import annotations

from typing import Any

import pytest

from checklists import (
    BAD,
    DENIED,
    FAIL,
    GLOBAL,
    GOOD,
    PASS,
    UNKNOWN,
    alarm,
    book,
    check,
    observed,
    outcomes,
    reply,
)
from megalint.formats.failover_answers import Reply
from megalint.readiness import Outcome, detection


@pytest.mark.parametrize(
    ("statuses", "config", "outcome", "words"),
    [
        ([GOOD, GOOD], {}, PASS, "healthy: 2 of 2 checkers reach it"),
        ([GOOD, BAD], {}, PASS, "healthy: 1 of 2 checkers reach it"),
        ([BAD] * 9 + [GOOD], {}, FAIL, f"unhealthy: 1 of 10 checkers reach it; {BAD}"),
        ([GOOD], {"Inverted": True}, FAIL, "unhealthy: 1 of 1 checkers reach it"),
        ([BAD], {"Inverted": True}, PASS, "healthy: 0 of 1 checkers reach it"),
        ([GOOD], {"Disabled": True}, FAIL, "disabled: Route 53 takes it for healthy"),
        ([GOOD, "Unknown"], {}, UNKNOWN, "a checker says: Unknown"),
        ([], {}, UNKNOWN, "no checker reports"),
        ([], {"Type": "CALCULATED"}, UNKNOWN, "it has no checkers of its own (CALCULATED)"),
    ],
)
def test_health_check(
    statuses: list[str], config: dict[str, Any], outcome: Outcome, words: str
) -> None:
    (found, said) = outcomes(
        list(detection.items(book(check(**config), observed(*statuses)))), "health-check"
    )[0]

    assert found is outcome
    assert said.startswith(words)


@pytest.mark.parametrize(
    ("found", "outcome", "words"),
    [
        (alarm(), PASS, "OK"),
        (
            alarm("ALARM", StateUpdatedTimestamp="2026-01-08T10:00:00Z"),
            FAIL,
            "in ALARM since 2026-01-08T10:00:00",
        ),
        (alarm("INSUFFICIENT_DATA"), FAIL, "INSUFFICIENT_DATA: it has no data to ring on"),
        (alarm(AlarmActions=["arn"], ActionsEnabled=False), FAIL, "its actions are switched off"),
        (alarm(ActionsEnabled=False), PASS, "OK"),
        (
            alarm(Dimensions=[{"Name": "HealthCheckId", "Value": "hc-9"}]),
            FAIL,
            "it watches hc-9: there is no such health check",
        ),
        (alarm(Namespace="AWS/EC2"), FAIL, "no alarm of us-east-1 watches a health check"),
        (reply(f"{GLOBAL} cloudwatch describe_alarms", reason=DENIED), UNKNOWN, DENIED),
    ],
)
def test_alarm(found: Reply, outcome: Outcome, words: str) -> None:
    ((own, said),) = outcomes(list(detection.items(book(check(), observed(GOOD), found))), "alarm")

    assert own is outcome
    assert said.startswith(words)
