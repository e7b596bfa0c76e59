"""Read files that may be anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

# Windows has neither, and no FIFO to wait for
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_CHUNK: Final = 1 << 16


def inside(path: Path, root: Path) -> Path:
    """Return where *path* leads through links, which is in *root*, itself resolved.

    Raises :class:`ValueError` where it is not.
    """
    # resolve() raises on circles, realpath() does not
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(root):
        raise ValueError("a link that leads out of the checkout")
    return target


def content(path: Path | str, limit: int) -> bytes:
    """Return what the file at *path* holds, of at most *limit* bytes, and wait for nobody.

    Raises :class:`OSError`; :class:`ValueError` for what is no file, or larger.
    """
    handle = os.open(path, os.O_RDONLY | _NO_WAIT)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("not a file")
        # what a file claims to hold is what is asked for: room for the limit would be made first
        data = os.read(handle, min(status.st_size, limit) + 1)
        while len(data) <= limit and (more := os.read(handle, _CHUNK)):
            data += more
    finally:
        os.close(handle)
    if len(data) > limit:
        raise ValueError(f"larger than {limit // 1_000_000} MB")
    return data
