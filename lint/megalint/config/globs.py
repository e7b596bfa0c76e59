"""Globs over the files of a checkout that match none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import translate
from pathlib import PurePosixPath
from typing import Final

from megalint.config.kinds import close
from megalint.config.mistakes import IdleGlob
from megalint.config.reading import Layer
from megalint.source import Location

_WILD: Final = re.compile(r"[*?\[]")


def idle_globs(layers: Iterable[Layer], paths: Sequence[PurePosixPath]) -> Iterator[IdleGlob]:
    """Yield a mistake for each glob of *layers* that matches none of *paths*."""
    for layer in layers:
        globs = list(_globs(layer))
        prefix = "" if layer.folder == PurePosixPath() else f"{layer.folder}/"
        texts = (path.as_posix() for path in paths) if globs else ()
        inner = [text[len(prefix) :] for text in texts if text.startswith(prefix)]
        for table, glob, location in globs:
            if not any(map(re.compile(translate(glob)).match, inner)):
                words = f"`{glob}` in `{table}` matches no file that is listed, and has no effect"
                yield IdleGlob(location, words, _meant(glob, inner))


def _globs(layer: Layer) -> Iterator[tuple[str, str, Location]]:
    for number, glob in enumerate(layer.get("exclude")):
        yield "exclude", glob, layer.location("exclude", number)
    for glob in layer.names("per-path"):
        yield "per-path", glob, layer.location("per-path", glob, is_key=True)


def _meant(glob: str, paths: Sequence[str]) -> str | None:
    """Return a glob like *glob* that matches: a folder's, or one that begins as some path does."""
    bare = glob.removeprefix("./").strip("/")
    if any(path.startswith(f"{bare}/") for path in paths):
        return f"{bare}/**"
    wild = _WILD.search(bare)
    head = bare if wild is None else bare[: bare.rfind("/", 0, wild.start()) + 1]
    rest = bare[len(head) :]
    depth = head.count("/")
    if not depth and wild is not None:
        return None
    heads = {_first(path, depth) if wild else path for path in paths if path.count("/") >= depth}
    found = close(head, sorted(heads))
    return None if found is None else f"{found}{rest}"


def _first(path: str, count: int) -> str:
    """Return the first folders of a path, with their slashes."""
    return "".join(f"{part}/" for part in path.split("/")[:count])
