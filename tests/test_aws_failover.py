"""Questions of the checklist, answered by botocore's Stubber: pages, refusals, what is not there."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from click.testing import CliRunner

from megalint.aws import failover
from megalint.aws.policy import ACTIONS, FAILOVER_ACTIONS, failover_policy
from megalint.aws.session import Identity
from megalint.cli import main
from megalint.formats.failover_answers import Book

PRIMARY, RECOVERY, GLOBAL = "ap-northeast-2", "ap-northeast-1", "us-east-1"
MACHINE = f"arn:aws:states:{RECOVERY}:1:stateMachine:dr"
BOTO = boto3.Session("x", "x", region_name=RECOVERY)
Reply = dict[str, Any] | str | Exception


class Session:
    """A session whose clients give prepared answers, in order, and empty ones when there are none.

    They are prepared by region, service and operation; :attr:`asked` holds what was sent.
    """

    region_name = RECOVERY

    def __init__(self, answers: dict[str, list[Reply]] | None = None) -> None:
        self._answers = {key: list(held) for key, held in (answers or {}).items()}
        self.asked: list[tuple[str, str, str]] = []

    def client(self, service: str, region_name: str, **_: Any) -> Any:
        client = BOTO.client(service, region_name=region_name)
        names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
        stubber = Stubber(client)
        stubber.activate()

        def answer(model: Any, **_: Any) -> None:
            name = names[model.name]
            self.asked.append((region_name, service, name))
            held = self._answers.get(f"{region_name} {service} {name}", [])
            reply = held.pop(0) if held else EMPTY.get(name, {})
            if isinstance(reply, Exception):
                raise reply
            if isinstance(reply, str):
                stubber.add_client_error(name, reply, "said so")
            else:
                stubber.add_response(name, reply)

        client.meta.events.register("provide-client-params.*.*", answer)
        return client


LISTED = {"MaxItems": "100", "IsTruncated": False, "Marker": ""}
EMPTY: dict[str, dict[str, Any]] = {
    "list_health_checks": {"HealthChecks": [], **LISTED},
    "list_hosted_zones": {"HostedZones": [], **LISTED},
    "list_state_machines": {"stateMachines": []},
    "list_clusters": {"clusters": []},
    "describe_auto_scaling_groups": {"AutoScalingGroups": []},
}


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stub answers one question at a time."""
    monkeypatch.setattr(failover, "WORKERS", 1)


def asked(answers: dict[str, list[Reply]] | None = None) -> tuple[Book, Session]:
    session = Session(answers)
    return failover.ask(Identity(session, "1"), PRIMARY, RECOVERY), session


def test_every_call_is_in_the_policy_and_the_other_way_round() -> None:
    calls = {("ec2", "describe_launch_templates")} | set(ACTIONS) | set(FAILOVER_ACTIONS)
    statement = failover_policy()["Statement"][0]
    operations = {action.partition(":")[2] for action in statement["Action"]}

    for service, operation in calls:
        client = BOTO.client(service)
        assert hasattr(client, operation)
    assert all(one.startswith(("Describe", "List", "Get")) for one in operations)
    assert set(statement["Action"]) == {*ACTIONS.values(), *FAILOVER_ACTIONS.values()}


def test_policy_is_printed_without_an_account() -> None:
    result = CliRunner().invoke(main, ["dr", "--print-policy"])

    assert json.loads(result.stdout) == failover_policy()


def test_empty_account_is_asked_in_three_regions_and_never_raises() -> None:
    book, session = asked()
    sent = set(session.asked)

    assert (GLOBAL, "route53", "list_health_checks") in sent
    assert (GLOBAL, "cloudwatch", "describe_alarms") in sent
    assert (PRIMARY, "cloudwatch", "describe_alarms") in sent
    assert (RECOVERY, "dynamodb", "list_tables") in sent
    assert (PRIMARY, "dynamodb", "list_tables") in sent
    assert {(one[1], one[2]) for one in sent} <= {*ACTIONS, *FAILOVER_ACTIONS}
    assert book.unanswered == ()


