"""turbo.json: which variables reach a task (measured with turbo 1.13 and 2.5)."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

from msgspec import Struct

from megalint.formats import jsonc
from megalint.formats.jsonc import Json
from megalint.source import Location, Source

_ALWAYS: Final = frozenset(
    [
        *("HOME", "USER", "PATH", "PWD", "SHELL", "TZ", "LANG", "TERM", "TMP", "TEMP", "DISPLAY"),
        *("CI", "NODE_OPTIONS", "LD_LIBRARY_PATH", "COREPACK_HOME", "PNPM_HOME", "NOW_BUILDER"),
        *("APPDATA", "PROGRAMDATA", "SYSTEMROOT", "SYSTEMDRIVE", "USERPROFILE", "TURBO_HASH"),
    ]
)
_ALWAYS_PREFIXED: Final = (
    *("NEXT_", "VERCEL", "DOCKER_", "BUILDKIT_", "COMPOSE_", "VSCODE_", "npm_", "JB_"),
)
"""Names that turbo 2 hands to every task in strict mode."""
_ALWAYS_IN_1: Final = frozenset({"HOME", "PATH", "PWD", "SHELL", "SYSTEMROOT", "TURBO_HASH"})
_ALWAYS_PREFIXED_IN_1: Final = ("NEXT_PUBLIC_", "VERCEL_ANALYTICS_ID", "npm_")
_EXTENDS: Final = "$TURBO_EXTENDS$"
_WILDCARD: Final = re.compile(r"[\[\]?]")


class Task(Struct, frozen=True):
    """A task as it runs in one package.

    :attr:`groups` are lists of names and wildcards; ``!NAME`` takes a name out of its own list,
    wherever it stands, and a name passes when one list lets it through.
    """

    place: Location
    groups: tuple[tuple[str, ...], ...]
    is_strict: bool
    is_version_2: bool = True

    def passes(self, variable: str) -> bool:
        """Whether a task of a Next.js app sees *variable* when turbo's own process has it."""
        names = _ALWAYS if self.is_version_2 else _ALWAYS_IN_1
        prefixes = _ALWAYS_PREFIXED if self.is_version_2 else _ALWAYS_PREFIXED_IN_1
        if not self.is_strict or variable in names or variable.startswith(prefixes):
            return True
        return any(_lets_through(group, variable) for group in self.groups)


class Turbo(Struct, frozen=True):
    """A turbo.json of the root or of a package."""

    source: Source
    json: Json

    @property
    def tasks(self) -> dict[str, Json]:
        """The definitions by name: ``tasks`` since 2, ``pipeline`` before."""
        return self.json.items("tasks") or self.json.items("pipeline")

    @property
    def is_root(self) -> bool:
        """Whether this is the file of the whole repository: a package's names what it extends."""
        return self.json.get("extends") is None

    @property
    def is_version_2(self) -> bool:
        """Whether only turbo 2 and later read this file."""
        return self.json.get("pipeline") is None and self.json.get("tasks") is not None

    def task(self, name: str, package: str, own: Turbo | None = None) -> Task | None:
        """Return what *name* is in *package*, whose own turbo.json is *own*; None where undefined.

        ``package#name`` replaces ``name``; the package's file replaces it key by key.
        """
        base = self.tasks.get(f"{package}#{name}") or self.tasks.get(name)
        over = None if own is None else own.tasks.get(name)
        if base is None and over is None:
            return None
        env = _merged(base, over, "env")
        passed = (*self.json.texts("globalPassThroughEnv"), *_merged(base, over, "passThroughEnv"))
        place = self._place(base) if own is None or over is None else own._place(over)
        groups = (self.json.texts("globalEnv"), env, passed)
        return Task(place, groups, self._is_strict(base, over), self.is_version_2)

    def _is_strict(self, base: Json | None, over: Json | None) -> bool:
        """Turbo 2 is strict unless told otherwise; 1 is where something names passThroughEnv."""
        if self.is_version_2:
            return self.json.text("envMode") != "loose"
        named = (one.get("passThroughEnv") for one in (base, over) if one is not None)
        return self.json.get("globalPassThroughEnv") is not None or any(
            one is not None for one in named
        )

    def _place(self, task: Json | None) -> Location:
        span = self.json.span if task is None else task.key_span or task.span
        return Location(self.source, span)


def parse(source: Source) -> Turbo:
    """Return the configuration in *source*."""
    return Turbo(source, jsonc.parse(source))


def _merged(base: Json | None, over: Json | None, key: str) -> tuple[str, ...]:
    inherited = () if base is None else base.texts(key)
    if over is None or over.get(key) is None:
        return inherited
    own = over.texts(key)
    return (*inherited, *own) if _EXTENDS in own else own


def _lets_through(patterns: tuple[str, ...], variable: str) -> bool:
    wanted = [one for one in patterns if not one.startswith("!")]
    excluded = [one[1:] for one in patterns if one.startswith("!")]
    return _matches(wanted, variable) and not _matches(excluded, variable)


def _matches(patterns: list[str], variable: str) -> bool:
    """Only ``*`` is a wildcard; turbo 1 also allows the old ``$NAME``."""
    return any(
        fnmatchcase(variable, _WILDCARD.sub(r"[\g<0>]", one.removeprefix("$"))) for one in patterns
    )
