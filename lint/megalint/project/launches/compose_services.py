"""Compose files that a script writes: the services, with their values put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from megalint.formats import compose
from megalint.formats.compose import Entry
from megalint.languages.shell.state import Variable, either
from megalint.source import Source
from megalint.text import Text


class Service(Struct, frozen=True):
    """A service and the variables of its container."""

    name: str
    environment: Mapping[str, Variable]
    env_files: tuple[str, ...]


def services(text: Text, given: Mapping[str, Variable]) -> Iterator[Service]:
    """Yield the services of a compose file; *given* is what compose interpolates from."""
    source = Source(PurePosixPath("compose.yaml"), text.flat)
    for one in compose.parse(source).services:
        environment = {
            entry.name: variable
            for entry in one.environment
            if (variable := _variable(text, entry, given)) is not None
        }
        yield Service(one.name, environment, one.env_files)


def _variable(text: Text, entry: Entry, given: Mapping[str, Variable]) -> Variable | None:
    place = text.locate(entry.location.span)
    if entry.value is None:
        return given.get(entry.name)
    start = text.flat.find(entry.value, entry.location.span.start, entry.location.span.end)
    value = (
        Text.literal(entry.value, place) if start < 0 else text[start : start + len(entry.value)]
    )

    def get(name: str) -> Text | None:
        variable = given.get(name)
        return None if variable is None else variable.value

    return Variable(compose.interpolated(value, get, either), True, place, "in compose")
