"""Which items of a checklist are reported, and how severe each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from megalint.config.rule_names import is_named, level_of
from megalint.finding import Severity
from megalint.readiness import Checklist, Item, Stage
from megalint.readiness.checks import FAMILY, IDS
from megalint.rule import Rule


def known(rules: Sequence[Rule[Any]]) -> list[str]:
    """Return every name by which items can be chosen: ids, families and stages."""
    names = {FAMILY, *IDS, *(f"{FAMILY}/{one}" for one in IDS)}
    names |= {one.name.lower() for one in Stage}
    return sorted(names | {one.id for one in rules} | {one.family for one in rules})


def unignored(rules: Iterable[Rule[Any]], ignore: Sequence[str]) -> list[Rule[Any]]:
    """Return the rules to run; all but those, as a template passes when it passes them all."""
    return [one for one in rules if not is_named((one.id, one.family), ignore)]


def chosen(
    found: Checklist,
    select: Sequence[str],
    ignore: Sequence[str],
    levels: Mapping[str, Severity],
) -> Checklist:
    """Return a checklist with the items that are asked for, as severe as *levels* say."""
    items = (
        one
        for one in found.items
        if (not select or is_named(one.names, select)) and not is_named(one.names, ignore)
    )
    return replace(found, items=tuple(_levelled(one, levels) for one in items))


def _levelled(item: Item, levels: Mapping[str, Severity]) -> Item:
    level = level_of(item.names, levels)
    return item if level is None else replace(item, severity=level)
