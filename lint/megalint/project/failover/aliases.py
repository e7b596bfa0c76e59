"""Alias records that are given a TTL: in templates, and in what the aws CLI is handed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from megalint.classify import Kind
from megalint.formats.states_language import Part, part
from megalint.formats.yaml_nodes import Unreadable, composed
from megalint.project.checkout import Checkout
from megalint.project.failover.dns import record_sets
from megalint.project.failover.facts import AliasTtl
from megalint.source import Location, Source, Span
from megalint.text import Text

_BATCH: Final = re.compile(r"--change-batch[\s=]+'(?P<json>\{[^']*\})'")
_SET: Final = "ResourceRecordSet"


def alias_ttls(checkout: Checkout) -> Iterator[AliasTtl]:
    """Yield the alias records that have a TTL, which the API asks to leave out."""
    for _, record in record_sets(checkout):
        yield from _given(record)
    for source in checkout.of_kind(Kind.SHELL, Kind.WORKFLOW, Kind.JSON):
        if source.mentions("AliasTarget") and source.mentions(_SET):
            for batch in _batches(source):
                yield from _in_batch(batch)


def _batches(source: Source) -> Iterator[Text]:
    if source.path.suffix == ".json":
        yield Text.of(source)
    for match in _BATCH.finditer(source.text):
        span = Span(*match.span("json"))
        yield Text.at(Location(source, span))


def _in_batch(text: Text) -> Iterator[AliasTtl]:
    try:
        root = composed(text.flat)
    except Unreadable:
        return
    for one in () if root is None else part(text, root).walk():
        held = one.value.get(_SET) if isinstance(one.value, Mapping) else None
        if held is not None:
            yield from _given(held)


def _given(record: Part) -> Iterator[AliasTtl]:
    alias, ttl = record.get("AliasTarget"), record.get("TTL")
    if alias is not None and ttl is not None and ttl.location is not None and ttl.number:
        yield AliasTtl(ttl.location, ttl.number)
