"""The Next.js applications of a checkout: every folder whose package.json depends on ``next``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from megalint.project.linked import Linker, Project
from megalint.source import Source


class Bundler(Enum):
    """What ``next build`` bundles with."""

    WEBPACK = "webpack"
    TURBOPACK = "turbopack"


@dataclass(frozen=True, slots=True)
class App:
    """A Next.js application.

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
        return int(head) if head.isdigit() else 15


def _link(project: Project) -> Iterator[App]:
    raise NotImplementedError


LINKER = Linker((App,), _link)
