"""What holds in a run: the settings of all its configuration files and of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, Literal

from msgspec import Struct, field

from megalint.config.mistakes import Mistake
from megalint.config.reading import HERE, Layer
from megalint.config.settings import PLACEHOLDERS
from megalint.finding import Severity
from megalint.source import Source

OFF: Final = "off"
Level = Severity | Literal["off"]


class Recovery(Struct, frozen=True):
    """How long a failover may take, and how long a machine takes to answer, in seconds."""

    rto: int | None = None
    boot: int | None = None


class Regions(Struct, frozen=True):
    """Where the image is built, and where it must also run."""

    primary: str | None = None
    recovery: tuple[str, ...] = ()

    @property
    def is_several(self) -> bool:
        """Whether the same image must run in more than one region."""
        return len({self.primary, *self.recovery} - {None}) > 1


class Image(Struct, frozen=True):
    """The image that the launches boot: its family of Linux, and where the repository lies."""

    os: str | None = None
    root: str | None = None


class Service(Struct, frozen=True):
    """A contract stated by people: what the process of an app must be given.

    :attr:`app` is the app's folder, :attr:`process` the name that its launches give it.
    :attr:`channels` are ``process`` and ``env-file``; :attr:`standalone` is one of
    :data:`megalint.config.STANDALONE`.
    """

    name: str
    app: str = ""
    process: str | None = None
    require: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    standalone: str = "auto"


class Scope(Struct, frozen=True):
    """What one file says of the rules and files in its folder and below.

    Rules are named by id, by family, or by a glob over both; paths by globs from the folder.
    Nothing that is said above a folder with :attr:`is_root` holds in it.
    """

    folder: PurePosixPath = HERE
    exclude: tuple[str, ...] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)
    per_path: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_root: bool = False

    @property
    def prefix(self) -> str:
        """What the paths of its files begin with."""
        return "" if self.folder == HERE else f"{self.folder.as_posix()}/"

    def excludes(self, path: str) -> bool:
        """Whether the file at *path*, which is below the folder, is left out."""
        inner = path[len(self.prefix) :]
        return any(fnmatch(inner, glob) for glob in self.exclude)

    def level_at(self, path: str, rule_id: str, family: str) -> Level | None:
        """Return what is said of a rule in the file at *path*; None: nothing."""
        inner = path[len(self.prefix) :]
        for glob, names in self.per_path:
            if fnmatch(inner, glob) and any(_names(one, rule_id, family) for one in names):
                return OFF
        return self.level(rule_id, family)

    def level(self, rule_id: str, family: str) -> Level | None:
        """Return the level set for a rule, or None: its id goes before globs and its family.

        Of several globs that match, the last one written holds.
        """
        return level_in(self.levels, rule_id, family)


class Config(Struct, frozen=True, dict=True):
    """The settings of one run; the defaults hold where nothing is written.

    :attr:`scopes` are what the files say of the rules below them, outer ones before inner ones;
    :attr:`levels` is what the command line says, which goes before them all. :attr:`has_nested`:
    files below the root are read, too.
    """

    regions: Regions = Regions()
    recovery: Recovery = Recovery()
    fail_on: str | None = None
    services: tuple[Service, ...] = ()
    image: Image = Image()
    placeholders: tuple[str, ...] = PLACEHOLDERS
    scopes: tuple[Scope, ...] = ()
    levels: Mapping[str, Severity] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    has_nested: bool = True

    @property
    def required(self) -> frozenset[str]:
        """The variables that any service requires."""
        return frozenset(name for service in self.services for name in service.require)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The configuration files, that of the root first."""
        return tuple(layer.source for layer in self.layers)

    def excludes(self, path: PurePosixPath) -> bool:
        """Whether the file at *path* is left out."""
        text = path.as_posix()
        return any(scope.excludes(text) for scope in self._around(text))

    def level_at(
        self, path: PurePosixPath, rule_id: str, family: str, *, is_live: bool = False
    ) -> Level | None:
        """Return the level of a rule in a file; None: its own.

        The nearest configuration that says something of the rule holds; of what is live, and so
        lies in no folder, that of the root. What the command line says is how severe the rule is
        where it is on.
        """
        text = path.as_posix()
        around = self._around(text, is_live=is_live)
        said = (scope.level_at(text, rule_id, family) for scope in around)
        found = next((level for level in said if level is not None), None)
        asked = None if found == OFF else level_in(self.levels, rule_id, family)
        return found if asked is None else asked

    def is_off(self, path: PurePosixPath, rule_id: str, family: str) -> bool:
        """Whether a rule is not to be reported in the file at *path*."""
        return self.level_at(path, rule_id, family) == OFF

    def is_on(self, rule_id: str, family: str) -> bool:
        """Whether a rule may report anywhere."""
        said = [scope.level(rule_id, family) for scope in self.scopes]
        outermost = said[0] if self.scopes and self.scopes[0].prefix == "" else None
        inner_root = any(scope.is_root and scope.prefix for scope in self.scopes)
        return outermost != OFF or inner_root or any(one not in {None, OFF} for one in said)

    def _around(self, path: str, *, is_live: bool = False) -> Iterator[Scope]:
        """Yield the scopes that hold at *path*, the nearest first."""
        folder = path
        while folder:
            folder = "" if is_live else folder.rpartition("/")[0]
            scope = self._by_folder.get(folder)
            if scope is not None:
                yield scope
            if not folder or (scope is not None and scope.is_root):
                return

    @cached_property
    def _by_folder(self) -> dict[str, Scope]:
        return {scope.prefix.rstrip("/"): scope for scope in self.scopes}


def level_in(levels: Mapping[str, Level], rule_id: str, family: str) -> Level | None:
    """Return the level that is set for a rule by id, or by the last glob or family; None: none."""
    found = levels.get(rule_id)
    if found is not None:
        return found
    for name, level in levels.items():
        if _names(name, rule_id, family):
            found = level
    return found


def _names(name: str, rule_id: str, family: str) -> bool:
    return fnmatch(rule_id, name) or fnmatch(family, name)
