"""Data: whether tables and buckets are replicated to the recovery region."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Final

from megalint.finding import Severity
from megalint.formats.aws_answers import Answer
from megalint.formats.failover_answers import Book
from megalint.readiness import Item, Stage, Told, commands
from megalint.readiness.commands import aws

_TOLD: Final = Told(Stage.DATA)
_TABLE: Final = "table-replica"
_BUCKET: Final = "bucket-replication"
_FEW: Final = 6


def items(book: Book) -> Iterator[Item]:
    """Yield an item for each table of either region, then for each bucket of the primary one."""
    yield from _tables(book)
    yield from _buckets(book)


# --- tables --------------------------------------------------------------------------------


def _tables(book: Book) -> Iterator[Item]:
    names: dict[str, set[str]] = {}
    for region in (book.recovery, book.primary):
        found = book.items(region, "dynamodb", "list_tables", "TableNames")
        held = {
            one.about
            for one in book.replies
            if one.operation == "describe_table" and one.region == region
        }
        if found is None and not held:
            why = book.why(region, "dynamodb", "list_tables")
            yield _TOLD.unchecked(
                _TABLE, "", f"{region}: {why}", aws(f"dynamodb list-tables --region {region}")
            )
        for name in sorted({*map(str, found or ()), *held}):
            names.setdefault(name, set()).add(region)
    is_known = all(
        book.items(region, "dynamodb", "list_tables", "TableNames") is not None
        for region in (book.recovery, book.primary)
    )
    if not names and is_known:
        yield _TOLD.unchecked(_TABLE, "", "there is no DynamoDB table in either region")
    for name, regions in sorted(names.items()):
        yield _table(book, name, regions)


def _table(book: Book, name: str, regions: set[str]) -> Item:
    """Return the state of one table: what either region says of it counts."""
    look = aws(f"dynamodb describe-table --table-name {quote(name)} --region {book.recovery}")
    told: list[str] = []
    for region in sorted(regions, key=lambda one: one != book.recovery):
        found = book.one(region, "dynamodb", "describe_table", name)
        if found is None:
            told.append(book.why(region, "dynamodb", "describe_table", name))
            continue
        goal = book.primary if region == book.recovery else book.recovery
        replicas = {one.get("RegionName"): one for one in found["Table"].get("Replicas") or ()}
        if goal in replicas:
            return _replicated(name, str(replicas[goal].get("ReplicaStatus")), goal, look)
        old = book.reply(region, "dynamodb", "describe_global_table", name)
        if old is not None and old.pages:
            return _old(name, old.pages[0]["GlobalTableDescription"], goal, look)
        if old is None or old.reason:
            told.append(
                "not known whether it is a global table of 2017" if old is None else old.reason
            )
    if told:
        return _TOLD.unchecked(_TABLE, name, told[0], look)
    return _alone(book, name, regions)


def _replicated(name: str, status: str, region: str, look: str) -> Item:
    if status == "ACTIVE":
        return _TOLD.good(_TABLE, name, f"its replica in {region} is active")
    return _TOLD.bad(_TABLE, name, f"its replica in {region} is {status}", look)


def _old(name: str, table: Answer, region: str, look: str) -> Item:
    group = [one.get("RegionName") for one in table.get("ReplicationGroup") or ()]
    if region in group:
        return _TOLD.good(_TABLE, name, f"a global table of 2017 that {region} belongs to")
    return _TOLD.bad(_TABLE, name, f"a global table of 2017 without {region}", look)


def _alone(book: Book, name: str, regions: set[str]) -> Item:
    own, other = book.primary, book.recovery
    command = commands.create_replica(name, own, other)
    if len(regions) > 1:
        words = f"{own} and {other} each have a table of that name, and neither is a replica"
        return _TOLD.bad(_TABLE, name, words, command)
    if own in regions:
        return _TOLD.bad(_TABLE, name, f"it has no replica in {other}", command)
    words = f"it is in {other} only: nothing of {own} arrives there"
    return _TOLD.bad(_TABLE, name, words, command, Severity.WARNING)


# --- buckets -------------------------------------------------------------------------------


def _buckets(book: Book) -> Iterator[Item]:
    region = book.primary
    found = book.items(region, "s3", "list_buckets", "Buckets")
    asked = [one.about for one in book.replies if one.operation == "get_bucket_replication"]
    names = asked or [str(one.get("Name")) for one in found or ()]
    if found is None and not asked:
        command = aws(f"s3api list-buckets --bucket-region {region}")
        yield _TOLD.unchecked(_BUCKET, "", book.why(region, "s3", "list_buckets"), command)
    elif not names:
        yield _TOLD.unchecked(_BUCKET, "", f"there is no bucket in {region}")
    alone: list[str] = []
    for name in names:
        reply = book.reply(region, "s3", "get_bucket_replication", name)
        if reply is not None and reply.is_absent:
            alone.append(name)
        else:
            yield _bucket(book, name)
    if alone:
        shown = ", ".join(alone[:_FEW]) + (f" +{len(alone) - _FEW}" if len(alone) > _FEW else "")
        words = f"what {region} replicates nowhere: {shown}"
        yield _TOLD.bad(_BUCKET, "", words, commands.put_replication("NAME"), Severity.NOTE)


def _bucket(book: Book, name: str) -> Item:
    look = aws(f"s3api get-bucket-replication --bucket {quote(name)}")
    found = book.one(book.primary, "s3", "get_bucket_replication", name)
    if found is None:
        why = book.why(book.primary, "s3", "get_bucket_replication", name)
        return _TOLD.unchecked(_BUCKET, name, why, look)
    rules = found["ReplicationConfiguration"].get("Rules") or []
    active = [one for one in rules if one.get("Status") == "Enabled"]
    if not active:
        command = commands.put_replication(name, found["ReplicationConfiguration"])
        return _TOLD.bad(_BUCKET, name, "its rules of replication are switched off", command)
    goals = sorted({str(one["Destination"]["Bucket"]).rpartition(":")[2] for one in active})
    places = {goal: _region(book, goal) for goal in goals}
    there = [goal for goal, region in places.items() if region == book.recovery]
    if there:
        return _TOLD.good(_BUCKET, name, f"replicated to {', '.join(there)} in {book.recovery}")
    if None in places.values():
        return _TOLD.unchecked(_BUCKET, name, f"not known where {', '.join(goals)} is", look)
    told = ", ".join(f"{region}/{goal}" for goal, region in places.items())
    words = f"replicated to {told}, not to {book.recovery}"
    return _TOLD.bad(_BUCKET, name, words, look, Severity.WARNING)


def _region(book: Book, bucket: str) -> str | None:
    """Return where a bucket is; S3 says nothing for us-east-1, and EU for eu-west-1."""
    found = book.one(book.primary, "s3", "get_bucket_location", bucket)
    if found is None:
        return None
    place = found.get("LocationConstraint")
    return {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(place, str(place))
