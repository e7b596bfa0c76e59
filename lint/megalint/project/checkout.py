"""The sources of a run, by path, each parsed at most once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from heapq import merge
from pathlib import PurePosixPath
from typing import Final, TypeVar, cast

from megalint.classify import Kind, classify
from megalint.source import Source
from megalint.work import Work

T = TypeVar("T")
_AFTER_SLASH: Final = "0"
"""The character that comes after the slash."""


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
        self.work = Work()
        self.work.counts["files read"] = len(self._sources)

    def __contains__(self, path: PurePosixPath) -> bool:
        return path in self._sources

    def __len__(self) -> int:
        return len(self._sources)

    def __iter__(self) -> Iterator[Source]:
        return iter(self._sources.values())

    def get(self, path: PurePosixPath) -> Source | None:
        """Return the source at *path*, or None."""
        return self._sources.get(path)

    def at(self, path: str) -> Source | None:
        """Return the source at *path*, written as a text, or None."""
        return self._by_name_of_path.get(path)

    def holds(self, path: PurePosixPath) -> bool:
        """Whether there is a file at *path*, read or not."""
        return path in self._files

    def below(self, folder: PurePosixPath) -> Iterator[Source]:
        """Yield the sources in *folder* and its folders, in path order."""
        if folder == PurePosixPath():
            return iter(self)
        names, sources = self._by_text
        start = bisect_left(names, f"{folder}/")
        end = bisect_left(names, f"{folder}{_AFTER_SLASH}", start)
        return iter(sorted(sources[start:end], key=_path))

    def of_kind(self, *kinds: Kind) -> Iterator[Source]:
        """Yield the sources of some kinds, in path order."""
        groups = [self._by_kind[kind] for kind in kinds if kind in self._by_kind]
        return iter(groups[0]) if len(groups) == 1 else merge(*groups, key=_path)

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
            name = parse.__module__.removesuffix(".parse").rpartition(".")[2]
            self.work.counts[f"parsed as {name}"] += 1
            self.work.counts[f"characters parsed as {name}"] += len(source.text)
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
    def _by_name_of_path(self) -> dict[str, Source]:
        return {str(path): source for path, source in self._sources.items()}

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
    def _by_text(self) -> tuple[list[str], list[Source]]:
        """All paths as texts, sorted, and the source of each."""
        ordered = sorted((str(source.path), source.path) for source in self)
        return [text for text, _ in ordered], [self._sources[path] for _, path in ordered]

    @cached_property
    def _by_kind(self) -> dict[Kind | None, list[Source]]:
        found: dict[Kind | None, list[Source]] = {}
        for source in self:
            found.setdefault(classify(source.path), []).append(source)
        return found

    @cached_property
    def _folders(self) -> frozenset[PurePosixPath]:
        folders = {path.parent for path in self._paths}
        return frozenset(folders.union(*(folder.parents for folder in folders)))


def _path(source: Source) -> PurePosixPath:
    return source.path
