"""What runs: the packages that are installed, and the modules that are used from where they lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final

_FOLDERS: Final = frozenset({"site-packages", "dist-packages"})
_METADATA: Final = (".dist-info", ".egg-info")
_STANDARD: Final = os.path.dirname(os.__file__)
_PACK: Final = b"megalint.rules"


def packages() -> str:
    """Return a digest of the interpreter and of the packages that are installed for it.

    Of rule packs, megalint's own among them, every file counts: their list of files holds hashes.
    """
    found = blake2b(sys.version.encode(), digest_size=16)
    for folder in _installed():
        for name in sorted(os.listdir(folder)):
            if name.endswith(_METADATA):
                found.update(f"{name}\0".encode("utf-8", "surrogateescape"))
                found.update(_hashes(Path(folder, name)))
    return found.hexdigest()


def _installed() -> list[str]:
    return [
        path
        for path in dict.fromkeys(sys.path)
        if os.path.basename(path) in _FOLDERS and os.path.isdir(path)
    ]


def _hashes(metadata: Path) -> bytes:
    with suppress(OSError):
        if _PACK in (metadata / "entry_points.txt").read_bytes():
            return (metadata / "RECORD").read_bytes()
    return b""


def modules() -> list[tuple[str, int, int]]:
    """Return the imported modules that are not installed: paths, sizes, times in nanoseconds."""
    homes = (_STANDARD, *_installed())
    paths = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    own = sorted(path for path in paths if path and not path.startswith(homes))
    return [(path, *_stamp(path)) for path in own]


def is_unchanged(stamps: Iterable[tuple[str, int, int]]) -> bool:
    """Whether modules are as they were; raises :class:`OSError` for one that is gone."""
    return all(_stamp(path) == (size, time) for path, size, time in stamps)


def _stamp(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns
