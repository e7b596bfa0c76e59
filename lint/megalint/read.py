"""Pass 3. Read the listed files that some parser wants; say which could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from megalint.classify import classify
from megalint.config import Config
from megalint.source import MAX_BYTES, Source

_HEAD: Final = 8192
"""A NUL in the first bytes is what tells a binary file, as git does it."""


def read(
    root: Path, paths: Iterable[PurePosixPath], config: Config
) -> Iterator[Source | tuple[str, str]]:
    """Yield a source for each file that matters, or its path and why it was not read."""
    inside = root.resolve()
    for path in paths:
        if config.excludes(path):
            continue
        try:
            text = _text(root / path, inside, is_wanted=classify(path) is not None)
        except OSError as error:
            yield path.as_posix(), f"not read: {error.strerror}"
        except ValueError as error:
            yield path.as_posix(), f"not read: {error}"
        else:
            if text is not None:
                yield Source(path, text)


def _text(path: Path, inside: Path, *, is_wanted: bool) -> str | None:
    """Return the text of a file, or None for what no parser wants.

    Raises :class:`ValueError` for what cannot be used, folders behind links that are not looked
    into among them.
    """
    if path.is_symlink():
        _check_link(path, inside, is_wanted=is_wanted)
    if not is_wanted or not path.is_file():
        return None
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000_000} MB")
    data = path.read_bytes()
    if b"\0" in data[:_HEAD]:
        raise ValueError("binary, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from error


def _check_link(path: Path, inside: Path, *, is_wanted: bool) -> None:
    """Raise for a link to what is not in the checkout; one to a folder inside loses nothing."""
    # resolve() raises on circles, realpath() does not
    target = os.path.realpath(path)
    if not is_wanted and not os.path.isdir(target):
        return
    if not Path(target).is_relative_to(inside):
        raise ValueError("a link that leads out of the checkout")
    if not os.path.exists(path):
        raise ValueError("a link that leads nowhere or in a circle")
