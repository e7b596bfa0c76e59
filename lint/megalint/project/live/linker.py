"""Link an account: which version each referrer comes to, what is in it, and what boots from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.formats.aws_answers import Inventory, Referrer, Subscription, Template, Version
from megalint.numerals import is_whole
from megalint.project.launches.facts import UserData
from megalint.project.linked import Linker, Project
from megalint.project.live import table
from megalint.project.live.decode import Undecodable, decoded
from megalint.project.live.facts import LiveReferrer, LiveTemplate, LiveTopic, LiveVersion
from megalint.source import Location, Source, Span
from megalint.text import Text

ROOT: Final = PurePosixPath("lt")
_HOST: Final = re.compile(
    r"(?<![\w-])[\w-]{1,63}\.elb\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?"
    r"|(?<![\w-])[\w-]{1,63}\.[a-z]{2}(?:-[a-z]+)+-\d\.elb\.amazonaws\.com(?:\.cn)?"
)
"""The names of load balancers: network ones, then application and classic ones."""
_COMMENT: Final = re.compile(r"^[ \t]*#(?!!)[^\n]*", re.MULTILINE)
_WORD: Final = re.compile(r"[A-Za-z0-9_@{}]+")
_AMONG: Final = ("$Latest", "$Default")


def number_of(template: Template, version: str | None) -> int | None:
    """Return the number that a referrer's version comes to, None where that is not known."""
    if version is not None and is_whole(version):
        return int(version)
    meant = template.latest if version == _AMONG[0] else template.default
    return None if meant is None else meant.number


def _link(project: Project) -> Iterator[LiveTemplate | LiveVersion | LiveReferrer | LiveTopic]:
    forms = tuple(re.compile(translate(one)) for one in project.config.placeholders)
    accounts = {one.account for one in project.inventories}
    for inventory in project.inventories:
        folder = ROOT / inventory.region
        if len(accounts) > 1:
            folder = ROOT / inventory.account / inventory.region
        yield from _Region(inventory, folder, forms).facts()


class _Content(Struct, frozen=True):
    """What a version holds, and who uses it."""

    script: Source | None
    fault: str | None
    placeholders: tuple[str, ...]
    hosts: tuple[str, ...]
    users: tuple[Referrer, ...]


