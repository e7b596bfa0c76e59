"""The Python files of a checkout: which of them an import names, and who calls what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import libcst as cst

from megalint.classify import Kind
from megalint.languages.python.index import index
from megalint.languages.python.scopes import Index, Position, Scope
from megalint.languages.python.walk import last_name
from megalint.project.checkout import Checkout
from megalint.source import Source

MAX_CALLING_FILES: Final = 16


class PythonFiles:
    """Finds files and calls for the evaluator; everything is parsed once, when asked for."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._sources = list(checkout.of_kind(Kind.PYTHON))
        self._callers: dict[tuple[str, Source], list[tuple[cst.Call, Position]]] = {}

    def of(self, source: Source) -> Index | None:
        """Return the index of a file, None where it is no Python."""
        return self._checkout.parsed(source, index)

    def index(self, scope: Scope) -> Index:
        """Return the index of the file that a scope is in."""
        found = self.of(scope.module.source)
        if found is None:
            raise LookupError(f"{scope.module.source.path} was parsed before")
        return found

    def imported(self, scope: Scope, name: str) -> Scope | None:
        """Return the module of the checkout that *name* is, as *scope*'s file writes it."""
        found = next(self._sources_of(scope.module.source.path.parent, name), None)
        inside = None if found is None else self.of(found)
        return None if inside is None else inside.scope

    def _sources_of(self, folder: PurePosixPath, name: str) -> Iterator[Source]:
        """Yield the files that a dotted name may be, the nearest first."""
        dots = len(name) - len(name.lstrip("."))
        path = PurePosixPath(*name[dots:].split(".")) if name[dots:] else PurePosixPath()
        folders = (folder, *folder.parents)
        for base in folders[dots - 1 : dots] if dots else folders:
            for place in (base / f"{path}.py", base / path / "__init__.py"):
                source = self._checkout.get(place)
                if source is not None:
                    yield source

    def callers(self, name: str, scope: Scope) -> Iterator[tuple[cst.Call, Position]]:
        """Yield the calls of something of that name, in files that know the file of *scope*."""
        home = scope.module.source
        key = (name, home)
        if key not in self._callers:
            self._callers[key] = list(self._find(name, home))
        return iter(self._callers[key])

    def _find(self, name: str, home: Source) -> Iterator[tuple[cst.Call, Position]]:
        path = home.path
        stem = path.parent.name if path.name == "__init__.py" else path.stem
        knows = re.compile(rf"\b{re.escape(stem)}\b")
        holding = [
            one
            for one in self._sources
            if one.mentions(f"{name}(") and (one == home or one.mentions(knows))
        ]
        for source in holding[:MAX_CALLING_FILES]:
            found = self.of(source)
            for call, at in found.calls if found is not None else ():
                if last_name(call.func) == name:
                    yield call, at
