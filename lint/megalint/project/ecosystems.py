"""PM2's ecosystem files of a checkout: which process may be an app, and what it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.project.launches import ecosystem
from megalint.source import Location, Source
from megalint.text import Text

_NAME: Final = re.compile(r"(?:ecosystem|pm2)(?:\.config)?\.(?:js|cjs|mjs|json)$")
_MAY_BE_NEXT: Final = re.compile(r"\bnext\b|\b(?:npm|pnpm|yarn|bun)\b|server\.js\b|\bstart\b")

_Variable = tuple[str, str, Location]


class Process(Struct, frozen=True):
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
    for app in ecosystem.apps(Text.of(source), str(source.path)):
        command = " ".join(word.flat for word in app.words)
        if app.location is not None:
            yield Process(command, app.folder, tuple(_variables(app)), app.location)


def _variables(app: ecosystem.App) -> Iterator[_Variable]:
    for name, block in app.blocks.items():
        for entry in block if name == "env" or name.startswith("env_prod") else ():
            is_written = entry.value is not None and entry.reads is None
            text = entry.value.flat if is_written and entry.value is not None else ""
            if entry.location is not None:
                yield entry.name, text, entry.location
