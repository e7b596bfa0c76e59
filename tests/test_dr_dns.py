"""Records of the checklist, on recorded answers."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from checklists import FAIL, GLOBAL, PASS, SEOUL, TOKYO, book, outcomes, reply
from megalint.formats.failover_answers import Book
from megalint.readiness import dns


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
