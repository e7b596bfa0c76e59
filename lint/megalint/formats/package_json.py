"""package.json: what a package is called, needs and runs."""

from __future__ import annotations

from msgspec import Struct

from megalint.formats import jsonc
from megalint.source import Location, Source, Span

_GROUPS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


class Script(Struct, frozen=True):
    """One entry of ``scripts``."""

    name: str
    command: str
    location: Location


class Manifest(Struct, frozen=True):
    """A package.json."""

    source: Source
    json: jsonc.Json

    @property
    def name(self) -> str | None:
        """The package's name."""
        return self.json.text("name")

    def range_of(self, package: str, *, peer: bool = False) -> str | None:
        """Return the version range under which *package* is a dependency, or None."""
        for group in _GROUPS:
            found = self.json.text(group, package)
            if found is not None and (peer or group != "peerDependencies"):
                return found
        return None

    @property
    def dependencies(self) -> dict[str, str]:
        """The range of every dependency of any sort."""
        return {
            name: value.value
            for group in reversed(_GROUPS)
            for name, value in self.json.items(group).items()
            if isinstance(value.value, str)
        }

    @property
    def catalogs(self) -> dict[str, dict[str, str]]:
        """The ranges of bun by catalog and package; the nameless catalog is ``default``."""
        found: dict[str, dict[str, str]] = {}
        for at in ((), ("workspaces",)):
            named = self.json.items(*at, "catalogs")
            for name, catalog in (*named.items(), ("default", self.json.get(*at, "catalog"))):
                for package in () if catalog is None else catalog.items():
                    wanted = catalog.text(package) if catalog is not None else None
                    if wanted is not None:
                        found.setdefault(name, {})[package] = wanted
        return found

    @property
    def scripts(self) -> tuple[Script, ...]:
        """The scripts, in order."""
        return tuple(
            Script(name, value.value, Location(self.source, _inner(value.span)))
            for name, value in self.json.items("scripts").items()
            if isinstance(value.value, str)
        )

    def script(self, name: str) -> Script | None:
        """Return the script called *name*."""
        return next((script for script in self.scripts if script.name == name), None)

    @property
    def workspaces(self) -> tuple[str, ...]:
        """The globs of the workspace packages."""
        return self.json.texts("workspaces") or self.json.texts("workspaces", "packages")


def _inner(span: Span) -> Span:
    """Leave out the quotes."""
    return Span(span.start + 1, max(span.end - 1, span.start + 1))


def parse(source: Source) -> Manifest:
    """Return the manifest in *source*."""
    return Manifest(source, jsonc.parse(source))
