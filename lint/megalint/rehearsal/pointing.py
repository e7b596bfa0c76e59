"""Which region a text points to, and what it is the name of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from functools import cached_property
from typing import Final

from msgspec import Struct

from megalint.languages.shell.state import likely
from megalint.rehearsal import Kind, Verdict
from megalint.secrets import masked
from megalint.source import Location
from megalint.text import OPAQUE, Text
from megalint.values import texts

REGION: Final = re.compile(
    r"(?<![a-z0-9])(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:gov-|iso[a-z]?-)?"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?![0-9])"
)
"""A region, also inside a name (``tickets-ap-northeast-2-assets``) and of a zone."""
_ARN: Final = re.compile(r"arn:aws[\w-]*:(?P<service>[\w-]+):(?P<region>[\w-]*):")
_HERE: Final = re.compile(r"(?<![\w.-])(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])(?![\w.-])")
_ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://|[\w.-]+\.(?:amazonaws\.com|internal|local)\b"
    r"|[\w-]+(?:\.[\w-]+)+:\d{2,5}(?:/|$)"
)
_WORD: Final = re.compile(r"[A-Za-z0-9_@{}]+")
_OF_SERVICE: Final = {
    "sns": Kind.TOPIC,
    "sqs": Kind.QUEUE,
    "dynamodb": Kind.TABLE,
    "s3": Kind.BUCKET,
}
_OF_NAME: Final = (
    (Kind.REGION, re.compile(r"(?:^|_)REGIONS?$")),
    (Kind.HOST, re.compile(r"(?:^|_)(?:HOSTS?|HOSTNAME|ENDPOINTS?)$")),
    (Kind.TABLE, re.compile(r"(?:^|_)TABLES?(?:_|$)")),
    (Kind.BUCKET, re.compile(r"(?:^|_)BUCKETS?(?:_|$)")),
    (Kind.TOPIC, re.compile(r"(?:^|_)TOPICS?(?:_|$)")),
    (Kind.QUEUE, re.compile(r"(?:^|_)QUEUES?(?:_|$)")),
    (
        Kind.HOST,
        re.compile(
            r"(?:^|_)(?:URLS?|URI|ORIGINS?|ADDR|ADDRESS|DOMAINS?|SERVERS?|DNS|DSN|BROKERS?)$"
        ),
    ),
)
FOLLOWING: Final = frozenset({Kind.TABLE, Kind.TOPIC, Kind.QUEUE})
"""What a client finds in its own region, where the name tells none."""


class Pointing(Struct, frozen=True):
    """Where a text points to; :attr:`why` as in :class:`megalint.rehearsal.Entry`."""

    verdict: Verdict
    region: str | None = None
    why: str = ""


def kind_of(name: str, text: str) -> Kind | None:
    """Return what a variable holds: its text says it, else its name; None: no address."""
    arn = _ARN.search(text)
    if arn is not None:
        return _OF_SERVICE.get(arn["service"], Kind.ARN)
    if REGION.fullmatch(text):
        return Kind.REGION
    named = next((kind for kind, form in _OF_NAME if form.search(name.upper())), None)
    if named is not None:
        return named
    if _ADDRESS.match(text) or _HERE.search(text):
        return Kind.HOST
    return Kind.VALUE if REGION.search(text) else None


def regions_in(text: str) -> tuple[str, ...]:
    """Return the regions that a text names; of an ARN the one in its place."""
    arn = _ARN.match(text)
    if arn is not None and arn["region"]:
        return (arn["region"],)
    return tuple(dict.fromkeys(REGION.findall(text)))


class Judge(Struct, frozen=True, dict=True):
    """Says of texts where they point to.

    :attr:`placeholders` are the globs of tokens, :attr:`replaced` where the checkout replaces each.
    :attr:`homes` are the regions of tables and buckets that the checkout makes, by kind and name.
    """

    primary: str
    recovery: str
    placeholders: tuple[str, ...] = ()
    replaced: Mapping[str, Location | None] = {}
    homes: Mapping[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def _forms(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(translate(one)) for one in self.placeholders)

    def of_text(self, text: Text, kind: Kind, own: str | None = None) -> Pointing:
        """Return where a value points to that may not be known; *own* as for :meth:`of`."""
        if text.known is not None:
            return self.of(text.known, kind, own)
        options = list(texts(text.value)) or [text.flat.replace(OPAQUE, "*")]
        named = {region for one in options for region in regions_in(one)}
        if self.primary in named and len(options) > 1:
            return Pointing(Verdict.DOWN, self.primary, "on some runs")
        if named and len(options) == 1:
            return self._named(named)
        return Pointing(Verdict.UNKNOWN, None, text.why or "it is one of several")

    def of(self, text: str, kind: Kind, own: str | None = None) -> Pointing:
        """Return where *text* points to; *own* is the region of the process, where it is known."""
        found = regions_in(text)
        if found:
            return self._named(found)
        token = self._token(text)
        if token is not None:
            return Pointing(Verdict.UNKNOWN, None, self._filled(token))
        if _HERE.search(text):
            return Pointing(Verdict.OTHER, None, "this machine")
        home = self.homes.get((kind.value, text), frozenset())
        if self.primary in home and self.recovery not in home:
            return Pointing(Verdict.DOWN, self.primary, "it is made there only")
        if kind in FOLLOWING and not _ADDRESS.match(text):
            return self._following(own)
        if self.recovery in home:
            return Pointing(Verdict.RECOVERY, self.recovery, "it is made there")
        return Pointing(Verdict.UNKNOWN, None, "it names no region")

    def _named(self, found: Iterable[str]) -> Pointing:
        named = set(found)
        if {self.primary, self.recovery} <= named:
            return Pointing(Verdict.UNKNOWN, None, "it names both regions")
        for verdict, region in ((Verdict.DOWN, self.primary), (Verdict.RECOVERY, self.recovery)):
            if region in named:
                return Pointing(verdict, region)
        return Pointing(Verdict.OTHER, min(named))

    def _following(self, own: str | None) -> Pointing:
        if own is None:
            return Pointing(Verdict.UNKNOWN, None, "the region of its client is not known")
        found = self._named([own])
        return Pointing(found.verdict, own, "the region of the process")

    def _token(self, text: str) -> str | None:
        words = (match[0] for match in _WORD.finditer(text))
        return next((one for one in words if any(form.match(one) for form in self._forms)), None)

    def _filled(self, token: str) -> str:
        place = self.replaced.get(token)
        if place is None:
            return f"`{token}` is to be filled in"
        return f"`{token}` is filled in by {place}"


def shown(name: str, value: Text) -> str | None:
    """Return a value as it may be shown, with a star for each part that is not known."""
    text = likely(value) or value.flat.replace(OPAQUE, "*")
    return None if text == "*" else masked(name, text)
