"""Commands of the aws CLI that mend an item; what only people know is in capitals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from shlex import quote
from typing import Any, Final

from megalint.formats.failover_answers import GLOBAL

_VERSION: Final = "2012-10-17"
_SID: Final = "from-{0}"


def aws(words: str) -> str:
    """Return a command of the aws CLI."""
    return f"aws {words}"


def shell(words: str) -> str:
    """Return another command."""
    return words


def as_json(value: Any) -> str:
    """Return a document as one word of a command."""
    return quote(json.dumps(value, ensure_ascii=False, default=str))


def put_metric_alarm(check: str | None) -> str:
    """Return what makes an alarm on a health check."""
    return (
        f"aws cloudwatch put-metric-alarm --region {GLOBAL} --alarm-name NAME"
        " --namespace AWS/Route53 --metric-name HealthCheckStatus"
        f" --dimensions Name=HealthCheckId,Value={check or 'ID'} --statistic Minimum"
        " --period 60 --evaluation-periods 1 --threshold 1"
        " --comparison-operator LessThanThreshold"
    )


def put_rule(region: str, bus: str, alarm: str) -> str:
    """Return what makes a rule that matches an alarm."""
    pattern = {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"alarmName": [alarm], "state": {"value": ["ALARM"]}},
    }
    where = f"--event-bus-name {quote(bus)} --region {region}"
    return f"aws events put-rule --name NAME {where} --event-pattern {as_json(pattern)}"


def put_targets(region: str, bus: str, rule: str, target: Mapping[str, str]) -> str:
    """Return what gives a rule its target."""
    words = ",".join(f"{key}={value}" for key, value in target.items())
    where = f"--event-bus-name {quote(bus)} --region {region}"
    return f"aws events put-targets --rule {quote(rule)} {where} --targets {quote(words)}"


def put_role_policy(role: str, bus: str) -> str:
    """Return what lets a role send events to a bus."""
    allowed = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus}
    document = as_json({"Version": _VERSION, "Statement": [allowed]})
    return (
        f"aws iam put-role-policy --role-name {quote(role)} --policy-name put-events"
        f" --policy-document {document}"
    )


def trust(role: str, *, is_new: bool) -> str:
    """Return what lets EventBridge take a role."""
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    document = as_json({"Version": _VERSION, "Statement": [allowed]})
    if is_new:
        given = f"--role-name {quote(role)} --assume-role-policy-document {document}"
        return f"aws iam create-role {given}"
    given = f"--role-name {quote(role)} --policy-document {document}"
    return f"aws iam update-assume-role-policy {given}"


def put_permission(region: str, bus: str, account: str) -> str:
    """Return what lets another account send events to a bus."""
    return (
        f"aws events put-permission --event-bus-name {quote(bus)} --region {region}"
        f" --action events:PutEvents --principal {account} --statement-id {_SID.format(account)}"
    )


def remove_permission(region: str, bus: str, sid: str) -> str:
    """Return what takes a statement out of the policy of a bus."""
    where = f"--event-bus-name {quote(bus)} --region {region}"
    return f"aws events remove-permission {where} --statement-id {quote(sid)}"


def change_record(zone: str, record: Mapping[str, Any] | None = None, **changed: Any) -> str:
    """Return what writes a record with other values."""
    written = "file://FILE"
    if record is not None:
        new = {**record, **changed}
        written = as_json({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": new}]})
    given = f"--hosted-zone-id {zone} --change-batch {written}"
    return f"aws route53 change-resource-record-sets {given}"


def put_replication(bucket: str, configuration: Mapping[str, Any] | None = None) -> str:
    """Return what switches the rules of replication on."""
    written = "file://FILE"
    if configuration is not None:
        rules = [{**one, "Status": "Enabled"} for one in configuration.get("Rules") or ()]
        written = as_json({**configuration, "Rules": rules})
    given = f"--bucket {quote(bucket)} --replication-configuration {written}"
    return f"aws s3api put-bucket-replication {given}"


def create_replica(table: str, region: str, goal: str) -> str:
    """Return what makes a table a global one."""
    updates = as_json([{"Create": {"RegionName": goal}}])
    return (
        f"aws dynamodb update-table --table-name {quote(table)} --region {region}"
        f" --replica-updates {updates}"
    )
