"""Pass 3. Read the listed files that some parser wants; say which could not be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from megalint import files
from megalint.classify import classify
from megalint.config import Config
from megalint.source import MAX_BYTES, Source

_HEAD: Final = 8192
"""A NUL in the first bytes is what tells a binary file, as git does it."""


def read(
    root: Path, paths: Iterable[PurePosixPath], config: Config
) -> Iterator[Source | tuple[str, str]]:
    """Yield a source for each file that matters, or its path and why it was not read."""
    folders = Folders(root)
    for path in paths:
        if config.excludes(path):
            continue
        try:
            data = data_of(f"{root}/{path}", folders, is_wanted=classify(path) is not None)
        except OSError as error:
            yield path.as_posix(), f"not read: {error.strerror}"
        except ValueError as error:
            yield path.as_posix(), f"not read: {error}"
        else:
            if data is not None:
                yield Source(path, data)


class Folders:
    """Which folders lie in the checkout: an index may name files below what is a link by now."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._checked: set[str] = set()

    def check(self, folder: str) -> None:
        """Raise :class:`ValueError` for a folder that is not in the checkout."""
        if folder not in self._checked:
            files.inside(Path(folder), self.root)
            self._checked.add(folder)


def text_of(path: str, folders: Folders) -> str | None:
    """Return the text of a file, or None for a folder; raises as :func:`data_of`."""
    data = data_of(path, folders)
    return None if data is None else data.decode("utf-8")


def data_of(path: str, folders: Folders, *, is_wanted: bool = True) -> bytes | None:
    """Return the text of a file in UTF-8, or None for what no parser wants and for a folder.

    Raises :class:`OSError`, and :class:`ValueError` for what cannot be used, folders behind links
    that are not looked into among them.
    """
    folders.check(path.rpartition("/")[0])
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        _check_link(Path(path), folders.root, is_wanted=is_wanted)
    if not is_wanted or stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and os.path.isdir(path)):
        return None
    data = files.content(path, MAX_BYTES)
    if b"\0" in data[:_HEAD]:
        raise ValueError("binary, not text")
    try:
        if not data.isascii():
            data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from error
    return data


def _check_link(path: Path, root: Path, *, is_wanted: bool) -> None:
    """Raise for a link to what is not in the checkout; one to a folder inside loses nothing."""
    if not is_wanted and not os.path.isdir(path):
        return
    files.inside(path, root)
    if not os.path.exists(path):
        raise ValueError("a link that leads nowhere or in a circle")
