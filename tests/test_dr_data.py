"""Tables and buckets of the checklist, on recorded answers."""

from __future__ import annotations

import pytest

from checklists import DENIED, FAIL, PASS, SEOUL, TOKYO, UNKNOWN, book, bucket, outcomes, reply
from megalint.formats.failover_answers import Reply
from megalint.readiness import Outcome, data


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
