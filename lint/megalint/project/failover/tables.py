"""Tables that a process of another region is given, and that are not replicated there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from megalint.project.checkout import Checkout
from megalint.project.failover.facts import LonelyTable
from megalint.project.launches.facts import REGION_VARIABLES, Boot, Injection, Launch
from megalint.project.linked import Project
from megalint.project.resources import Resource, resources

TABLE = "aws_dynamodb_table"


def lonely_tables(project: Project) -> Iterator[LonelyTable]:
    """Yield each table once for each region in which a process is given its name in vain."""
    tables = {name: one for one in resources(project.checkout, TABLE) if (name := _name(one))}
    seen: set[tuple[str, str]] = set()
    for boot in project.each(Boot) if tables else ():
        region = boot.user_data.region
        for launch, given in _given(boot) if region is not None else ():
            table = tables.get(given.value.known or "")
            if table is None or region is None or (table.key, region) in seen:
                continue
            if _asks_in(launch, region) and _is_lonely(project.checkout, table, region):
                seen.add((table.key, region))
                yield LonelyTable(
                    table.address,
                    table.location,
                    table.region or "",
                    region,
                    given.name,
                    given.location,
                )


def _given(boot: Boot) -> Iterator[tuple[Launch, Injection]]:
    for launch in boot.launches:
        for one in launch.effective.values():
            yield launch, one


def _name(one: Resource) -> str | None:
    name = one.properties.get("name")
    return None if name is None else name.text


def _asks_in(launch: Launch, region: str) -> bool:
    """Whether clients of the process ask in its own region, as far as it is told one."""
    told = {one.value.known for name in REGION_VARIABLES if (one := launch.effective.get(name))}
    return told <= {region}


def _is_lonely(checkout: Checkout, table: Resource, region: str) -> bool:
    """Whether a table is surely in other regions than *region* only."""
    return table.region != region and not regions_of(checkout, table) & {region, None}


def regions_of(checkout: Checkout, table: Resource) -> set[str | None]:
    """Return the regions that a table is in, by its replicas too; None: others may be added."""
    found: set[str | None] = {table.region, *_replicas(table)}
    for one in resources(checkout, TABLE):
        if one.key != table.key and _name(one) in {_name(table), None}:
            found.add(one.region)
    for one in resources(checkout, "aws_dynamodb_table_replica"):
        arn = one.properties.get("global_table_arn")
        if arn is None or arn.reference in {table.key, None}:
            found.add(one.region)
    for one in resources(checkout, "aws_dynamodb_global_table"):
        if _name(one) in {_name(table), None}:
            found |= set(_replicas(one))
    return found


def _replicas(table: Resource) -> Iterator[str | None]:
    held = table.properties.get("replica")
    if held is not None and held.value is None:
        yield None
    for one in () if held is None else held.items:
        name = one.get("region_name")
        yield None if name is None else name.text


def homes(checkout: Checkout) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the regions of tables and buckets, where all of them are known.

    The keys are ``table`` or ``bucket``, and the name.
    """
    found: dict[tuple[str, str], set[str | None]] = {}
    for one in resources(checkout, TABLE):
        found.setdefault(("table", _name(one) or ""), set()).update(regions_of(checkout, one))
    for one in resources(checkout, "aws_s3_bucket"):
        name = one.properties.get("bucket")
        text = "" if name is None else name.text or ""
        found.setdefault(("bucket", text), set()).add(one.region)
    return {
        key: frozenset(one for one in regions if one is not None)
        for key, regions in found.items()
        if key[1] and None not in regions
    }
