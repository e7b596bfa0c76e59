"""The checklist of ``megalint dr`` on recorded answers: what passes, what fails, what is not known."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import failover
import seeds
from megalint.cli import main
from megalint.cli.dr import FORMATS
from megalint.finding import Severity
from megalint.formats.aws_answers import ForeignAnswer
from megalint.formats.failover_answers import Book, Reply, loaded, written
from megalint.readiness import Item, Outcome, data, detection, dns, forwarding, pipeline, standby
from megalint.readiness.patterns import alarm_event, matches
from trees import write_tree

SEOUL, TOKYO, GLOBAL = failover.PRIMARY, failover.RECOVERY, failover.GLOBAL
AFTER = Path(__file__).parent.parent / "fixtures" / "projects" / "megaticket" / "after"
ALARM_ARN = f"arn:aws:cloudwatch:{GLOBAL}:{failover.ACCOUNT}:alarm:{failover.ALARM}"
ROLE_ARN = f"arn:aws:iam::{failover.ACCOUNT}:role/{failover.ROLE}"
DENIED = "denied (AccessDenied): megalint dr --print-policy prints what is needed"
PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.NOT_CHECKED


def reply(
    where: str, about: str = "", *pages: dict[str, Any], reason: str = "", **more: Any
) -> Reply:
    region, service, operation = where.split()
    return Reply(region, service, operation, about, pages, reason, **more)


def book(*replies: Reply) -> Book:
    return Book(failover.ACCOUNT, SEOUL, TOKYO, replies)


def outcomes(items: list[Item], id_: str) -> list[tuple[Outcome, str]]:
    return [(one.outcome, one.words) for one in items if one.id == id_]


# --- health checks and alarms ----------------------------------------------------------------


def check(**config: Any) -> Reply:
    return reply(
        f"{GLOBAL} route53 list_health_checks",
        "",
        {"HealthChecks": [{"Id": "hc-1", "HealthCheckConfig": {"Type": "HTTPS", **config}}]},
    )


def observed(*statuses: str) -> Reply:
    found = [{"StatusReport": {"Status": one}} for one in statuses]
    where = f"{GLOBAL} route53 get_health_check_status"
    return reply(where, "hc-1", {"HealthCheckObservations": found})


GOOD = "Success: HTTP Status Code 200, OK"
BAD = "Failure: Connection timed out. The endpoint or the internet connection is down."


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


def alarm(state: str = "OK", **more: Any) -> Reply:
    one = {
        "AlarmName": failover.ALARM,
        "AlarmArn": ALARM_ARN,
        "Namespace": "AWS/Route53",
        "Dimensions": [{"Name": "HealthCheckId", "Value": "hc-1"}],
        "StateValue": state,
        **more,
    }
    return reply(f"{GLOBAL} cloudwatch describe_alarms", "", {"MetricAlarms": [one]})


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


# --- from the alarm to the state machine -----------------------------------------------------


def rule(region: str, bus: str, name: str, state: str = "ENABLED", pattern: Any = None) -> Reply:
    text = json.dumps(failover.PATTERN if pattern is None else pattern)
    one = {"Name": name, "State": state, "EventPattern": text, "EventBusName": bus}
    return reply(f"{region} events list_rules", bus, {"Rules": [one]})


def targets(region: str, bus: str, name: str, *held: dict[str, Any]) -> Reply:
    return reply(f"{region} events list_targets_by_rule", f"{bus}/{name}", {"Targets": list(held)})


def role(
    trusted: dict[str, Any] = failover.TRUST, allowed: dict[str, Any] = failover.MAY_PUT
) -> list[Reply]:
    name = failover.ROLE
    return [
        reply(f"{GLOBAL} iam get_role", name, {"Role": {"AssumeRolePolicyDocument": trusted}}),
        reply(f"{GLOBAL} iam list_role_policies", name, {"PolicyNames": ["send"]}),
        reply(f"{GLOBAL} iam get_role_policy", f"{name}/send", {"PolicyDocument": allowed}),
        reply(f"{GLOBAL} iam list_attached_role_policies", name, {"AttachedPolicies": []}),
    ]


NEAR = rule(GLOBAL, "default", failover.OBSERVING)
TO_TOKYO = targets(
    GLOBAL,
    "default",
    failover.OBSERVING,
    {"Id": "Tokyo", "Arn": failover.BUS_ARN, "RoleArn": ROLE_ARN},
)
FAR = rule(TOKYO, failover.BUS, failover.STARTING)
TO_MACHINE = targets(TOKYO, failover.BUS, failover.STARTING, {"Arn": failover.MACHINE_ARN})


def buses(policy: dict[str, Any] | None = None, arn: str = failover.BUS_ARN) -> Reply:
    one = {
        "Name": failover.BUS,
        "Arn": arn,
        **({} if policy is None else {"Policy": json.dumps(policy)}),
    }
    return reply(f"{TOKYO} events list_event_buses", "", {"EventBuses": [one]})


CHAIN = (alarm(), NEAR, TO_TOKYO, *role(), buses(), FAR, TO_MACHINE)


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


# --- executions and topics -------------------------------------------------------------------

EXECUTION = f"arn:aws:states:{TOKYO}:{failover.ACCOUNT}:execution:{failover.MACHINE}:e1"
MACHINES = reply(
    f"{TOKYO} stepfunctions list_state_machines",
    "",
    {"stateMachines": [{"stateMachineArn": failover.MACHINE_ARN}]},
)


def executions(*statuses: str) -> Reply:
    held = [
        {
            "executionArn": EXECUTION,
            "status": one,
            "startDate": "2026-01-08T10:00:00Z",
            "stopDate": "2026-01-08T10:20:00Z",
        }
        for one in statuses
    ]
    return reply(
        f"{TOKYO} stepfunctions list_executions", failover.MACHINE_ARN, {"executions": held}
    )


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
        (["PendingConfirmation"], FAIL, "nobody has confirmed a subscription"),
        ([], FAIL, "nobody has confirmed a subscription"),
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


# --- what takes over -------------------------------------------------------------------------


def group(desired: int = 0, most: int = 4, ready: int = 0, **more: Any) -> Reply:
    machines = [{"LifecycleState": "InService", "HealthStatus": "Healthy"}] * ready
    one = {
        "AutoScalingGroupName": "web",
        "DesiredCapacity": desired,
        "MaxSize": most,
        "Instances": machines,
        **more,
    }
    return reply(
        f"{TOKYO} autoscaling describe_auto_scaling_groups", "", {"AutoScalingGroups": [one]}
    )


@pytest.mark.parametrize(
    ("found", "outcome", "words"),
    [
        (group(), PASS, "0 in service, 0 wanted, 4 at most"),
        (group(most=0), FAIL, "its maximum is 0"),
        (group(MaxSize=None), UNKNOWN, "its maximum is not in the answer"),
        (group(desired=2, ready=1), FAIL, "1 of 2 machines are in service"),
        (
            group(SuspendedProcesses=[{"ProcessName": "Launch"}]),
            FAIL,
            "its process Launch is suspended",
        ),
    ],
)
def test_capacity(found: Reply, outcome: Outcome, words: str) -> None:
    ((own, said),) = outcomes(list(standby.items(book(found), None)), "capacity")

    assert (own, said[: len(words)]) == (outcome, words)


@pytest.mark.parametrize(
    ("states", "desired", "outcome", "words"),
    [
        (["healthy", "healthy"], 2, PASS, "2 of 2 healthy"),
        (["healthy", "unhealthy"], 2, FAIL, "1 of 2 healthy; the others: unhealthy"),
        (["healthy", "initial"], 2, UNKNOWN, "1 of 2 healthy; the others: initial"),
        ([], 2, FAIL, "it has no targets, though its region wants 2 machines"),
        ([], 0, UNKNOWN, "it has no targets: no machine is wanted before the failover"),
    ],
)
def test_targets(states: list[str], desired: int, outcome: Outcome, words: str) -> None:
    groups = reply(
        f"{TOKYO} elbv2 describe_target_groups",
        "",
        {"TargetGroups": [{"TargetGroupArn": "arn", "TargetGroupName": "app"}]},
    )
    health = [{"TargetHealth": {"State": one}} for one in states]
    asked = reply(
        f"{TOKYO} elbv2 describe_target_health", "arn", {"TargetHealthDescriptions": health}
    )

    found = outcomes(
        list(standby.items(book(groups, asked, group(desired, ready=desired)), None)),
        "target-health",
    )
    assert found == [(outcome, words)]


def test_primary_region_that_is_ill_is_told() -> None:
    ringing = reply(
        f"{SEOUL} cloudwatch describe_alarms",
        "",
        {"MetricAlarms": [{"AlarmName": "5xx", "StateValue": "ALARM"}]},
    )

    (found,) = outcomes(list(standby.primary(book(ringing))), "primary-alarms")
    assert found == (FAIL, "in ALARM: 5xx")


# --- data ------------------------------------------------------------------------------------


def table(region: str, *replicas: tuple[str, str]) -> list[Reply]:
    held = [{"RegionName": name, "ReplicaStatus": status} for name, status in replicas]
    return [
        reply(f"{region} dynamodb list_tables", "", {"TableNames": ["orders"]}),
        reply(f"{region} dynamodb describe_table", "orders", {"Table": {"Replicas": held}}),
        reply(f"{region} dynamodb describe_global_table", "orders", is_absent=True),
    ]


def no_tables(region: str) -> Reply:
    return reply(f"{region} dynamodb list_tables", "", {"TableNames": []})


OLD = reply(
    f"{TOKYO} dynamodb describe_global_table",
    "orders",
    {
        "GlobalTableDescription": {
            "ReplicationGroup": [{"RegionName": TOKYO}, {"RegionName": SEOUL}]
        }
    },
)


@pytest.mark.parametrize(
    ("replies", "outcome", "words"),
    [
        (
            [*table(TOKYO, (SEOUL, "ACTIVE")), *table(SEOUL, (TOKYO, "ACTIVE"))],
            PASS,
            f"its replica in {SEOUL} is active",
        ),
        ([*table(TOKYO, (SEOUL, "CREATING"))], FAIL, f"its replica in {SEOUL} is CREATING"),
        ([*table(SEOUL), no_tables(TOKYO)], FAIL, f"it has no replica in {TOKYO}"),
        ([*table(TOKYO), no_tables(SEOUL)], FAIL, f"it is in {TOKYO} only"),
        (
            [*table(TOKYO), *table(SEOUL)],
            FAIL,
            f"{SEOUL} and {TOKYO} each have a table of that name",
        ),
        ([OLD, *table(TOKYO), *table(SEOUL)], PASS, "a global table of 2017"),
        ([reply(f"{TOKYO} dynamodb describe_table", "orders", reason=DENIED)], UNKNOWN, DENIED),
    ],
)
def test_tables(replies: list[Reply], outcome: Outcome, words: str) -> None:
    found = [one for one in data.items(book(*replies)) if one.id == "table-replica" and one.subject]
    ((own, said),) = outcomes(found, "table-replica")

    assert (own, said[: len(words)]) == (outcome, words)


def test_regions_whose_tables_are_not_known_pass_nothing() -> None:
    found = outcomes(list(data.items(book())), "table-replica")

    assert {one for one, _ in found} == {UNKNOWN}
    assert all(words.endswith("not asked") for _, words in found[:2])


def bucket(status: str = "Enabled", place: str | None = TOKYO) -> list[Reply]:
    rule = {"Status": status, "Destination": {"Bucket": "arn:aws:s3:::copy"}}
    found = [
        reply(f"{SEOUL} s3 list_buckets", "", {"Buckets": [{"Name": "posters"}]}),
        reply(
            f"{SEOUL} s3 get_bucket_replication",
            "posters",
            {"ReplicationConfiguration": {"Rules": [rule]}},
        ),
    ]
    if place is not None:
        found.append(
            reply(f"{SEOUL} s3 get_bucket_location", "copy", {"LocationConstraint": place})
        )
    return found


@pytest.mark.parametrize(
    ("replies", "outcome", "words"),
    [
        (bucket(), PASS, f"replicated to copy in {TOKYO}"),
        (bucket("Disabled"), FAIL, "its rules of replication are switched off"),
        (bucket(place="eu-west-1"), FAIL, f"replicated to eu-west-1/copy, not to {TOKYO}"),
        (bucket(place=None), UNKNOWN, "not known where copy is"),
        (
            [bucket()[0], reply(f"{SEOUL} s3 get_bucket_replication", "posters", is_absent=True)],
            FAIL,
            f"what {SEOUL} replicates nowhere: posters",
        ),
        (
            [bucket()[0], reply(f"{SEOUL} s3 get_bucket_replication", "posters", reason=DENIED)],
            UNKNOWN,
            DENIED,
        ),
    ],
)
def test_buckets(replies: list[Reply], outcome: Outcome, words: str) -> None:
    ((own, said),) = outcomes(list(data.items(book(*replies))), "bucket-replication")

    assert (own, said) == (outcome, words)


# --- DNS -------------------------------------------------------------------------------------


def records(*held: dict[str, Any]) -> Book:
    named = [{"Name": "www.example.com.", "Type": "A", **one} for one in held]
    return book(
        reply(
            f"{GLOBAL} route53 list_hosted_zones", "", {"HostedZones": [{"Id": "/hostedzone/Z1"}]}
        ),
        reply(
            f"{GLOBAL} route53 list_resource_record_sets",
            "/hostedzone/Z1",
            {"ResourceRecordSets": named},
        ),
    )


def alias(role: str, region: str, **more: Any) -> dict[str, Any]:
    target = {"DNSName": f"alb-1.{region}.elb.amazonaws.com", "EvaluateTargetHealth": True}
    return {"Failover": role, "AliasTarget": target, **more}


def test_pair_of_records_passes() -> None:
    found = list(dns.items(records(alias("PRIMARY", SEOUL), alias("SECONDARY", TOKYO))))

    assert {one.outcome for one in found} == {PASS}
    assert len(outcomes(found, "record-ttl")) == 2


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ([alias("PRIMARY", SEOUL)], "it has no SECONDARY record"),
        (
            [alias("PRIMARY", SEOUL), alias("SECONDARY", SEOUL)],
            f"SECONDARY is alb-1.{SEOUL}.elb.amazonaws.com: that is in {SEOUL}, too",
        ),
        (
            [
                {"Failover": "PRIMARY", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]},
                alias("SECONDARY", TOKYO),
            ],
            "PRIMARY follows no health check: it is never switched",
        ),
    ],
)
def test_pair_that_does_not_switch(held: list[dict[str, Any]], words: str) -> None:
    failed = [one.words for one in dns.items(records(*held)) if one.outcome is FAIL]

    assert failed == [words]


def test_long_ttl_is_mended_by_the_whole_record() -> None:
    record = {
        "SetIdentifier": "a",
        "HealthCheckId": "hc-1",
        "TTL": 300,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }
    (item,) = dns.items(records(record))
    words = shlex.split(item.command)
    change = json.loads(words[words.index("--change-batch") + 1])

    assert item.outcome is FAIL
    assert change["Changes"][0]["ResourceRecordSet"] == {
        "Name": "www.example.com.",
        "Type": "A",
        **record,
        "TTL": 60,
    }


# --- the command -----------------------------------------------------------------------------


def whole() -> Book:
    return book(check(), observed(GOOD), *CHAIN, MACHINES, executions("SUCCEEDED"), *bucket())


def dr(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["dr", "--repo", str(AFTER), *arguments])


@pytest.fixture
def saved(tmp_path: Path) -> str:
    return str(write_tree(tmp_path, {"answers.json": written(whole())}) / "answers.json")


def test_book_survives_its_file() -> None:
    text = written(whole())

    assert loaded([("answers.json", text)], SEOUL, TOKYO) == whole()


@pytest.mark.parametrize("name", FORMATS)
def test_formats(saved: str, name: str) -> None:
    result = dr("--from", saved, "--format", name)

    assert result.exit_code == 0, result.stderr
    assert failover.ALARM in result.stdout
    assert ("skipped" if name == "junit" else "not checked") in result.stdout


def test_json(saved: str) -> None:
    found = json.loads(dr("--from", saved, "--format", "json").stdout)
    counts = {"pass": 0, "fail": 0, "not checked": 0}
    for one in found["items"]:
        counts[one["outcome"]] += 1

    assert found["version"] == 1
    assert (found["primary"], found["recovery"]) == (SEOUL, TOKYO)
    assert found["summary"] == {
        "pass": counts["pass"],
        "fail": 0,
        "not_checked": counts["not checked"],
    }


def test_junit_skips_what_was_not_looked_at(tmp_path: Path) -> None:
    path = write_tree(tmp_path, {"a.json": written(book(check(), observed(BAD)))}) / "a.json"
    suite = ElementTree.fromstring(dr("--from", str(path), "--format", "junit").stdout)[0]

    assert suite.get("failures") == "1"
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped", "0")) > 5
    assert len(suite.findall("testcase")) == int(suite.get("tests", "0"))


@pytest.mark.parametrize(
    ("held", "arguments", "code"),
    [
        (whole(), (), 0),
        (book(check(), observed(BAD)), (), 1),
        (book(check(), observed(BAD)), ("--exit-zero",), 0),
        (book(check(), observed(BAD)), ("--fail-on", "never"), 0),
        (book(reply(f"{GLOBAL} route53 list_health_checks", reason=DENIED)), (), 3),
        (book(reply(f"{GLOBAL} route53 list_health_checks", reason=DENIED)), ("--exit-zero",), 3),
    ],
)
def test_exit_codes(tmp_path: Path, held: Book, arguments: tuple[str, ...], code: int) -> None:
    path = write_tree(tmp_path, {"answers.json": written(held)}) / "answers.json"
    result = dr("--from", str(path), *arguments)

    assert result.exit_code == (1 if code == 0 and held != whole() and not arguments else code)
    if code == 3:
        assert f"not checked: route53 list_health_checks: {DENIED}" in result.stderr


def test_only_what_is_called_so(saved: str) -> None:
    items = json.loads(dr("--from", saved, "--format", "json", "--name", "MegaTicket-*").stdout)[
        "items"
    ]

    assert {one["subject"] for one in items if one["subject"]} == {failover.ALARM}


def test_answers_of_the_aws_cli_are_read(tmp_path: Path) -> None:
    answers: dict[str, Any] = {
        "checks.json": check().pages[0],
        "status.hc-1.json": observed(GOOD).pages[0],
        "alarms.json": alarm().pages[0],
        "rule.json": {
            "Name": failover.OBSERVING,
            "Arn": f"arn:aws:events:{GLOBAL}:1:rule/x",
            "State": "ENABLED",
            "EventPattern": json.dumps(failover.PATTERN),
            "EventBusName": "default",
        },
        f"targets.{failover.OBSERVING}.json": {
            "Targets": [{"Id": "1", "Arn": failover.BUS_ARN, "RoleArn": ROLE_ARN}]
        },
        "buses.json": buses().pages[0],
        "executions.json": {
            "executions": [
                {
                    **executions("FAILED").pages[0]["executions"][0],
                    "stateMachineArn": failover.MACHINE_ARN,
                }
            ]
        },
        "subscriptions.json": {
            "Subscriptions": [
                {
                    "SubscriptionArn": "PendingConfirmation",
                    "Protocol": "email",
                    "TopicArn": failover.TOPIC_ARN,
                }
            ]
        },
        "groups.json": {
            "AutoScalingGroups": [
                {**one, "MaxSize": 4} for one in seeds.answers()[3]["AutoScalingGroups"]
            ]
        },
        "versions.json": seeds.answers()[0],
    }
    folder = write_tree(tmp_path, {name: json.dumps(one) for name, one in answers.items()})

    result = dr("--from", str(folder), "--format", "json")
    found = {(one["id"], one["outcome"]) for one in json.loads(result.stdout)["items"]}

    assert found >= {
        ("health-check", "pass"),
        ("alarm", "pass"),
        ("alarm-rule", "pass"),
        ("cross-region-target", "pass"),
        ("cross-region-role", "not checked"),
        ("bus-policy", "pass"),
        ("last-execution", "fail"),
        ("subscriptions", "fail"),
        ("capacity", "pass"),
        ("referrer-pins-stale-version", "fail"),
    }
    assert result.exit_code == 1


@pytest.mark.parametrize("text", ['{"Vpcs": []}', "nothing", "[1]", '{"tool": "megalint dr"}'])
def test_foreign_file_is_named(text: str) -> None:
    with pytest.raises(ForeignAnswer, match=r"vpcs\.json"):
        loaded([("vpcs.json", text)], SEOUL, TOKYO)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--region", SEOUL), "cannot take over for itself"),
        (("--region", "cn-north-1"), "only the partition aws is known"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], words: str) -> None:
    result = dr(*arguments)

    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_names_in_the_account_are_text_and_nothing_else(name: str, tmp_path: Path) -> None:
    evil = "</h2><script>alert(1)</script> @team \x1b[31m\x9b\u202e\uffff"
    held = book(check(FullyQualifiedDomainName=evil), observed(f"Failure: {evil}"))
    path = write_tree(tmp_path, {"answers.json": written(held)}) / "answers.json"

    text = dr("--from", str(path), "--format", name).stdout

    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    if name in {"html", "markdown"}:
        assert "<script>alert" not in text
    if name == "markdown":
        assert "<code>@team</code>" in text
    if name == "junit":
        ElementTree.fromstring(text)


def test_page_names_every_item(saved: str) -> None:
    page = (AFTER.parents[3] / "docs" / "dr.md").read_text(encoding="utf-8")
    items = json.loads(dr("--from", saved, "--format", "json").stdout)["items"]
    shown = {one["id"] for one in items if one["stage"] != "by_hand"}

    assert len(shown) > 15
    assert [one for one in sorted(shown) if f"`{one}`" not in page] == []
    assert [key for key in items[0] if f"`{key}`" not in page] == []
