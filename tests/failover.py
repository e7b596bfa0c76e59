"""The pipeline of a team whose failover broke, for moto: every link of the chain, some of them off."""

from __future__ import annotations

import json
from typing import Any

PRIMARY, RECOVERY, GLOBAL = "ap-northeast-2", "ap-northeast-1", "us-east-1"
ACCOUNT = "123456789012"
DOMAIN = "pilotlight-test.click"
ALARM = "MegaTicket-Primary-HealthCheck-Alarm"
OBSERVING = "ssw-dr-failover-observation-alarm-rule"
BUS = "ssw-dr-failover-dr-event-bus"
STARTING = "pldr-dr-failover-rule"
MACHINE = "stfc-stepfunction-dev-an1"
TOPIC = "stfc-topic-dev-an1-approval"
ROLE = "EventBridge-CrossRegion-Role"
BUS_ARN = f"arn:aws:events:{RECOVERY}:{ACCOUNT}:event-bus/{BUS}"
TOPIC_ARN = f"arn:aws:sns:{RECOVERY}:{ACCOUNT}:{TOPIC}"
MACHINE_ARN = f"arn:aws:states:{RECOVERY}:{ACCOUNT}:stateMachine:{MACHINE}"
PATTERN = {
    "source": ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    "detail": {"alarmName": [ALARM], "state": {"value": ["ALARM"]}},
}
TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
MAY_PUT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "events:PutEvents",
            "Resource": f"arn:aws:events:{RECOVERY}:*:event-bus/{BUS}",
        }
    ],
}
DEFINITION = {
    "StartAt": "Approve",
    "States": {
        "Approve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish.waitForTaskToken",
            "Parameters": {"TopicArn": TOPIC_ARN, "Message.$": "$$.Task.Token"},
            "End": True,
        }
    },
}


def seed(client: Any, *, is_broken: bool) -> None:
    """Fill an account by way of *client*, which makes clients of boto3 by service and region.

    With *is_broken* the rule in us-east-1 is off, the role may not send, the record of the primary
    is remembered for 300 s, and replication is off.
    """
    check = _detection(client)
    _forwarding(client, is_broken=is_broken)
    _pipeline(client)
    _records(client, check, 300 if is_broken else 60)
    _buckets(client, "Disabled" if is_broken else "Enabled")


def _detection(client: Any) -> str:
    config = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": DOMAIN,
        "ResourcePath": "/api/health",
        "Port": 443,
        "RequestInterval": 30,
        "FailureThreshold": 3,
    }
    made = client("route53", GLOBAL).create_health_check(
        CallerReference="dr", HealthCheckConfig=config
    )
    check: str = made["HealthCheck"]["Id"]
    client("cloudwatch", GLOBAL).put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        Dimensions=[{"Name": "HealthCheckId", "Value": check}],
        Statistic="Minimum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
    )
    return check


def _forwarding(client: Any, *, is_broken: bool) -> None:
    iam, near, far = client("iam", GLOBAL), client("events", GLOBAL), client("events", RECOVERY)
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    if not is_broken:
        iam.put_role_policy(RoleName=ROLE, PolicyName="send", PolicyDocument=json.dumps(MAY_PUT))
    state = "DISABLED" if is_broken else "ENABLED"
    near.put_rule(Name=OBSERVING, EventPattern=json.dumps(PATTERN), State=state)
    near.put_targets(Rule=OBSERVING, Targets=[{"Id": "Tokyo", "Arn": BUS_ARN, "RoleArn": role}])
    far.create_event_bus(Name=BUS)
    far.put_rule(Name=STARTING, EventBusName=BUS, EventPattern=json.dumps(PATTERN))
    far.put_targets(
        Rule=STARTING, EventBusName=BUS, Targets=[{"Id": "dr", "Arn": MACHINE_ARN, "RoleArn": role}]
    )


def _pipeline(client: Any) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
    states, sns = client("stepfunctions", RECOVERY), client("sns", RECOVERY)
    states.create_state_machine(name=MACHINE, roleArn=role, definition=json.dumps(DEFINITION))
    started = states.start_execution(stateMachineArn=MACHINE_ARN, name="exercise")
    states.stop_execution(
        executionArn=started["executionArn"], error="States.Timeout", cause="nobody approved"
    )
    sns.create_topic(Name=TOPIC)
    sns.subscribe(TopicArn=TOPIC_ARN, Protocol="email", Endpoint="on-call@example.com")
    sns.create_topic(Name="newsletter")


def _records(client: Any, check: str, ttl: int) -> None:
    route53 = client("route53", GLOBAL)
    zone = route53.create_hosted_zone(Name=DOMAIN, CallerReference="dr")["HostedZone"]["Id"]
    first = _record("PRIMARY", PRIMARY, TTL=ttl, HealthCheckId=check)
    second = _record("SECONDARY", RECOVERY, TTL=60)
    changes = [{"Action": "UPSERT", "ResourceRecordSet": one} for one in (first, second)]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def _record(role: str, region: str, **more: Any) -> dict[str, Any]:
    return {
        "Name": f"www.{DOMAIN}",
        "Type": "CNAME",
        "SetIdentifier": role.lower(),
        "Failover": role,
        "ResourceRecords": [{"Value": f"MegaTicket-ALB-1.{region}.elb.amazonaws.com"}],
        **more,
    }


def _buckets(client: Any, status: str) -> None:
    for name, region in (("megaticket-posters", PRIMARY), ("megaticket-posters-dr", RECOVERY)):
        s3 = client("s3", region)
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "Status": status,
        "Prefix": "",
        "Destination": {"Bucket": "arn:aws:s3:::megaticket-posters-dr"},
    }
    client("s3", PRIMARY).put_bucket_replication(
        Bucket="megaticket-posters",
        ReplicationConfiguration={"Role": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}", "Rules": [rule]},
    )
