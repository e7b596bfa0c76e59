"""Records that a failover switches: their pairs, their health checks, their time to live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.finding import Severity
from megalint.formats.aws_answers import Answer
from megalint.formats.failover_answers import GLOBAL, Book
from megalint.readiness import Item, Stage, Told, commands
from megalint.readiness.commands import aws

LONGEST: Final = 60
"""Seconds: what clients may remember of a record that is to be switched."""
_TOLD: Final = Told(Stage.DNS)
_PAIR: Final = "failover-record"
_TTL: Final = "record-ttl"


def items(book: Book) -> Iterator[Item]:
    """Yield items for each name that has failover records, or records with health checks."""
    zones = book.items(GLOBAL, "route53", "list_hosted_zones", "HostedZones")
    asked = [one for one in book.replies if one.operation == "list_resource_record_sets"]
    if zones is None and not asked:
        why = book.why(GLOBAL, "route53", "list_hosted_zones")
        yield _TOLD.unchecked(_PAIR, "", why, aws("route53 list-hosted-zones"))
        return
    seen = False
    for zone in asked:
        if zone.reason:
            look = aws(f"route53 list-resource-record-sets --hosted-zone-id {_short(zone.about)}")
            yield _TOLD.unchecked(_PAIR, _short(zone.about), zone.reason, look)
        records = [one for page in zone.pages for one in page.get("ResourceRecordSets") or ()]
        for one in _of_zone(book, _short(zone.about), records):
            seen = True
            yield one
    if not seen and not any(one.reason for one in asked):
        yield _TOLD.unchecked(
            _PAIR, "", "no public zone has a record with a failover or a health check"
        )


def _short(zone: str) -> str:
    return zone.rpartition("/")[2]


def _of_zone(book: Book, zone: str, records: list[Answer]) -> Iterator[Item]:
    switched: dict[tuple[str, str], list[Answer]] = {}
    for one in records:
        if one.get("Failover") or one.get("HealthCheckId"):
            switched.setdefault((str(one["Name"]), str(one["Type"])), []).append(one)
    for (name, kind), found in switched.items():
        subject = f"{name.rstrip('.')} {kind}"
        if any(one.get("Failover") for one in found):
            yield from _pair(book, zone, subject, found)
        for one in found:
            yield _ttl(zone, subject, one)


def _pair(book: Book, zone: str, subject: str, found: list[Answer]) -> Iterator[Item]:
    held = {str(one.get("Failover")): one for one in found}
    change = commands.change_record(zone)
    for role in ("PRIMARY", "SECONDARY"):
        if role not in held:
            yield _TOLD.bad(_PAIR, subject, f"it has no {role} record", change)
    first, second = held.get("PRIMARY"), held.get("SECONDARY")
    if first is not None:
        evaluates = (first.get("AliasTarget") or {}).get("EvaluateTargetHealth")
        if first.get("HealthCheckId") or evaluates:
            yield _TOLD.good(_PAIR, subject, "PRIMARY follows a health check")
        else:
            words = "PRIMARY follows no health check: it is never switched"
            yield _TOLD.bad(_PAIR, subject, words, change)
    if second is not None:
        yield _second(book, subject, second, change)


def _second(book: Book, subject: str, record: Answer, change: str) -> Item:
    values = [str(one.get("Value")) for one in record.get("ResourceRecords") or ()]
    target = (record.get("AliasTarget") or {}).get("DNSName") or ", ".join(values)
    words = f"SECONDARY is {target}"
    if book.primary in target:
        return _TOLD.bad(_PAIR, subject, f"{words}: that is in {book.primary}, too", change)
    if book.recovery in target:
        return _TOLD.good(_PAIR, subject, words)
    return _TOLD.unchecked(_PAIR, subject, f"{words}: the name does not say where that is")


def _ttl(zone: str, subject: str, record: Answer) -> Item:
    which = str(record.get("Failover") or record.get("SetIdentifier") or "")
    name = f"{subject} {which}".strip()
    if record.get("AliasTarget"):
        return _TOLD.good(_TTL, name, "an alias: what it stands for says how long")
    seconds = int(record.get("TTL") or 0)
    if seconds <= LONGEST:
        return _TOLD.good(_TTL, name, f"{seconds} s")
    words = (
        f"{seconds} s: so long clients keep going to the region that is down; {LONGEST} s will do"
    )
    return _TOLD.bad(
        _TTL, name, words, commands.change_record(zone, record, TTL=LONGEST), Severity.WARNING
    )
