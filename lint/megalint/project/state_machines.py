"""State machines, wherever they are defined: of resources, as they are rendered, and in files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from msgspec import Struct

from megalint.formats.states_language import Part, machines
from megalint.project import python_machines
from megalint.project.checkout import Checkout
from megalint.project.resources import Resource, resources
from megalint.project.versions.contexts import is_test
from megalint.source import Source
from megalint.text import Text

_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml", ".template"})
_TERRAFORM: Final = "aws_sfn_state_machine"
_STACKS: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_FILES: Final = ("DefinitionUri", "DefinitionS3Location")
_MARK: Final = re.compile(r"\$\{(\w+)\}")


class Definition(Struct, frozen=True):
    """A state machine as it is defined, and the resource that it is of, where that is written."""

    machine: Part
    owner: Resource | None = None


def definitions(checkout: Checkout) -> tuple[Definition, ...]:
    """Return every state machine of the checkout."""
    return checkout.view(_all)


def _all(checkout: Checkout) -> tuple[Definition, ...]:
    owned = tuple(_owned(checkout))
    rendered = {one.machine.location.source for one in owned if one.machine.location}
    places = {one.machine.location for one in owned}
    free = [one for one in _of_files(checkout, rendered) if one.machine.location not in places]
    written = (Definition(one) for one in python_machines.machines_of(checkout))
    return (*owned, *free, *written)


def _of_files(checkout: Checkout, rendered: set[Source]) -> Iterator[Definition]:
    for source in checkout:
        is_written = source.path.suffix in _SUFFIXES and source.mentions("StartAt")
        is_done = source in rendered and not source.mentions("Resources")
        if is_written and not is_done and not is_test(source):
            yield from (Definition(one) for one in machines(Text.of(source)))


def _owned(checkout: Checkout) -> Iterator[Definition]:
    for one in resources(checkout, _TERRAFORM):
        yield from _defined(one, one.properties.get("definition"))
    for one in resources(checkout, *_STACKS):
        if not is_test(one.location.source):
            for name in ("Definition", "DefinitionString"):
                yield from _defined(one, one.properties.get(name))
            for name in _FILES:
                yield from _in_file(checkout, one, one.properties.get(name))


def _defined(owner: Resource, given: Part | None) -> Iterator[Definition]:
    if given is not None and isinstance(given.value, Mapping):
        yield Definition(given, owner)
    elif given is not None and isinstance(given.value, Text):
        yield from (Definition(one, owner) for one in machines(given.value))


def _in_file(checkout: Checkout, owner: Resource, path: Part | None) -> Iterator[Definition]:
    """Yield the machine of a file beside the template, with what is put in for its marks."""
    written = None if path is None else path.text
    if written is None or written.startswith("s3:"):
        return
    folder = owner.location.source.path.parent
    source = checkout.get(PurePosixPath(normpath(str(folder / written))))
    if source is not None:
        given = owner.properties.get("DefinitionSubstitutions")
        yield from (Definition(one, owner) for one in machines(_substituted(source, given)))


def _substituted(source: Source, given: Part | None) -> Text:
    text = Text.of(source)

    def one(match: re.Match[str]) -> Text:
        value = None if given is None else given.get(match[1])
        own = text[match.start() : match.end()]
        return value.value if value is not None and isinstance(value.value, Text) else own

    return text.replaced(_MARK, one)