def test_pages_are_read_with_and_without_a_paginator() -> None:
    bus = {"Name": "default", "Arn": "arn:aws:events:x:1:event-bus/default"}
    book, _ = asked(
        {
            f"{RECOVERY} events list_event_buses": [
                {"EventBuses": [bus], "NextToken": "more"},
                {"EventBuses": [{**bus, "Name": "dr"}]},
            ],
            f"{RECOVERY} dynamodb list_tables": [
                {"TableNames": ["orders"], "LastEvaluatedTableName": "orders"},
                {"TableNames": ["venues"]},
            ],
            f"{RECOVERY} dynamodb describe_table": [{"Table": {}}, {"Table": {}}],
        }
    )
    buses = book.items(RECOVERY, "events", "list_event_buses", "EventBuses") or []

    assert [one["Name"] for one in buses] == ["default", "dr"]
    names = [one.about for one in book.replies if one.operation == "describe_table"]
    assert names == ["orders", "venues"]
    assert book.items(RECOVERY, "events", "list_rules", "Rules", "dr") == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("AccessDeniedException", "denied (AccessDeniedException): megalint dr --print-policy"),
        ("AuthorizationError", "denied (AuthorizationError): megalint dr --print-policy"),
        ("ThrottlingException", "throttled (ThrottlingException)"),
        ("UnknownOperationException", "UnknownOperationException: said so"),
        (EndpointConnectionError(endpoint_url="x"), "the endpoint cannot be reached"),
    ],
)
def test_what_is_refused_is_noted(reply: Reply, words: str) -> None:
    book, _ = asked({f"{RECOVERY} sns list_topics": [reply]})
    ((region, question),) = book.unanswered

    assert (region, question.service, question.operation) == (RECOVERY, "sns", "list_topics")
    assert question.reason.startswith(words)
    assert book.items(RECOVERY, "sns", "list_topics", "Topics") is None


def test_what_is_not_there_is_an_answer() -> None:
    book, _ = asked(
        {
            f"{PRIMARY} s3 list_buckets": [{"Buckets": [{"Name": "logs"}]}],
            f"{PRIMARY} s3 get_bucket_replication": ["ReplicationConfigurationNotFoundError"],
        }
    )
    reply = book.reply(PRIMARY, "s3", "get_bucket_replication", "logs")

    assert reply is not None
    assert reply.is_absent
    assert book.unanswered == ()


def test_running_executions_are_looked_into_and_failed_ones_asked_why() -> None:
    def execution(name: str, status: str) -> dict[str, Any]:
        return {
            "executionArn": f"arn:aws:states:{RECOVERY}:1:execution:dr:{name}",
            "stateMachineArn": MACHINE,
            "name": name,
            "status": status,
            "startDate": "2026-01-08T10:00:00Z",
        }

    held = [execution("a", "RUNNING"), execution("b", "FAILED"), execution("c", "FAILED")]
    machine = {
        "stateMachineArn": MACHINE,
        "name": "dr",
        "type": "STANDARD",
        "creationDate": "2026-01-01T00:00:00Z",
    }
    book, session = asked(
        {
            f"{RECOVERY} stepfunctions list_state_machines": [{"stateMachines": [machine]}],
            f"{RECOVERY} stepfunctions describe_state_machine": ["StateMachineDoesNotExist"],
            f"{RECOVERY} stepfunctions list_executions": [
                {"executions": held, "nextToken": "older"}
            ],
            f"{RECOVERY} stepfunctions get_execution_history": [
                {"events": [], "nextToken": "older"}
            ],
            f"{RECOVERY} stepfunctions describe_execution": ["ExecutionDoesNotExist"],
        }
    )
    sent = [operation for _, service, operation in session.asked if service == "stepfunctions"]

    assert sent == [
        "list_state_machines",
        "describe_state_machine",
        "list_executions",
        "get_execution_history",
        "describe_execution",
    ]
    assert book.unanswered == ()


def test_topics_that_the_machine_names_are_the_ones_that_count() -> None:
    topics = [f"arn:aws:sns:{RECOVERY}:1:{name}" for name in ("approval", "approval-old", "news")]
    machine = {
        "stateMachineArn": MACHINE,
        "name": "dr",
        "type": "STANDARD",
        "creationDate": "2026-01-01T00:00:00Z",
    }
    told = {
        "stateMachineArn": MACHINE,
        "name": "dr",
        "definition": json.dumps({"TopicArn": topics[0]}),
        "roleArn": "arn",
        "type": "STANDARD",
        "creationDate": "2026-01-01T00:00:00Z",
    }
    book, _ = asked(
        {
            f"{RECOVERY} stepfunctions list_state_machines": [{"stateMachines": [machine]}],
            f"{RECOVERY} stepfunctions describe_state_machine": [told],
            f"{RECOVERY} stepfunctions list_executions": [{"executions": []}],
            f"{RECOVERY} sns list_topics": [{"Topics": [{"TopicArn": one} for one in topics]}],
        }
    )

    assert [
        one.about for one in book.replies if one.operation == "list_subscriptions_by_topic"
    ] == topics[:1]


def test_checks_without_checkers_are_not_asked() -> None:
    def check(key: str, kind: str) -> dict[str, Any]:
        return {
            "Id": key,
            "CallerReference": key,
            "HealthCheckConfig": {"Type": kind},
            "HealthCheckVersion": 1,
        }

    book, _ = asked(
        {
            f"{GLOBAL} route53 list_health_checks": [
                {"HealthChecks": [check("a", "HTTPS"), check("b", "CALCULATED")], **LISTED}
            ],
            f"{GLOBAL} route53 get_health_check_status": [{"HealthCheckObservations": []}],
        }
    )

    assert [one.about for one in book.replies if one.operation == "get_health_check_status"] == [
        "a"
    ]