class _Region:
    def __init__(
        self, inventory: Inventory, folder: PurePosixPath, forms: tuple[re.Pattern[str], ...]
    ) -> None:
        self._inventory = inventory
        self._folder = folder
        self._forms = forms
        self._taken: set[str] = set()

    def facts(self) -> Iterator[LiveTemplate | LiveVersion | LiveReferrer | LiveTopic]:
        known: list[LiveTemplate] = []
        for template in self._inventory.templates:
            found = self._template(template)
            known.append(found)
            yield found
            yield from found.versions
        yield from self._referrers(known)
        yield from self._topics()

    def _template(self, template: Template) -> LiveTemplate:
        folder = self._folder / self._name(template)
        held = [self._version(template, one, folder) for one in template.versions]
        rows = [table.HEAD, *(_row(template, version, one) for version, one in held)]
        text = "\n".join(table.lines(rows)) + "\n"
        source = Source(folder / "versions", text)
        versions = tuple(
            LiveVersion(
                self._inventory,
                template,
                version,
                Location(source, source.line_span(place)),
                one.script,
                one.fault,
                one.placeholders,
                one.hosts,
                one.users,
            )
            for place, (version, one) in enumerate(held, 2)
        )
        return LiveTemplate(self._inventory, template, source, versions)

    def _name(self, template: Template) -> str:
        """Return a folder's name for a template, its own among those of the region."""
        name = re.sub(r"[^\w().-]", "_", template.name) or template.id
        if name in self._taken:
            name = f"{name}-{template.id}"
        self._taken.add(name)
        return name

    def _version(
        self, template: Template, version: Version, folder: PurePosixPath
    ) -> tuple[Version, _Content]:
        text, fault = "", None
        try:
            text = decoded(version.user_data) if version.user_data else ""
        except Undecodable as error:
            fault = str(error)
        read = _COMMENT.sub("", text)
        script = Source(folder / str(version.number) / "user-data.sh", text) if text else None
        return version, _Content(
            script,
            fault,
            tuple(self._placeholders(read)),
            tuple(dict.fromkeys(one[0] for one in _HOST.finditer(read))),
            tuple(self._users(template, version.number)),
        )

    def _placeholders(self, text: str) -> Iterator[str]:
        words = dict.fromkeys(match[0] for match in _WORD.finditer(text))
        return (word for word in words if any(form.fullmatch(word) for form in self._forms))

    def _users(self, template: Template, number: int) -> Iterator[Referrer]:
        for one in self._inventory.referrers or ():
            if _meets(one, template) and number_of(template, one.version) == number:
                yield one

    def _referrers(self, known: list[LiveTemplate]) -> Iterator[LiveReferrer]:
        referrers = self._inventory.referrers or ()
        if not referrers:
            return
        shown = table.lines([_referrer_row(one) for one in referrers])
        source = Source(self._folder / "referrers", "\n".join(shown) + "\n")
        for place, one in enumerate(referrers, 1):
            template = next((held for held in known if _meets(one, held.template)), None)
            number = None if template is None else number_of(template.template, one.version)
            location = Location(source, source.line_span(place))
            yield LiveReferrer(self._inventory, one, template, number, location)

    def _topics(self) -> Iterator[LiveTopic]:
        held: dict[str, list[Subscription]] = {}
        for one in self._inventory.subscriptions or ():
            held.setdefault(one.topic, []).append(one)
        shown = table.lines([_topic_row(arn, held[arn]) for arn in held]) if held else []
        source = Source(self._folder / "topics", "\n".join(shown) + "\n")
        for place, (arn, own) in enumerate(held.items(), 1):
            location = Location(source, source.line_span(place))
            yield LiveTopic(self._inventory, arn, tuple(own), location)


def _meets(referrer: Referrer, template: Template) -> bool:
    if referrer.template_id is not None:
        return referrer.template_id == template.id
    return referrer.template_name == template.name


def _row(template: Template, version: Version, found: _Content) -> tuple[str, ...]:
    fault = f"({found.fault})" if found.fault else ""
    return (
        str(version.number),
        version.created[:10],
        table.author(version),
        ", ".join(table.marks(template, version)),
        ", ".join(table.users(found.users)),
        ", ".join(found.placeholders) or fault,
        ", ".join(found.hosts),
        version.image or "",
    )


def _referrer_row(one: Referrer) -> tuple[str, ...]:
    desired = "" if one.desired is None else f"desired {one.desired}"
    name = one.template_name or one.template_id or ""
    return one.kind, one.name, name, f"version {one.version or '(none: $Default)'}", desired


def _topic_row(arn: str, held: list[Subscription]) -> tuple[str, ...]:
    words = [f"{one.protocol} {'confirmed' if one.is_confirmed else 'waiting'}" for one in held]
    return arn.rpartition(":")[2], ", ".join(words)


def user_data(project: Project) -> Iterator[UserData]:
    """Yield the user data of each version of the templates that are in use, or may be."""
    for template in project.each(LiveTemplate):
        is_used = any(one.is_booted for one in template.versions)
        if not is_used and template.inventory.referrers is not None:
            continue
        for version in template.versions:
            if version.script is not None:
                yield UserData(
                    Text.of(version.script),
                    Location(version.script, Span(0, 0)),
                    f"{version.template.name} version {version.number}",
                    version.inventory.region,
                )


FACTS: Final = (LiveTemplate, LiveVersion, LiveReferrer, LiveTopic)
"""What only an account says: without one, there is none of them."""
LINKER: Final = Linker(FACTS, _link)
