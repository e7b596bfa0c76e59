"""Recorded answers about a failover, as tests put them together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import failover
from megalint.formats.failover_answers import Book, Reply
from megalint.readiness import Item, Outcome

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
