"""Find the root of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from megalint.names import OWN_FILE, SHARED_FILE


def root_of(paths: Iterable[Path]) -> Path:
    """Return the root of a run on *paths*.

    That is the nearest folder around them all that holds ``.git`` or a configuration with ``root =
    true``; else the nearest with a configuration; else the folder that holds them all.
    """
    given = [path.resolve() for path in paths] or [Path.cwd()]
    start = given[0] if given[0].is_dir() else given[0].parent
    while not all(path.is_relative_to(start) for path in given):
        start = start.parent
    around = (start, *start.parents)
    for folder in around:
        if (folder / ".git").exists() or _is_root(folder):
            return folder
    return next((folder for folder in around if _is_configured(folder)), start)


def _may_be_configured(folder: Path) -> bool:
    return any((folder / name).exists() for name in (OWN_FILE, SHARED_FILE))


def _is_root(folder: Path) -> bool:
    if not _may_be_configured(folder):
        return False
    from megalint.config import is_root

    return is_root(folder)


def _is_configured(folder: Path) -> bool:
    if not _may_be_configured(folder):
        return False
    from megalint.config import find

    return find(folder) is not None
