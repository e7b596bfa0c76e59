"""Versions in commands of the aws CLI, as a shell hands them over.

The names of commands and options are those of the aws CLI, which makes them of botocore's models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from msgspec import Struct, field

from megalint.formats.yaml_nodes import (
    Node,
    ScalarNode,
    Unreadable,
    composed,
    elements,
    members,
    span,
)
from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status
from megalint.project.launches.families import DEBIAN, Family
from megalint.project.launches.system import System
from megalint.project.versions import quoting
from megalint.project.versions.facts import (
    ALIASES,
    CreatedVersion,
    Dialect,
    Fact,
    LostAlias,
    Selection,
    Use,
    VersionReference,
    Written,
)
from megalint.project.versions.operations import (
    CREATES,
    DIRECT,
    STARTING,
    WITHOUT_ALIAS,
    kebab,
    option,
)
from megalint.source import Location, Span
from megalint.text import Text
from megalint.values import Choice, Known, Unknown

_DIRECT: Final[Mapping[str, tuple[str, Use]]] = {
    kebab(name): (option(argument), use) for name, (argument, use) in DIRECT.items()
}
_STARTING: Final = frozenset(map(kebab, STARTING))
_SPECIFICATIONS: Final = frozenset(
    {
        *("--launch-template", "--launch-template-configs", "--mixed-instances-policy"),
        *("--spot-fleet-request-config", "--desired-configuration", "--compute-resources"),
    }
)
_NO_ALIAS: Final = frozenset(map(kebab, WITHOUT_ALIAS))
_EXACT: Final = frozenset({"--launch-template-ids", "--launch-template-names"})
_FIRST: Final = re.compile(r"LaunchTemplates\b[^|]*\|?\s*\[0\]|LaunchTemplates\[0\]")
_PART: Final = re.compile(r"(?:starts_with|contains)\s*\(\s*LaunchTemplateName")
_PATTERN: Final = re.compile(
    r"launch-template-name\b.*?Values[\"']?\s*[=:]\s*[\[\"']*(?P<glob>[^,\"'\]]*\*[^,\"'\]]*)"
)
_KEYS: Final = ("Version", "version")
_NAMES: Final = frozenset(
    {"LaunchTemplateId", "LaunchTemplateName", "launchTemplateId", "launchTemplateName"}
    | {"id", "name"}
)
_SHORT: Final = re.compile(r"\b[Vv]ersion=(?P<value>[^,}\s]*)")
_SHORT_NAME: Final = re.compile(r"\b(?:[Ll]aunchTemplate)?(?:Id|Name|id|name)=(?P<value>[^,}\s]*)")


class Asked(Struct, frozen=True):
    """A command of the aws CLI, and the files that its words name with ``file://``.

    :attr:`escape` is the sign with which its shell takes the next one for itself.
    """

    call: Call
    documents: Mapping[str, Text]
    escape: str = "\\"


class Account(System):
    """A machine that keeps what its scripts ask AWS for."""

    family: Family = DEBIAN
    asked: list[Asked] = field(default_factory=list[Asked])

    def run(self, call: Call, shell: Interpreter) -> Status:
        """Run a command."""
        if (call.name or "").rpartition("/")[2] == "aws" and self.dead is None:
            self.asked.append(Asked(call, dict(_documents(call, shell))))
        return System.run(self, call, shell)


def _documents(call: Call, shell: Interpreter) -> Iterator[tuple[str, Text]]:
    for word in call.words:
        if word.flat.startswith("file://"):
            found = shell.file(shell.path(word[len("file://") :]))
            if found is not None and found.content is not None:
                yield word.flat, found.content


def facts_of(asked: Asked) -> Iterator[Fact]:
    """Yield everything that a command says of launch templates."""
    yield from references(asked)
    yield from lost_aliases(asked)
    yield from selections(asked)


def references(asked: Asked) -> Iterator[VersionReference | CreatedVersion]:
    """Yield the versions that a command names, and those it makes."""
    command = _command(asked)
    if command is not None:
        yield from command.created()
        yield from command.references()


def selections(asked: Asked) -> Iterator[Selection]:
    """Yield a question for many templates of which the first is taken."""
    words = asked.call.words
    if all(one.flat != "describe-launch-templates" for one in words):
        return
    options = list(_options(words))
    query = next((value for name, value in options if name == "--query"), None)
    is_exact = any(name in _EXACT for name, _ in options)
    if query is None or is_exact or not _FIRST.search(query.flat) or "sort_by" in query.flat:
        return
    filters = [value.flat for name, value in options if name == "--filters"]
    pattern = next((found["glob"] for one in filters if (found := _PATTERN.search(one))), None)
    if pattern is not None or (not filters and _PART.search(query.flat)):
        yield Selection(query.location or asked.call.location, pattern)


def lost_aliases(asked: Asked) -> Iterator[LostAlias]:
    """Yield each ``$Latest`` that the shell expands before the CLI sees it."""
    command = _command(asked)
    if command is None:
        return
    for one in asked.call.expansions:
        if f"${one.name}" in ALIASES and one.location is not None and _is_nothing(one.value):
            alias = f"${one.name}"
            yield LostAlias(alias, command.name, one.location, escape=asked.escape)
    for document in asked.documents.values():
        for place in _gaps(document):
            alias = f"${place.text.strip('${}')}"
            if alias in ALIASES:
                yield LostAlias(alias, command.name, place, is_in_file=True)


def _is_nothing(value: Text | None) -> bool:
    """Whether a script gives a variable no value: what the environment holds is not known."""
    return value is None or value.known is None or not value


def _gaps(document: Text) -> Iterator[Location]:
    """Yield the places whose text did not get into a document as it is written."""
    for one in document.pieces:
        if one.unknown is not None and one.location is not None:
            yield one.location
    for one, other in pairwise(document.pieces):
        first, second = one.location, other.location
        if first is not None and second is not None and first.source == second.source:
            yield Location(
                first.source, Span(first.span.end, max(first.span.end, second.span.start))
            )


def _command(asked: Asked) -> _Command | None:
    words = asked.call.words
    names = (one.flat for one in words)
    name = next((one for one in names if one in _DIRECT or one in _STARTING), None)
    return None if name is None else _Command(asked, name, tuple(_options(words)))


def _options(words: tuple[Text, ...]) -> Iterator[tuple[str, Text]]:
    """Yield each value with its option; an option may have several."""
    name = ""
    for word in words[1:]:
        if word.flat.startswith("--"):
            name, mark, _ = word.flat.partition("=")
            if mark:
                yield name, word[len(name) + 1 :]
        elif name:
            yield name, word


class _Command(Struct, frozen=True):
    """A command about launch templates, with the values of its options."""

    asked: Asked
    operation: str
    options: tuple[tuple[str, Text], ...]

    @property
    def name(self) -> str:
        return f"aws {self.operation}"

    def references(self) -> Iterator[VersionReference]:
        if self.operation in _DIRECT:
            wanted, use = _DIRECT[self.operation]
            values = [value for name, value in self.options if name == wanted]
            if values:
                yield self._reference(wanted, use, values, self._template())
            return
        for name, value in self.options:
            if name in _SPECIFICATIONS:
                document = self.asked.documents.get(value.flat, value)
                for version, template in _specified(document):
                    values = [] if version is None else [version]
                    yield self._reference(name, Use.START, values, template)

    def created(self) -> Iterator[CreatedVersion]:
        if self.operation == kebab(CREATES):
            place = self.asked.call.location
            yield CreatedVersion(Dialect.CLI, self.name, place, self._template())

    def _template(self) -> str | None:
        names = {"--launch-template-id", "--launch-template-name"}
        return next((value.known for name, value in self.options if name in names), None)

    def _reference(
        self, argument: str, use: Use, values: list[Text], template: str | None
    ) -> VersionReference:
        written = tuple(one for value in values for one in self._written(value))
        location = next((one.location for one in values if one.location), None)
        return VersionReference(
            Dialect.CLI,
            use,
            self.name,
            argument,
            location or self.asked.call.location,
            written,
            template,
            is_absent=not values,
        )

    def _written(self, value: Text) -> Iterator[Written]:
        """Yield a version that is written out; one that is computed, as ``{1..9}`` is, is not."""
        known, location = value.known, value.location
        if location is None:
            return
        if known is None:
            yield from _either(value, location)
            return
        if location.text != known or not known:
            return
        instead = quoting.latest(self.asked.call, location, self.asked.escape)
        if instead is None or self.operation in _NO_ALIAS:
            yield Written(known, location)
        else:
            yield Written(known, *instead)


def _either(value: Text, location: Location) -> Iterator[Written]:
    """Yield the versions of which a value is one: ``${VERSION:-2}``, or what a branch set."""
    choice = value.value
    options = choice.alternatives if isinstance(choice, Choice) else ()
    is_fallback = any(isinstance(one, Unknown) for one in options)
    for one in options:
        if isinstance(one, Known) and isinstance(one.value, str) and one.value:
            yield Written(one.value, location, is_fallback=is_fallback)


def _specified(document: Text) -> Iterator[tuple[Text | None, str | None]]:
    """Yield version and name of each template in a specification: JSON, or the CLI's short form."""
    if document.flat.lstrip()[:1] in {"{", "["}:
        yield from _in_json(document)
        return
    name = _SHORT_NAME.search(document.flat)
    template = None if name is None else document[slice(*name.span("value"))].known
    found = [document[slice(*one.span("value"))] for one in _SHORT.finditer(document.flat)]
    for version in found:
        yield version.unquoted, template
    if name is not None and not found:
        yield None, template


def _in_json(document: Text) -> Iterator[tuple[Text | None, str | None]]:
    """Yield the version and the name of each template in a JSON document."""
    try:
        root = composed(document.flat)
    except Unreadable:
        return
    for holder in _holders(root):
        keys = dict(members(holder))
        version = next((_scalar(document, keys[key]) for key in _KEYS if key in keys), None)
        name = next((_scalar(document, keys[key]) for key in keys if key in _NAMES), None)
        yield version, None if name is None else name.known


def _holders(node: Node | None) -> Iterator[Node]:
    entries = list(members(node))
    if node is not None and any(key in _NAMES for key, _ in entries):
        yield node
    for one in [value for _, value in entries] or elements(node):
        yield from _holders(one)


def _scalar(document: Text, node: Node) -> Text:
    if not isinstance(node, ScalarNode):
        return Text()
    return document[span(node)].unquoted
