"""``megalint dr`` as people run it, against a server that speaks HTTP as AWS does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import failover
import seeds
from megalint.registry import load_rules
from servers import serving

AFTER = Path(__file__).parents[3] / "fixtures" / "projects" / "megaticket" / "after"
Run = Callable[..., subprocess.CompletedProcess[str]]


def clients(endpoint: str) -> Callable[[str, str], Any]:
    def client(service: str, region: str) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    return client


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    """Return the address of an account with launch templates and a pipeline that is broken."""
    with serving() as endpoint:
        client = clients(endpoint)
        image = client("ec2", seeds.REGION).describe_images(Owners=["amazon"])["Images"][0]
        seeds.seed(lambda service: client(service, seeds.REGION), image["ImageId"])
        failover.seed(client, is_broken=True)
        yield endpoint


@pytest.fixture(scope="module")
def mended() -> Iterator[str]:
    """Return the address of an account whose pipeline is as it has to be."""
    with serving() as endpoint:
        failover.seed(clients(endpoint), is_broken=False)
        yield endpoint


@pytest.fixture
def dr(tmp_path: Path) -> Run:
    def run(endpoint: str | None, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(tmp_path),
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            **({} if endpoint is None else {"AWS_ENDPOINT_URL": endpoint}),
        }
        return subprocess.run(
            [sys.executable, "-m", "megalint", "dr", "--repo", str(AFTER), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def told(done: subprocess.CompletedProcess[str]) -> set[tuple[str, str, str]]:
    items = json.loads(done.stdout)["items"]
    return {(one["outcome"], one["id"], one["subject"] or "") for one in items}


def test_broken_links_are_named_with_their_repair(dr: Run, broken: str) -> None:
    done = dr(broken, "--format", "json")
    rules = {one.id for one in load_rules()}
    failed = {one[1:] for one in told(done) if one[0] == "fail" and one[1] not in rules}
    data = json.loads(done.stdout)

    assert failed == {
        ("alarm-rule", failover.OBSERVING),
        ("cross-region-role", failover.ROLE),
        ("last-execution", failover.MACHINE),
        ("bucket-replication", "megaticket-posters"),
        ("record-ttl", f"www.{failover.DOMAIN} CNAME PRIMARY"),
    }
    commands = {one["id"]: one["command"] for one in data["items"] if one["outcome"] == "fail"}
    assert commands["alarm-rule"] == (
        f"aws events enable-rule --name {failover.OBSERVING} --region us-east-1"
    )
    assert data["account"] == failover.ACCOUNT
    assert done.returncode == 1, done.stderr


def test_templates_are_audited_as_by_lt(dr: Run, broken: str) -> None:
    items = json.loads(dr(broken, "--format", "json").stdout)["items"]
    failed = {one["id"] for one in items if one["outcome"] == "fail"}

    assert failed >= {
        "referrer-pins-stale-version",
        "user-data-undecodable",
        "default-version-drift",
    }


def test_mended_pipeline_passes(dr: Run, mended: str) -> None:
    found = told(dr(mended, "--format", "json"))
    passed = {(id_, subject) for outcome, id_, subject in found if outcome == "pass"}

    assert {one for one in found if one[0] == "fail"} == {
        ("fail", "last-execution", failover.MACHINE)
    }
    assert passed >= {
        ("alarm", failover.ALARM),
        ("alarm-rule", failover.OBSERVING),
        ("cross-region-target", failover.OBSERVING),
        ("cross-region-role", failover.ROLE),
        ("bus-policy", failover.BUS),
        ("recovery-rule", failover.STARTING),
        ("subscriptions", failover.TOPIC),
        ("failover-record", f"www.{failover.DOMAIN} CNAME"),
        ("bucket-replication", "megaticket-posters"),
    }
    assert ("subscriptions", "newsletter") not in {one[1:] for one in found}


def test_status_is_parsed_and_not_compared_to_success(dr: Run, broken: str) -> None:
    """The script of the guide compares the whole status: it would never say that all is well."""
    text = " ".join(dr(broken).stdout.split())

    assert "healthy: 1 of 1 checkers reach it; a failure is seen after 3 x 30 s" in text


def test_checklist_is_printed(dr: Run, broken: str) -> None:
    text = " ".join(dr(broken).stdout.split())

    assert f"failover from ap-northeast-2 to ap-northeast-1, account {failover.ACCOUNT}" in text
    for words in (
        f"alarm-rule {failover.OBSERVING}: DISABLED: nothing is handed over",
        f"last-execution {failover.MACHINE}: the last one ended as ABORTED",
        f"subscriptions {failover.TOPIC}: 1 confirmed (email)",
        "load-balancer MegaTicket-DR-NLB: active",
        "capacity MegaTicket-DR-Web-ASG: 0 in service, 0 wanted, 4 at most",
        "terraform-plan: not checked:",
    ):
        assert words in text


def test_saved_answers_say_the_same(dr: Run, broken: str, tmp_path: Path) -> None:
    book = tmp_path / "answers.json"
    live = dr(broken, "--format", "json", "--save", str(book))

    replayed = dr(None, "--format", "json", "--from", str(book))

    assert replayed.stdout == live.stdout
    assert replayed.returncode == live.returncode


def test_what_the_server_does_not_know_is_not_checked(dr: Run) -> None:
    """moto knows no global tables of 2017: it fails on the question, as a refused call would."""
    with serving() as endpoint:
        clients(endpoint)("dynamodb", failover.PRIMARY).create_table(
            TableName="reservations",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        done = dr(endpoint, "--format", "json")

    assert ("not checked", "table-replica", "reservations") in told(done)
    assert done.returncode == 3
    assert "not checked: dynamodb describe_global_table" in done.stderr


def test_empty_account_passes_nothing(dr: Run) -> None:
    with serving() as endpoint:
        done = dr(endpoint, "--format", "json")

    assert {(outcome, id_) for outcome, id_, _ in told(done) if outcome != "not checked"} == {
        ("pass", "primary-alarms"),
        ("fail", "health-check"),
        ("fail", "alarm"),
    }
    assert done.returncode == 1


def test_no_network(dr: Run) -> None:
    done = dr("http://127.0.0.1:9")

    assert done.returncode == 3
    assert "the endpoint cannot be reached" in done.stderr
