"""The Next.js applications of a checkout: every folder whose package.json depends on ``next``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.formats import lockfile
from megalint.numerals import is_whole
from megalint.project.checkout import Checkout
from megalint.project.linked import Linker, Project
from megalint.project.workspaces import Package, least, manifests, workspaces_of
from megalint.source import Source

CONFIG_NAMES: Final = ("next.config.js", "next.config.mjs", "next.config.ts", "next.config.mts")
"""In the order in which Next looks (CONFIG_FILES of 16; 15 reads the first three, 14 two)."""

_CONFIG_SINCE: Final = {"next.config.ts": 15, "next.config.mts": 16}
TURBOPACK_DEFAULT_SINCE: Final = 16


class Bundler(Enum):
    """What ``next build`` bundles with."""

    WEBPACK = "webpack"
    TURBOPACK = "turbopack"


class App(Struct, frozen=True, eq=False):
    """A Next.js application: there is one of each in a project, which is what makes two the same.

    :attr:`version` is the installed version where a lock file tells, else the least the range
    allows, else None. :attr:`app_folder` and :attr:`pages_folder` are the folders that Next
    routes from (``src/app`` only where there is no ``app``), relative to the checkout.
    """

    path: PurePosixPath
    name: str
    manifest: Source
    version: str | None
    bundler: Bundler
    config: Source | None
    app_folder: PurePosixPath | None
    pages_folder: PurePosixPath | None

    @property
    def major(self) -> int:
        """The major version of Next.js; unknown counts as 15, the middle of those supported."""
        head = (self.version or "").split(".")[0]
        return int(head) if is_whole(head) else 15

    @property
    def root_folder(self) -> PurePosixPath:
        """The folder that holds ``app`` or ``pages``: the app's own or its ``src``."""
        folder = self.app_folder or self.pages_folder
        return self.path if folder is None else folder.parent


def _link(project: Project) -> Iterator[App]:
    checkout = project.checkout
    for package in manifests(checkout):
        wanted = workspaces_of(checkout).range_of(package, "next")
        if wanted is not None and _is_app(checkout, package):
            yield _app(checkout, package, wanted)


def _is_app(checkout: Checkout, package: Package) -> bool:
    """Whether more than the dependency speaks for an app: a config, or routes and a script."""
    path = package.path
    if any(path / name in checkout for name in CONFIG_NAMES):
        return True
    has_routes = any(
        checkout.has_folder(path / name) for name in ("app", "src/app", "pages", "src/pages")
    )
    runs_next = any(
        re.search(r"\bnext (?:build|dev|start)\b", script.command)
        for script in package.manifest.scripts
    )
    return has_routes and runs_next


def _app(checkout: Checkout, package: Package, wanted: str) -> App:
    path = package.path
    version = _version(checkout, path, wanted)
    return App(
        path,
        package.manifest.name or path.name or "app",
        package.manifest.source,
        version,
        _bundler(package, version),
        _config(checkout, path, version),
        _folder(checkout, path, "app"),
        _folder(checkout, path, "pages"),
    )


def _config(checkout: Checkout, path: PurePosixPath, version: str | None) -> Source | None:
    """Return the configuration that this version of Next reads."""
    head = (version or "").split(".")[0]
    for name in CONFIG_NAMES:
        found = checkout.get(path / name)
        is_read = not is_whole(head) or int(head) >= _CONFIG_SINCE.get(name, 0)
        if found is not None and is_read:
            return found
    return None


def _folder(checkout: Checkout, path: PurePosixPath, name: str) -> PurePosixPath | None:
    """Return the folder that Next routes from; one in the root hides the one in ``src``."""
    for candidate in (path / name, path / "src" / name):
        if checkout.has_folder(candidate):
            return candidate
    return None


def _version(checkout: Checkout, path: PurePosixPath, wanted: str) -> str | None:
    for folder in (path, *path.parents):
        for name in lockfile.NAMES:
            source = checkout.get(folder / name)
            if source is not None:
                inner = path.relative_to(folder)
                found = lockfile.installed(source, inner, "next", wanted)
                if found is not None:
                    return found
    return least(wanted)


def _bundler(package: Package, version: str | None) -> Bundler:
    script = package.manifest.script("build")
    command = script.command if script is not None else ""
    inner = re.search(r"\b(?:npm|pnpm|yarn|bun) (?:run )?([\w:.-]+)", command)
    if inner is not None and "next build" not in command:
        followed = package.manifest.script(inner.group(1))
        command = followed.command if followed is not None else command
    if re.search(r"--webpack\b", command):
        return Bundler.WEBPACK
    if re.search(r"--turbo(?:pack)?\b", command):
        return Bundler.TURBOPACK
    head = (version or "15").split(".")[0]
    is_default = is_whole(head) and int(head) >= TURBOPACK_DEFAULT_SINCE
    return Bundler.TURBOPACK if is_default else Bundler.WEBPACK


LINKER = Linker((App,), _link)
