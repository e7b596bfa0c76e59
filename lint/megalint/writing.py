"""Write files whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_NO_OTHER_FILE: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV})


def replace(path: Path, text: str | bytes) -> None:
    """Put *text* at *path* in one step, as UTF-8; the mode of a file that is there is kept.

    A link stays a link: what it leads to is replaced. Raises :class:`OSError`; then *path* is as
    it was.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8") if isinstance(text, str) else text)
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
