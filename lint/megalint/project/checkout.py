"""The sources of a run, by path, each parsed at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar, cast

from megalint.source import Source

T = TypeVar("T")


class Checkout:
    """A tree of sources; what a format says of one is kept.

    *paths* are the files of the tree that are not read but may matter by being there, kept as
    :attr:`unread`.
    """

    def __init__(self, sources: Iterable[Source], paths: Iterable[PurePosixPath] = ()) -> None:
        self._sources = {source.path: source for source in sorted(sources, key=_path)}
        self.unread = tuple(paths)
        self._paths = (*self._sources, *self.unread)
        self._parsed: dict[tuple[PurePosixPath, object], object] = {}
        self._views: dict[object, object] = {}

    def __contains__(self, path: PurePosixPath) -> bool:
        return path in self._sources

    def __iter__(self) -> Iterator[Source]:
        return iter(self._sources.values())

    def get(self, path: PurePosixPath) -> Source | None:
        """Return the source at *path*, or None."""
        return self._sources.get(path)

    def holds(self, path: PurePosixPath) -> bool:
        """Whether there is a file at *path*, read or not."""
        return path in self._files

    def below(self, folder: PurePosixPath) -> Iterator[Source]:
        """Yield the sources in *folder* and its folders, in path order."""
        prefix = "" if folder == PurePosixPath() else f"{folder}/"
        return (source for name, source in self._by_text if name.startswith(prefix))

    def named(self, name: str) -> tuple[Source, ...]:
        """Return the sources whose file name is *name*, in path order."""
        return tuple(self._by_name.get(name, ()))

    def has_folder(self, folder: PurePosixPath) -> bool:
        """Whether any file lies below *folder*, read or not."""
        return folder in self._folders

    def parsed(self, source: Source, parse: Callable[[Source], T]) -> T:
        """Return ``parse(source)``, computed once."""
        key = (source.path, parse)
        if key not in self._parsed:
            self._parsed[key] = parse(source)
        return cast(T, self._parsed[key])

    def view(self, build: Callable[[Checkout], T]) -> T:
        """Return ``build(self)``, computed once."""
        if build not in self._views:
            self._views[build] = build(self)
        return cast(T, self._views[build])

    def results(self, kind: type[T]) -> Iterator[T]:
        """Yield what was parsed so far and is of one type, in path order."""
        for _, result in sorted(self._parsed.items(), key=lambda one: one[0][0]):
            if isinstance(result, kind):
                yield result

    @cached_property
    def _files(self) -> frozenset[PurePosixPath]:
        return frozenset(self._paths)

    @cached_property
    def _by_name(self) -> dict[str, list[Source]]:
        found: dict[str, list[Source]] = {}
        for source in self:
            found.setdefault(source.path.name, []).append(source)
        return found

    @cached_property
    def _by_text(self) -> list[tuple[str, Source]]:
        return [(str(source.path), source) for source in self]

    @cached_property
    def _folders(self) -> frozenset[PurePosixPath]:
        return frozenset(parent for path in self._paths for parent in path.parents)


def _path(source: Source) -> PurePosixPath:
    return source.path
