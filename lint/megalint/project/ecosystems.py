"""PM2's ecosystem files: the processes and their variables, as far as they are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from megalint.formats import jsonc
from megalint.formats.jsonc import Json
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.source import Location, Source

_NAME: Final = re.compile(r"(?:ecosystem|pm2)(?:\.config)?\.(?:js|cjs|mjs|json)$")
_MAY_BE_NEXT: Final = re.compile(r"\bnext\b|\b(?:npm|pnpm|yarn|bun)\b|server\.js\b|\bstart\b")

_Variable = tuple[str, str, Location]


@dataclass(frozen=True, slots=True)
class Process:
    """One entry of ``apps``. :attr:`environment` holds name, value ("" where computed) and place.

    :attr:`folder` is ``cwd`` as written, or None.
    """

    command: str
    folder: str | None
    environment: tuple[_Variable, ...]
    location: Location

    @property
    def may_be_next(self) -> bool:
        """Whether the command is one that Next.js apps are started with."""
        return _MAY_BE_NEXT.search(self.command) is not None


def is_ecosystem(path: PurePosixPath) -> bool:
    """Whether PM2 would take a file for its configuration, by its name."""
    return _NAME.search(path.name) is not None


def processes(source: Source) -> Iterator[Process]:
    """Yield the processes that *source* names."""
    if source.path.suffix == ".json":
        for entry in jsonc.parse(source).elements("apps"):
            yield _from_json(source, entry)
        return
    for node in walk(parse(source)):
        if isinstance(node, js.Object):
            members = _members(node)
            if isinstance(members.get("script"), js.Literal):
                yield _from_object(source, node, members)


def _from_json(source: Source, entry: Json) -> Process:
    words = (entry.text("script"), entry.text("args"), *entry.texts("args"))
    environment = tuple(
        (name, str(value.value), Location(source, value.key_span or value.span))
        for key, block in entry.items().items()
        if _is_environment(key) and isinstance(block.value, dict)
        for name, value in block.value.items()
    )
    command = " ".join(word for word in words if word)
    return Process(command, entry.text("cwd"), environment, Location(source, entry.span))


def _from_object(source: Source, node: js.Object, members: dict[str, js.Expression]) -> Process:
    words = [_text(members.get("script")), _text(members.get("args"))]
    listed = members.get("args")
    if isinstance(listed, js.Array):
        words += [_text(one) for one in listed.elements]
    environment = tuple(
        variable
        for key, block in members.items()
        if _is_environment(key) and isinstance(block, js.Object)
        for variable in _variables(source, block)
    )
    command = " ".join(word for word in words if word)
    folder = _text(members.get("cwd"))
    return Process(command, folder, environment, Location(source, node.span))


def _is_environment(key: str) -> bool:
    return key == "env" or key.startswith("env_prod")


def _variables(source: Source, block: js.Object) -> Iterator[_Variable]:
    for member in block.members:
        if isinstance(member, js.Property) and not member.is_computed:
            name = _key(member)
            if name is not None:
                yield name, _text(member.value) or "", Location(source, member.span)


def _members(node: js.Object) -> dict[str, js.Expression]:
    found = (one for one in node.members if isinstance(one, js.Property) and not one.is_computed)
    return {name: one.value for one in found if (name := _key(one)) is not None}


def _key(member: js.Property) -> str | None:
    if isinstance(member.key, js.Name):
        return member.key.text
    return _text(member.key)


def _text(node: js.Expression | None) -> str | None:
    if isinstance(node, js.Literal) and node.value is not None:
        return str(node.value)
    return None
