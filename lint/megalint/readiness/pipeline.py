"""State machines: how they ended last, whether one waits for somebody, and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from megalint.finding import Severity
from megalint.formats.aws_answers import Answer
from megalint.formats.failover_answers import Book
from megalint.readiness import Item, Stage, Told
from megalint.readiness.commands import aws
from megalint.report import Report
from megalint.secrets import masked_line

_TOLD: Final = Told(Stage.PIPELINE)
_LAST: Final = "last-execution"
_APPROVAL: Final = "waiting-approval"
_TOPIC: Final = "subscriptions"
_ENDS: Final = frozenset({"TaskSucceeded", "TaskFailed", "TaskTimedOut", "ActivitySucceeded"})
_LONGEST: Final = 160


def items(book: Book, audit: Report | None = None) -> Iterator[Item]:
    """Yield items for the state machines that rules start, or for all, then for the topics.

    *audit* is what the rules found of these.
    """
    region = book.recovery
    known = book.items(region, "stepfunctions", "list_state_machines", "stateMachines")
    asked = [one for one in book.replies if one.operation == "list_executions"]
    if known is None and not asked:
        why = book.why(region, "stepfunctions", "list_state_machines")
        command = aws(f"stepfunctions list-state-machines --region {region}")
        yield _TOLD.unchecked(_LAST, "", why, command)
    elif not asked:
        words = f"there is no state machine in {region}: nothing runs the failover"
        yield _TOLD.unchecked(_LAST, "", words)
    for one in asked:
        yield from _machine(book, one.about)
    yield from _topics(book, audit)


# --- executions ----------------------------------------------------------------------------


def _machine(book: Book, arn: str) -> Iterator[Item]:
    region, name = book.recovery, arn.rpartition(":")[2]
    look = aws(f"stepfunctions list-executions --state-machine-arn {arn} --region {region}")
    about = book.one(region, "stepfunctions", "describe_state_machine", arn)
    if about is not None and about.get("type") == "EXPRESS":
        yield _TOLD.unchecked(_LAST, name, "an Express state machine keeps no executions")
        return
    found = book.items(region, "stepfunctions", "list_executions", "executions", arn)
    if found is None:
        why = book.why(region, "stepfunctions", "list_executions", arn)
        yield _TOLD.unchecked(_LAST, name, why, look)
        return
    ended = next((one for one in found if one.get("status") != "RUNNING"), None)
    if not found:
        yield _TOLD.unchecked(_LAST, name, "it was never executed", look)
    elif ended is not None:
        yield _ended(book, name, ended)
    for one in found:
        if one.get("status") == "RUNNING":
            yield _running(book, name, one)


def _ended(book: Book, name: str, execution: Answer) -> Item:
    status, when = str(execution.get("status")), _time(execution.get("stopDate"))
    arn, region = str(execution.get("executionArn")), book.recovery
    if status == "SUCCEEDED":
        return _TOLD.good(_LAST, name, f"the last one succeeded ({when})")
    told = book.one(region, "stepfunctions", "describe_execution", arn) or {}
    cause = ": ".join(str(told[key]) for key in ("error", "cause") if told.get(key))
    words = f"the last one ended as {status} ({when})"
    if cause:
        words = f"the last one ended as {status} ({when}): {_shortened(cause)}"
    command = aws(
        f"stepfunctions get-execution-history --execution-arn {arn} --reverse-order"
        f" --max-items 10 --region {region}"
    )
    return _TOLD.bad(_LAST, name, words, command)


def _running(book: Book, name: str, execution: Answer) -> Item:
    arn, region = str(execution.get("executionArn")), book.recovery
    since = _time(execution.get("startDate"))
    look = aws(f"stepfunctions get-execution-history --execution-arn {arn} --region {region}")
    events = book.items(region, "stepfunctions", "get_execution_history", "events", arn)
    if events is None:
        why = book.why(region, "stepfunctions", "get_execution_history", arn)
        return _TOLD.unchecked(_APPROVAL, name, f"one runs since {since}; {why}", look)
    waiting = list(waits(events))
    history = book.one(region, "stepfunctions", "get_execution_history", arn) or {}
    if not waiting and history.get("nextToken"):
        words = f"one runs since {since}; its history is too long to be read as a whole"
        return _TOLD.unchecked(_APPROVAL, name, words, look)
    if not waiting:
        return _TOLD.good(_APPROVAL, name, f"one runs since {since}, and waits for nobody")
    command = aws(
        "stepfunctions send-task-success --task-token TOKEN"
        f" --task-output '{{\"approved\": true}}' --region {region}"
    )
    since = _time(waiting[0].get("timestamp"))
    words = f"execution {arn.rpartition(':')[2]} waits for an approval since {since}"
    return _TOLD.bad(_APPROVAL, name, words, command, Severity.WARNING)


def waits(events: list[Answer]) -> Iterator[Answer]:
    """Yield the events that handed a task token to somebody who has not answered."""
    known = {int(one["id"]): one for one in events}
    answered = {
        scheduled
        for one in events
        if one.get("type") in _ENDS
        for scheduled in _before(known, int(one["id"]))
    }
    for key in sorted(known):
        details = known[key].get("taskScheduledEventDetails") or {}
        is_token = str(details.get("resource", "")).endswith("waitForTaskToken")
        if known[key].get("type") == "TaskScheduled" and is_token and key not in answered:
            yield known[key]


def _before(known: Mapping[int, Answer], key: int) -> Iterator[int]:
    """Yield the ids of the events that led to one, back to where its task was scheduled."""
    while key in known:
        if known[key].get("type") == "TaskScheduled":
            yield key
            return
        key = int(known[key].get("previousEventId") or 0)


# --- topics --------------------------------------------------------------------------------


def _topics(book: Book, audit: Report | None) -> Iterator[Item]:
    region = book.recovery
    found = {one.data.arn: one for one in (() if audit is None else audit.findings)}
    asked = [one for one in book.replies if one.operation == "list_subscriptions_by_topic"]
    if not asked:
        known = book.items(region, "sns", "list_topics", "Topics")
        why = (
            book.why(region, "sns", "list_topics")
            if known is None
            else f"there is no topic in {region}"
        )
        yield _TOLD.unchecked(_TOPIC, "", why, aws(f"sns list-topics --region {region}"))
    for one in asked:
        finding = found.get(one.about)
        if finding is None:
            yield _topic(book, one.about)
        else:
            name = one.about.rpartition(":")[2]
            yield _TOLD.found(finding, name, _subscribe(one.about, region))


def _subscribe(arn: str, region: str) -> str:
    return aws(
        f"sns subscribe --topic-arn {arn} --protocol email --notification-endpoint ADDRESS"
        f" --region {region}"
    )


def _topic(book: Book, arn: str) -> Item:
    region, name = book.recovery, arn.rpartition(":")[2]
    found = book.items(region, "sns", "list_subscriptions_by_topic", "Subscriptions", arn)
    if found is None:
        why = book.why(region, "sns", "list_subscriptions_by_topic", arn)
        command = aws(f"sns list-subscriptions-by-topic --topic-arn {arn} --region {region}")
        return _TOLD.unchecked(_TOPIC, name, why, command)
    confirmed = [one for one in found if str(one.get("SubscriptionArn")).startswith("arn:")]
    waiting = [one for one in found if one.get("SubscriptionArn") == "PendingConfirmation"]
    again = _subscribe(arn, region)
    if not confirmed and waiting:
        words = "none is confirmed, and the rule that tells of it was not run"
        return _TOLD.unchecked(_TOPIC, name, words, again)
    if not confirmed:
        words = "it has no subscription: an approval reaches nobody"
        return _TOLD.bad(_TOPIC, name, words, again)
    if waiting:
        late, total = len(waiting), len(found)
        words = f"{late} of {total} wait for their confirmation; they are deleted after 3 days"
        return _TOLD.bad(_TOPIC, name, words, again, Severity.WARNING)
    kinds = ", ".join(sorted({str(one.get("Protocol")) for one in confirmed}))
    return _TOLD.good(_TOPIC, name, f"{len(confirmed)} confirmed ({kinds})")


def _time(value: Any) -> str:
    return str(value or "")[:19].replace(" ", "T")


def _shortened(text: str) -> str:
    line = masked_line(" ".join(text.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
