"""Compose files that a script writes: the services, with their values put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from megalint.formats import compose
from megalint.formats.compose import Entry
from megalint.languages.shell.state import Variable
from megalint.source import Source
from megalint.text import Text, joined

_REFERENCE: Final = re.compile(
    r"\$(?:\$|\{(?P<name>\w+)(?:(?P<sign>:?[-?+])(?P<word>[^}]*))?\}|(?P<bare>\w+))"
)


@dataclass(frozen=True, slots=True)
class Service:
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
    return Variable(_interpolated(value, given), True, place, "in compose")


def _interpolated(value: Text, given: Mapping[str, Variable]) -> Text:
    parts: list[Text] = []
    at = 0
    for match in _REFERENCE.finditer(value.flat):
        parts.append(value[at : match.start()])
        at = match.end()
        name = match["name"] or match["bare"]
        if name is None:
            parts.append(value[match.start() : match.start() + 1])
            continue
        variable = given.get(name)
        found = Text() if variable is None or variable.value is None else variable.value
        sign = match["sign"] or ""
        is_set = bool(found) if sign.startswith(":") else variable is not None
        if sign[-1:] == "-" and not is_set:
            found = value[match.start("word") : match.end("word")]
        elif sign[-1:] == "+":
            found = value[match.start("word") : match.end("word")] if is_set else Text()
        parts.append(found)
    return joined([*parts, value[at:]])
