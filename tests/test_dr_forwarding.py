"""The way from the alarm to the state machine, on recorded answers."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

import failover
from checklists import (
    ALARM_ARN,
    CHAIN,
    DENIED,
    FAIL,
    GLOBAL,
    PASS,
    ROLE_ARN,
    TOKYO,
    UNKNOWN,
    alarm,
    book,
    buses,
    outcomes,
    reply,
    role,
    rule,
    targets,
)
from megalint.finding import Severity
from megalint.formats.failover_answers import Reply
from megalint.readiness import Item, forwarding
from megalint.readiness.patterns import alarm_event, matches


def chain(*changed: Reply) -> list[Item]:
    """Return the items of the whole chain with some replies in the place of others."""
    keys = {(one.region, one.service, one.operation, one.about) for one in changed}
    kept = [one for one in CHAIN if (one.region, one.service, one.operation, one.about) not in keys]
    return list(forwarding.items(book(*changed, *kept)))


def test_whole_chain_passes() -> None:
    assert [(one.id, one.outcome) for one in chain()] == [
        ("alarm-rule", PASS),
        ("cross-region-target", PASS),
        ("cross-region-role", PASS),
        ("bus-policy", PASS),
        ("recovery-rule", PASS),
    ]


OTHERS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "no", "Effect": "Deny", "Principal": "*", "Action": "events:*", "Resource": "*"}
    ],
}


@pytest.mark.parametrize(
    ("changed", "id_", "words", "command"),
    [
        (
            [rule(GLOBAL, "default", failover.OBSERVING, "DISABLED")],
            "alarm-rule",
            "DISABLED: nothing is handed over",
            f"aws events enable-rule --name {failover.OBSERVING} --region us-east-1",
        ),
        (
            [rule(GLOBAL, "default", failover.OBSERVING, pattern={"source": ["aws.ec2"]})],
            "alarm-rule",
            "no rule of us-east-1 matches it",
            "aws events put-rule --name NAME --event-bus-name default --region us-east-1 --event-pattern ",
        ),
        (
            [targets(GLOBAL, "default", failover.OBSERVING)],
            "cross-region-target",
            f"it has no event bus of {TOKYO} among its targets",
            f"aws events put-targets --rule {failover.OBSERVING} --event-bus-name default --region us-east-1 --targets Id={TOKYO},Arn={failover.BUS_ARN},RoleArn=ROLE-ARN",
        ),
        (
            [targets(GLOBAL, "default", failover.OBSERVING, {"Id": "1", "Arn": failover.BUS_ARN})],
            "cross-region-role",
            "the target 1 has no role",
            "aws events put-targets",
        ),
        (
            [reply(f"{GLOBAL} iam get_role", failover.ROLE, is_absent=True)],
            "cross-region-role",
            "there is no such role",
            f"aws iam create-role --role-name {failover.ROLE}",
        ),
        (
            role(trusted={"Statement": []}),
            "cross-region-role",
            "events.amazonaws.com may not take it",
            "aws iam update-assume-role-policy",
        ),
        (
            role(allowed={"Statement": []}),
            "cross-region-role",
            "no policy of it allows events:PutEvents",
            f"aws iam put-role-policy --role-name {failover.ROLE} --policy-name put-events --policy-document ",
        ),
        (
            role(allowed=OTHERS),
            "cross-region-role",
            "a policy of it denies events:PutEvents",
            "aws iam list-attached-role-policies",
        ),
        (
            [buses(arn="arn:aws:events:ap-northeast-1:1:event-bus/other")],
            "event-bus",
            f"there is no such bus in {TOKYO}",
            f"aws events create-event-bus --name {failover.BUS} --region {TOKYO}",
        ),
        (
            [buses(OTHERS)],
            "bus-policy",
            "its policy denies events:PutEvents",
            f"aws events remove-permission --event-bus-name {failover.BUS} --region {TOKYO} --statement-id no",
        ),
        (
            [rule(TOKYO, failover.BUS, failover.STARTING, "DISABLED")],
            "recovery-rule",
            "DISABLED: nothing is started",
            f"aws events enable-rule --name {failover.STARTING} --event-bus-name {failover.BUS} --region {TOKYO}",
        ),
        (
            [rule(TOKYO, failover.BUS, failover.STARTING, pattern={"source": ["x"]})],
            "recovery-rule",
            f"no rule on it matches {failover.ALARM}",
            "aws events put-rule",
        ),
        (
            [targets(TOKYO, failover.BUS, failover.STARTING)],
            "recovery-rule",
            "it has no target",
            "aws events put-targets",
        ),
    ],
)
def test_broken_link(changed: list[Reply], id_: str, words: str, command: str) -> None:
    (item,) = (one for one in chain(*changed) if one.outcome is FAIL)

    assert item.id == id_
    assert item.words.startswith(words)
    assert item.command.startswith(command)
    assert shlex.split(item.command)


@pytest.mark.parametrize(
    ("changed", "id_", "words"),
    [
        (
            [reply(f"{GLOBAL} events list_rules", "default", reason=DENIED)],
            "alarm-rule",
            DENIED,
        ),
        (
            [
                reply(
                    f"{GLOBAL} events list_targets_by_rule",
                    f"default/{failover.OBSERVING}",
                    reason=DENIED,
                )
            ],
            "cross-region-target",
            DENIED,
        ),
        (
            [reply(f"{GLOBAL} iam get_role", failover.ROLE, reason=DENIED)],
            "cross-region-role",
            DENIED,
        ),
        (
            [reply(f"{GLOBAL} iam get_role_policy", f"{failover.ROLE}/send", reason=DENIED)],
            "cross-region-role",
            "not all of its policies could be read",
        ),
        ([reply(f"{TOKYO} events list_event_buses", reason=DENIED)], "event-bus", DENIED),
        (
            [reply(f"{TOKYO} events list_rules", failover.BUS, reason=DENIED)],
            "recovery-rule",
            DENIED,
        ),
        (
            [
                rule(
                    GLOBAL,
                    "default",
                    failover.OBSERVING,
                    pattern={"detail": {"previousState": {"value": ["OK"]}}},
                )
            ],
            "alarm-rule",
            "its pattern may or may not match the alarm",
        ),
        (
            [
                targets(
                    TOKYO, failover.BUS, failover.STARTING, {"Arn": "arn:aws:lambda:x:1:function:f"}
                )
            ],
            "recovery-rule",
            "it starts no state machine, but arn:aws:lambda:x:1:function:f",
        ),
    ],
)
def test_link_that_is_not_known(changed: list[Reply], id_: str, words: str) -> None:
    items = chain(*changed)
    (item,) = (one for one in items if one.outcome is UNKNOWN)

    assert item.id == id_
    assert item.words.startswith(words)
    assert not [one for one in items if one.outcome is FAIL]


def test_rule_may_follow_a_composite_alarm() -> None:
    composite = {
        "AlarmName": "site",
        "AlarmArn": ALARM_ARN.replace(failover.ALARM, "site"),
        "AlarmRule": f"ALARM({failover.ALARM}) AND ALARM(other)",
    }
    page = {**alarm().pages[0], "CompositeAlarms": [composite]}
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": ["site"]}}
    changed = [
        reply(f"{GLOBAL} cloudwatch describe_alarms", "", page),
        rule(GLOBAL, "default", failover.OBSERVING, pattern=pattern),
        rule(TOKYO, failover.BUS, failover.STARTING, pattern=pattern),
    ]

    assert {one.outcome for one in chain(*changed)} == {PASS}


def test_another_alarm_beside_one_that_is_followed_is_a_note() -> None:
    (first,) = alarm().pages[0]["MetricAlarms"]
    both = {"MetricAlarms": [first, {**first, "AlarmName": "dns", "AlarmArn": f"{ALARM_ARN}-2"}]}
    items = chain(reply(f"{GLOBAL} cloudwatch describe_alarms", "", both))
    (failed,) = (one for one in items if one.outcome is FAIL)

    assert (failed.subject, failed.severity) == ("dns", Severity.NOTE)


def test_alarm_that_acts_by_itself_is_not_unheard() -> None:
    acting = alarm(AlarmActions=["arn:aws:sns:us-east-1:1:on-call"])
    deaf = rule(GLOBAL, "default", failover.OBSERVING, pattern={"source": ["aws.ec2"]})
    (item,) = chain(acting, deaf)

    assert item.outcome is UNKNOWN
    assert item.words.endswith("it acts by itself: arn:aws:sns:us-east-1:1:on-call")


def test_bus_of_another_account_needs_a_policy() -> None:
    arn = f"arn:aws:events:{TOKYO}:999999999999:event-bus/{failover.BUS}"
    to_other = targets(
        GLOBAL, "default", failover.OBSERVING, {"Id": "1", "Arn": arn, "RoleArn": ROLE_ARN}
    )
    (statement,) = failover.MAY_PUT["Statement"]
    principal = {"AWS": f"arn:aws:iam::{failover.ACCOUNT}:root"}
    allowed = {"Statement": [{**statement, "Principal": principal}]}

    refused = outcomes(chain(to_other, buses(arn=arn)), "bus-policy")
    admitted = outcomes(chain(to_other, buses(allowed, arn)), "bus-policy")

    assert refused == [(FAIL, f"account {failover.ACCOUNT} may not send to it")]
    assert admitted == [(PASS, f"account {failover.ACCOUNT} may send to it")]


@pytest.mark.parametrize(
    ("pattern", "outcome"),
    [
        (failover.PATTERN, True),
        ({"source": ["aws.ec2", "aws.cloudwatch"]}, True),
        ({"source": [{"prefix": "aws."}]}, True),
        ({"detail": {"alarmName": [{"suffix": "-Alarm"}]}}, True),
        ({"detail": {"alarmName": [{"wildcard": "Mega*Alarm"}]}}, True),
        ({"detail": {"alarmName": [{"anything-but": ["other"]}]}}, True),
        ({"detail": {"alarmName": [{"anything-but": failover.ALARM}]}}, False),
        ({"detail": {"state": {"value": ["OK"]}}}, False),
        ({"resources": [ALARM_ARN]}, True),
        ({"resources": [ALARM_ARN + "x"]}, False),
        ({"detail": {"alarmName": [{"exists": True}]}}, True),
        ({"$or": [{"source": ["x"]}, {"region": [GLOBAL]}]}, True),
        ({"source": ["x"], "detail": {"previousState": {"value": ["OK"]}}}, False),
        ({"detail": {"previousState": {"value": ["OK"]}}}, None),
        ({"detail": {"alarmName": [{"cidr": "10.0.0.0/8"}]}}, None),
    ],
)
def test_pattern(pattern: dict[str, Any], outcome: bool | None) -> None:
    assert matches(json.dumps(pattern), alarm_event(failover.ALARM, ALARM_ARN)) is outcome
