"""Write files whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


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


def _set_mode(target: Path, name: str) -> None:
    if target.exists():
        shutil.copymode(target, name)
        return
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(name, 0o666 & ~mask)
