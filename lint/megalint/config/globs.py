"""Globs over the files of a checkout that match none of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import translate
from pathlib import PurePosixPath
from typing import Final

from megalint.config.kinds import close, shown
from megalint.config.mistakes import IdleGlob
from megalint.config.reading import HERE, Layer
from megalint.source import Location

_WILD: Final = re.compile(r"[*?\[]")
_AFTER_SLASH: Final = "0"
"""The character that comes after the slash."""


def idle_globs(layers: Iterable[Layer], paths: Sequence[PurePosixPath]) -> Iterator[IdleGlob]:
    """Yield a mistake for each glob of *layers* that matches none of *paths*."""
    written = [(layer, list(_globs(layer))) for layer in layers]
    texts = sorted(path.as_posix() for path in paths) if any(one for _, one in written) else []
    for layer, globs in written:
        inner = _below(layer.folder, texts) if globs else []
        taken: set[tuple[str, str | None]] = {(table, glob) for table, glob, _ in globs}
        for table, glob, location in globs:
            if not any(map(re.compile(translate(glob)).match, inner)):
                meant = _meant(glob, inner)
                words = f"`{glob}` in `{table}` matches no file that is listed, and has no effect"
                is_free = meant is not None and (table, meant) not in taken
                yield IdleGlob(location, words, meant, shown(meant) if is_free else None)
                taken.add((table, meant))


def _below(folder: PurePosixPath, texts: list[str]) -> list[str]:
    """Return those of the sorted *texts* that are below *folder*, relative to it."""
    if folder == HERE:
        return texts
    prefix = f"{folder}/"
    start = bisect_left(texts, prefix)
    end = bisect_left(texts, f"{folder}{_AFTER_SLASH}")
    return [text[len(prefix) :] for text in texts[start:end]]


def _globs(layer: Layer) -> Iterator[tuple[str, str, Location]]:
    for number, glob in enumerate(layer.get("exclude")):
        yield "exclude", glob, layer.location("exclude", number)
    for glob in layer.names("per-path"):
        yield "per-path", glob, layer.location("per-path", glob, is_key=True)


def _meant(glob: str, paths: Sequence[str]) -> str | None:
    """Return a glob that matches: of a folder, or of a path that is written like that of *glob*.

    Of a path without a wildcard only the folder or the name may be another one.
    """
    bare = glob.removeprefix("./").strip("/")
    if any(path.startswith(f"{bare}/") for path in paths):
        return f"{bare}/**"
    wild = _WILD.search(bare)
    if wild is None:
        folder, _, name = bare.rpartition("/")
        return close(bare, [path for path in paths if _shares(path, folder, name)])
    head = bare[: bare.rfind("/", 0, wild.start()) + 1]
    depth = head.count("/")
    heads = {_first(path, depth) for path in paths if path.count("/") >= depth > 0}
    found = close(head, sorted(heads))
    return None if found is None else f"{found}{bare[len(head) :]}"


def _shares(path: str, folder: str, name: str) -> bool:
    own_folder, _, own_name = path.rpartition("/")
    return own_folder == folder or own_name == name


def _first(path: str, count: int) -> str:
    """Return the first folders of a path, with their slashes."""
    return "".join(f"{part}/" for part in path.split("/")[:count])
