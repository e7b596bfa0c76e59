"""The facts of an account: templates, versions and referrers, each with a place to show."""

from __future__ import annotations

from msgspec import Struct

from megalint.finding import Data
from megalint.formats.aws_answers import Inventory, Referrer, Subscription, Template, Version
from megalint.source import Location, Source


class LiveVersion(Struct, frozen=True, eq=False):
    """A version, what is in its user data, and who uses it.

    :attr:`location` is its row in the table of versions. :attr:`script` is the decoded user data, a
    file of its own; None where there is none, or where :attr:`fault` says why it cannot be read.
    :attr:`placeholders` are the words in it that a later step replaces, :attr:`hosts` the load
    balancers that it names. :attr:`users` start machines from it, or were started from it.
    """

    inventory: Inventory
    template: Template
    version: Version
    location: Location
    script: Source | None
    fault: str | None
    placeholders: tuple[str, ...]
    hosts: tuple[str, ...]
    users: tuple[Referrer, ...]

    @property
    def number(self) -> int:
        """The version's number."""
        return self.version.number

    @property
    def name(self) -> str:
        """How people call it."""
        return f"version {self.number} of `{self.template.name}`"

    @property
    def data(self) -> Data:
        """What a finding about it is about."""
        return Data(
            region=self.inventory.region, template=self.template.name, version=str(self.number)
        )

    @property
    def text(self) -> str:
        """The decoded user data; empty where there is none."""
        return "" if self.script is None else self.script.text

    @property
    def is_booted(self) -> bool:
        """Whether machines start from it, or have started."""
        return bool(self.users)


class LiveTemplate(Struct, frozen=True, eq=False):
    """A template with all of its versions that were read; :attr:`table` lists them."""

    inventory: Inventory
    template: Template
    table: Source
    versions: tuple[LiveVersion, ...]

    def version(self, number: int | None) -> LiveVersion | None:
        """Return the version of a number."""
        return next((one for one in self.versions if one.number == number), None)

    @property
    def latest(self) -> LiveVersion | None:
        """The version that ``$Latest`` means."""
        return self.versions[-1] if self.versions else None

    @property
    def default(self) -> LiveVersion | None:
        """The version that ``$Default`` means."""
        return next((one for one in self.versions if one.version.is_default), None)

    @property
    def region(self) -> str:
        """The region it is in."""
        return self.inventory.region

    def data(self, version: str) -> Data:
        """Return what a finding about a version of it is about."""
        return Data(region=self.region, template=self.template.name, version=version)


class LiveReferrer(Struct, frozen=True, eq=False):
    """Something that starts machines from a template.

    :attr:`template` is None where the account has no such template, :attr:`number` the version that
    it comes to today, None where that is not known.
    """

    inventory: Inventory
    referrer: Referrer
    template: LiveTemplate | None
    number: int | None
    location: Location

    @property
    def name(self) -> str:
        """How people call it."""
        return f"{self.referrer.kind} `{self.referrer.name}`"


class LiveTopic(Struct, frozen=True, eq=False):
    """A topic of SNS with its subscriptions; :attr:`location` is its row in the table of topics."""

    inventory: Inventory
    arn: str
    subscriptions: tuple[Subscription, ...]
    location: Location

    @property
    def name(self) -> str:
        """How people call it."""
        return self.arn.rpartition(":")[2]

    @property
    def waiting(self) -> tuple[Subscription, ...]:
        """The subscriptions that nobody has confirmed."""
        return tuple(one for one in self.subscriptions if not one.is_confirmed)

    @property
    def data(self) -> Data:
        """What a finding about it is about."""
        return Data(region=self.inventory.region, arn=self.arn)
