"""What the items of a checklist look at, and what in a checkout makes what they look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.finding import Severity
from megalint.project.checkout import Checkout
from megalint.project.resources import Resource, resources
from megalint.report import Check
from megalint.source import Location

FAMILY: Final = "dr"
_TEXTS: Final = (
    (
        "primary-alarms",
        "An alarm of the primary region rings",
        "An exercise that begins while something is wrong says nothing: nobody can tell "
        "afterwards what broke first.",
    ),
    (
        "target-health",
        "Targets of a load balancer that are not healthy",
        "A load balancer sends requests to healthy targets only: what is not healthy serves "
        "nobody after the failover.",
    ),
    (
        "health-check",
        "A health check that is missing, disabled or unhealthy",
        "The health check is what sees that the primary region is down: without it nothing "
        "starts by itself.",
    ),
    (
        "alarm",
        "No alarm that can ring when the health check fails",
        "Route 53 keeps its metrics in us-east-1 only: an alarm elsewhere, without data or on "
        "another health check never rings.",
    ),
    (
        "alarm-rule",
        "No enabled rule that matches the alarm",
        "An alarm that no rule of us-east-1 matches rings, and nobody hears.",
    ),
    (
        "cross-region-target",
        "A rule that hands nothing to the recovery region",
        "The alarm is in us-east-1 and the state machine is not: a target has to hand the "
        "event over.",
    ),
    (
        "cross-region-role",
        "A role with which EventBridge cannot hand events over",
        "EventBridge sends to another region with a role that it may take and that may put "
        "events on the bus there, or not at all.",
    ),
    (
        "event-bus",
        "An event bus that does not exist",
        "Events for a bus that is not there are lost.",
    ),
    (
        "bus-policy",
        "An event bus whose policy keeps events out",
        "A denial in the policy of the bus goes before every permission of the sender.",
    ),
    (
        "recovery-rule",
        "No enabled rule that starts the state machine",
        "The event arrives in the recovery region, and nothing begins.",
    ),
    (
        "last-execution",
        "A state machine whose last execution did not succeed",
        "What failed in the last exercise fails in the next emergency, unless somebody has "
        "mended it.",
    ),
    (
        "waiting-approval",
        "An execution that waits for an approval",
        "It changes the region as soon as somebody answers, perhaps weeks later.",
    ),
    (
        "subscriptions",
        "A topic without a subscription that is confirmed",
        "SNS sends nothing to an address that has not confirmed: the request for an approval "
        "reaches nobody.",
    ),
    (
        "load-balancer",
        "A load balancer that is not active",
        "DNS switches to a load balancer that answers nobody.",
    ),
    (
        "capacity",
        "A group that cannot start the machines that are wanted",
        "A group whose maximum is 0, or that may not launch, stays as it is during the failover.",
    ),
    (
        "launch-template",
        "Launch templates of the recovery region",
        "What a template starts is what takes over; each rule on templates is an item of its own.",
    ),
    (
        "table-replica",
        "A table without an active replica in the other region",
        "The rows of a table stay in the region that is down.",
    ),
    (
        "bucket-replication",
        "A bucket that is not replicated to the recovery region",
        "The objects of a bucket stay in the region that is down.",
    ),
    (
        "failover-record",
        "A failover record that is never switched",
        "Without a pair of records, a health check on the first and a second one elsewhere, "
        "DNS keeps sending people to the region that is down.",
    ),
    (
        "record-ttl",
        "A record that clients remember for too long",
        "As long as its time to live lasts, clients keep going to the region that is down.",
    ),
)
CHECKS: Final = tuple(
    Check(f"{FAMILY}/{id_}", FAMILY, Severity.ERROR, summary, why) for id_, summary, why in _TEXTS
)
BY_HAND: Final = ("terraform-plan", "api-health", "newest-data", "resolved-name", "site")
"""What no answer of AWS tells."""
IDS: Final = (*(id_ for id_, _, _ in _TEXTS), *BY_HAND)
"""Of every item that is not called as a rule."""
_RULES: Final = ("aws_cloudwatch_event_rule", "AWS::Events::Rule")
_KINDS: Final = {
    "alarm": ("aws_cloudwatch_metric_alarm", "AWS::CloudWatch::Alarm"),
    **dict.fromkeys(("alarm-rule", "recovery-rule", "cross-region-target"), _RULES),
    "cross-region-role": ("aws_iam_role", "AWS::IAM::Role"),
    **dict.fromkeys(
        ("event-bus", "bus-policy"), ("aws_cloudwatch_event_bus", "AWS::Events::EventBus")
    ),
    **dict.fromkeys(
        ("last-execution", "waiting-approval"),
        (
            "aws_sfn_state_machine",
            "AWS::StepFunctions::StateMachine",
            "AWS::Serverless::StateMachine",
        ),
    ),
    **dict.fromkeys(
        ("subscriptions", "unconfirmed-subscription"), ("aws_sns_topic", "AWS::SNS::Topic")
    ),
    "load-balancer": ("aws_lb", "aws_alb", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
    "table-replica": (
        "aws_dynamodb_table",
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
    ),
    "bucket-replication": ("aws_s3_bucket",),
    **dict.fromkeys(
        ("failover-record", "record-ttl"), ("aws_route53_record", "AWS::Route53::RecordSet")
    ),
}
"""The kinds of the resources that an item is about."""
_NAMES: Final = (
    *("name", "Name", "alarm_name", "AlarmName", "RoleName", "TopicName"),
    *("StateMachineName", "TableName", "bucket"),
)
"""The properties that say what a resource is called."""


def made(checkout: Checkout, id: str, subject: str) -> Location | None:
    """Return where the checkout makes what an item is about; None: it does not say that name."""
    wanted = {subject, subject.partition(" ")[0]}  # of a record the name and the type
    for one in resources(checkout, *_KINDS.get(id, ())):
        if wanted & set(_names(one)):
            return one.location
    return None


def _names(resource: Resource) -> Iterator[str]:
    for key in _NAMES:
        held = resource.properties.get(key)
        if held is not None and held.text:
            yield held.text.rstrip(".")
