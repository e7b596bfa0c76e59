"""Read files that may be anything, and write files whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

# Windows has neither, and no FIFO to wait for
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_CHUNK: Final = 1 << 16
_NO_OTHER_FILE: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV})


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


def replace(path: Path, text: str) -> None:
    """Put *text* at *path* in one step, as UTF-8; the mode of a file that is there is kept.

    A link stays a link: what it leads to is replaced. Raises :class:`OSError`; then *path* is as
    it was.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        _set_mode(target, name)
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def write(path: Path, text: str) -> None:
    """Write *text* to *path*: in one step where that can be, else as it comes.

    It cannot be for a device or a pipe, and where the folder takes no other file. Raises
    :class:`OSError`.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(text.encode("utf-8"))
        return
    try:
        replace(path, text)
    except OSError as error:
        if error.errno not in _NO_OTHER_FILE or not path.is_file():
            raise
        path.write_bytes(text.encode("utf-8"))


def _set_mode(target: Path, name: str) -> None:
    if target.exists():
        shutil.copymode(target, name)
        return
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(name, 0o666 & ~mask)
