"""pnpm-workspace.yaml: which folders are packages, and the ranges that ``catalog:`` names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.source import Source

_LINE: Final = re.compile(
    r"""^(?P<indent>[ ]*)(?P<dash>-[ ]+)?
    (?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s"'#:][^\n:]*?))
    (?:[ ]*:(?:[ ]+(?P<value>[^\n]*?))?)?[ ]*(?:[ ]\#[^\n]*)?\r?$""",
    re.MULTILINE | re.VERBOSE,
)
_FLOW_ITEM: Final = re.compile(r""""([^"\n]*)"|'([^'\n]*)'|([^\s,\[\]"']+)""")


class PnpmWorkspace(Struct, frozen=True):
    """A pnpm-workspace.yaml.

    :attr:`catalogs` are ranges by catalog and package; the nameless catalog is ``default``.
    """

    source: Source
    packages: tuple[str, ...]
    catalogs: dict[str, dict[str, str]]


def parse(source: Source) -> PnpmWorkspace:
    """Return what *source* says; lines of other shapes are passed over."""
    packages: list[str] = []
    catalogs: dict[str, dict[str, str]] = {}
    for path, value in _entries(source.text):
        if path == ["packages"]:
            packages.extend(_flow(value) if value.startswith("[") else [value] if value else [])
        elif path[0] == "catalog" and len(path) == 2:  # noqa: PLR2004
            catalogs.setdefault("default", {})[path[1]] = value
        elif path[0] == "catalogs" and len(path) == 3:  # noqa: PLR2004
            catalogs.setdefault(path[1], {})[path[2]] = value
    return PnpmWorkspace(source, tuple(packages), catalogs)


def _entries(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield each line as its path of keys and its value; an item's path is that of its list."""
    open_keys: list[tuple[int, str]] = []
    for match in _LINE.finditer(text):
        name = match["double"] or match["single"] or match["bare"] or ""
        indent = len(match["indent"])
        if match["dash"]:
            keys = [key for depth, key in open_keys if depth <= indent]
            if keys:
                yield keys, name
            continue
        while open_keys and open_keys[-1][0] >= indent:
            open_keys.pop()
        open_keys.append((indent, name))
        yield [key for _, key in open_keys], _unquoted(match["value"] or "")


def _flow(text: str) -> list[str]:
    return ["".join(one) for one in _FLOW_ITEM.findall(text)]


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
