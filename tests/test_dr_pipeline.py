"""Executions and topics of the checklist, on recorded answers."""

from __future__ import annotations

from typing import Any

import pytest

import failover
from checklists import (
    DENIED,
    EXECUTION,
    FAIL,
    MACHINES,
    PASS,
    TOKYO,
    UNKNOWN,
    book,
    executions,
    outcomes,
    reply,
)
from megalint.formats.failover_answers import Reply
from megalint.readiness import Outcome, pipeline


def history(*types: tuple[str, int], token: str | None = None) -> Reply:
    """Return the events, each with the one before; a task that is scheduled waits for a token."""
    events = [
        {
            "id": number,
            "previousEventId": before,
            "type": kind,
            "timestamp": "2026-01-08T10:00:05Z",
            "taskScheduledEventDetails": {"resource": "invoke.waitForTaskToken"},
        }
        for number, (kind, before) in enumerate(types, 1)
    ]
    page: dict[str, Any] = {"events": events[::-1]}
    if token is not None:
        page["nextToken"] = token
    return reply(f"{TOKYO} stepfunctions get_execution_history", EXECUTION, page)


SCHEDULED = (
    ("ExecutionStarted", 0),
    ("TaskStateEntered", 1),
    ("TaskScheduled", 2),
    ("TaskStarted", 3),
    ("TaskSubmitted", 4),
)


@pytest.mark.parametrize(
    ("replies", "id_", "outcome", "words"),
    [
        ([executions("SUCCEEDED")], "last-execution", PASS, "the last one succeeded"),
        (
            [executions("TIMED_OUT")],
            "last-execution",
            FAIL,
            "the last one ended as TIMED_OUT (2026-01-08T10:20:00)",
        ),
        (
            [
                executions("FAILED"),
                reply(
                    f"{TOKYO} stepfunctions describe_execution",
                    EXECUTION,
                    {"error": "Lambda.Unknown", "cause": "no\nplace"},
                ),
            ],
            "last-execution",
            FAIL,
            "the last one ended as FAILED (2026-01-08T10:20:00): Lambda.Unknown: no place",
        ),
        ([executions()], "last-execution", UNKNOWN, "it was never executed"),
        (
            [reply(f"{TOKYO} stepfunctions list_executions", failover.MACHINE_ARN, reason=DENIED)],
            "last-execution",
            UNKNOWN,
            DENIED,
        ),
        (
            [executions("RUNNING"), history(*SCHEDULED)],
            "waiting-approval",
            FAIL,
            "execution e1 waits for an approval since 2026-01-08T10:00:05",
        ),
        (
            [executions("RUNNING"), history(*SCHEDULED, ("TaskSucceeded", 5))],
            "waiting-approval",
            PASS,
            "one runs since 2026-01-08T10:00:00, and waits for nobody",
        ),
        (
            [executions("RUNNING"), history(("TaskStateEntered", 1), token="more")],
            "waiting-approval",
            UNKNOWN,
            "one runs since 2026-01-08T10:00:00; its history is too long to be read as a whole",
        ),
        (
            [
                executions("RUNNING"),
                reply(f"{TOKYO} stepfunctions get_execution_history", EXECUTION, reason=DENIED),
            ],
            "waiting-approval",
            UNKNOWN,
            f"one runs since 2026-01-08T10:00:00; {DENIED}",
        ),
    ],
)
def test_executions(replies: list[Reply], id_: str, outcome: Outcome, words: str) -> None:
    ((found, said),) = outcomes(list(pipeline.items(book(MACHINES, *replies))), id_)

    assert (found, said[: len(words)]) == (outcome, words)


def test_express_machine_keeps_no_executions() -> None:
    express = reply(
        f"{TOKYO} stepfunctions describe_state_machine", failover.MACHINE_ARN, {"type": "EXPRESS"}
    )
    refused = reply(f"{TOKYO} stepfunctions list_executions", failover.MACHINE_ARN, reason="no")

    ((found, _),) = outcomes(
        list(pipeline.items(book(MACHINES, express, refused))), "last-execution"
    )
    assert found is UNKNOWN


@pytest.mark.parametrize(
    ("arns", "outcome", "words"),
    [
        (["arn:aws:sns:x:1:t:1", "arn:aws:sns:x:1:t:2"], PASS, "2 confirmed (email)"),
        (["PendingConfirmation"], UNKNOWN, "none is confirmed, and the rule"),
        ([], FAIL, "it has no subscription"),
        (
            ["arn:aws:sns:x:1:t:1", "PendingConfirmation"],
            FAIL,
            "1 of 2 wait for their confirmation",
        ),
    ],
)
def test_subscriptions(arns: list[str], outcome: Outcome, words: str) -> None:
    held = [
        {"SubscriptionArn": one, "Protocol": "email", "Endpoint": "a@example.com"} for one in arns
    ]
    asked = reply(
        f"{TOKYO} sns list_subscriptions_by_topic", failover.TOPIC_ARN, {"Subscriptions": held}
    )

    ((found, said),) = outcomes(list(pipeline.items(book(asked))), "subscriptions")
    assert (found, said[: len(words)]) == (outcome, words)
