"""systemd: unit files and the env files they name (measured with systemd 252)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from megalint.source import Location
from megalint.text import Text, joined

_SECTION: Final = re.compile(r"\s*\[([^\]]+)\]\s*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Setting(Struct, frozen=True):
    """One ``Key=value`` of a section; the value with the lines that continue it."""

    section: str
    key: str
    value: Text
    location: Location | None


class Assignment(Struct, frozen=True):
    """A variable, and where it is set."""

    name: str
    value: Text
    location: Location | None


class Unit(Struct, frozen=True):
    """A unit with its drop-ins."""

    settings: tuple[Setting, ...]

    def last(self, key: str, section: str = "Service") -> Text | None:
        """Return the value that holds; None where there is none or it was emptied."""
        found = self.all(key, section)
        return found[-1] if found else None

    def all(self, key: str, section: str = "Service") -> list[Text]:
        """Return the values of a list; an empty one takes those before it away."""
        found: list[Text] = []
        for one in self.settings:
            if one.section == section and one.key == key:
                if one.value:
                    found.append(one.value)
                else:
                    found.clear()
        return found

    def environment(self) -> Iterator[Assignment]:
        """Yield what ``Environment=`` sets, in order."""
        for value in self.all("Environment"):
            for word in words(value):
                name, mark, _ = word.flat.partition("=")
                if mark and _NAME.fullmatch(name):
                    yield Assignment(name, word[len(name) + 1 :], word.location)


def parse(texts: Iterable[Text]) -> Unit:
    """Return the unit that a unit file and its drop-ins, in order, make."""
    return Unit(tuple(setting for text in texts for setting in _settings(text)))


def _settings(text: Text) -> Iterator[Setting]:
    section = ""
    for line in _logical(text):
        flat = line.flat.strip()
        if not flat or flat[0] in "#;":
            continue
        match = _SECTION.fullmatch(flat)
        if match is not None:
            section = match[1]
            continue
        key, mark, _ = line.flat.partition("=")
        if mark:
            value = line[len(key) + 1 :].stripped
            yield Setting(section, key.strip(), value, line.location)


def _logical(text: Text) -> Iterator[Text]:
    """Yield the lines, those that end in a backslash joined by a blank."""
    pending: list[Text] = []
    for line in text.lines():
        if pending and line.flat.lstrip()[:1] in {"#", ";"}:
            continue
        if line.flat.endswith("\\"):
            pending += [line[:-1], Text.literal(" ")]
            continue
        yield joined([*pending, line])
        pending = []
    if pending:
        yield joined(pending)


def words(value: Text) -> Iterator[Text]:
    """Yield the words of a value: quotes are taken off, nothing is expanded."""
    flat, at = value.flat, 0
    while at < len(flat):
        if flat[at].isspace():
            at += 1
            continue
        parts: list[Text] = []
        while at < len(flat) and not flat[at].isspace():
            at = _part(value, at, parts)
        yield joined(parts)


def _part(value: Text, at: int, parts: list[Text]) -> int:
    flat = value.flat
    char = flat[at]
    if char in "'\"":
        end = at + 1
        while end < len(flat) and flat[end] != char:
            if flat[end] == "\\" and end + 1 < len(flat):
                parts.append(value[at + 1 : end])
                at = end
                end += 1
            end += 1
        parts.append(value[at + 1 : end])
        return end + 1
    end = at
    while end < len(flat) and not flat[end].isspace() and flat[end] not in "'\"\\":
        end += 1
    parts.append(value[at:end])
    if end < len(flat) and flat[end] == "\\":
        parts.append(value[end + 1 : end + 2])
        return end + 2
    return end


def environment_file(text: Text) -> Iterator[Assignment]:
    """Yield what an ``EnvironmentFile=`` sets: no export, no expansion, no comment at the end."""
    if text.flat.startswith("\ufeff"):
        first = text.flat.find("\n")
        text = text[first + 1 :] if first >= 0 else Text()
    for line in _continued(text):
        flat = line.flat.strip()
        if not flat or flat[0] in "#;":
            continue
        name, mark, _ = line.flat.partition("=")
        if mark and _NAME.fullmatch(name.strip()):
            yield Assignment(name.strip(), line[len(name) + 1 :].stripped.unquoted, line.location)


def _continued(text: Text) -> Iterator[Text]:
    pending: list[Text] = []
    for line in text.lines():
        flat = line.flat.rstrip("\r")
        line = line[: len(flat)]
        if flat.endswith("\\"):
            pending.append(line[:-1])
            continue
        yield joined([*pending, line])
        pending = []
