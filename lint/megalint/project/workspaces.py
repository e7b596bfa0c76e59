"""The packages of a checkout: which of them an import may reach by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.formats import jsonc, package_json, pnpm_workspace
from megalint.formats.package_json import Manifest
from megalint.numerals import is_whole
from megalint.project.checkout import Checkout

_LOCAL: Final = re.compile(r"(?:(?:file|link|portal):|workspace:(?=\.))(?P<path>.+)")
_ANY: Final = ("workspace:", "catalog:", "*", "latest", "x")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
MAX_GLOBS: Final = 256


class Package(Struct, frozen=True):
    """A folder with a package.json."""

    path: PurePosixPath
    manifest: Manifest


def manifests(checkout: Checkout) -> Iterator[Package]:
    """Yield every package of the checkout, in path order."""
    for source in checkout.named("package.json"):
        yield Package(source.path.parent, checkout.parsed(source, package_json.parse))


class Workspaces:
    """Answers which folder a package name stands for, seen from a folder of the checkout.

    A name stands for a folder where a package manager would link it there: a member of an
    enclosing workspace (npm, yarn, bun, pnpm, lerna) whose version the importer's range admits,
    a ``file:``, ``link:`` or ``portal:`` range, or the importing package itself. Where no
    workspace is declared, only ``workspace:`` ranges reach beyond the package.
    """

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._members: dict[PurePosixPath, dict[str, Package]] = {}
        self._found: dict[tuple[str, PurePosixPath], Package | None] = {}

    def find(self, name: str, folder: PurePosixPath) -> Package | None:
        """Return the package called *name* that a file in *folder* gets, or None."""
        if name not in self._named and name not in self._linked:
            return None
        key = (name, folder)
        if key not in self._found:
            self._found[key] = self._by_range(name, folder) or self._find(name, folder)
        return self._found[key]

    def _find(self, name: str, folder: PurePosixPath) -> Package | None:
        wanted: str | None = None
        has_root = False
        for parent in (folder, *folder.parents):
            package = self._at.get(parent)
            if package is not None:
                if package.manifest.name == name and package.manifest.json.get("exports"):
                    return package
                wanted = wanted or package.manifest.range_of(name, peer=True)
            members = self.members(parent)
            has_root = has_root or bool(members)
            found = members.get(name)
            if found is not None:
                return found if _admits(wanted, found.manifest.json.text("version")) else None
        if has_root or wanted is None or not wanted.startswith("workspace:"):
            return None
        return next(iter(self._named.get(name, ())), None)

    def _by_range(self, name: str, folder: PurePosixPath) -> Package | None:
        """Follow the range of the nearest package.json that depends on *name*, if it is a path."""
        if name not in self._linked:
            return None
        for parent in (folder, *folder.parents):
            package = self._at.get(parent)
            wanted = package and package.manifest.range_of(name, peer=True)
            if wanted:
                local = _LOCAL.match(wanted)
                path = None if local is None else _joined(parent, local["path"])
                return None if path is None else self._at.get(path)
        return None

    def members(self, root: PurePosixPath) -> dict[str, Package]:
        """Return the members, by name, of the workspace declared in the folder *root*."""
        if root not in self._members:
            globs = self._globs(root)
            matched = (
                one for one in self._at.values() if globs and _included(globs, one.path, root)
            )
            found: dict[str, Package] = {}
            for package in matched:
                if package.manifest.name:
                    found.setdefault(package.manifest.name, package)
            self._members[root] = found
        return self._members[root]

    def range_of(self, package: Package, name: str) -> str | None:
        """Return the range of the dependency *name*, with ``catalog:`` looked up."""
        wanted = package.manifest.range_of(name)
        if wanted is None or not wanted.startswith("catalog:"):
            return wanted
        catalog = wanted.removeprefix("catalog:").strip() or "default"
        for folder in (package.path, *package.path.parents):
            found = self._catalogs(folder).get(catalog, {}).get(name)
            if found is not None:
                return found
        return wanted

    def _catalogs(self, folder: PurePosixPath) -> dict[str, dict[str, str]]:
        pnpm = self._checkout.get(folder / "pnpm-workspace.yaml")
        if pnpm is not None:
            return self._checkout.parsed(pnpm, pnpm_workspace.parse).catalogs
        package = self._at.get(folder)
        return {} if package is None else package.manifest.catalogs

    def _globs(self, root: PurePosixPath) -> tuple[str, ...]:
        package = self._at.get(root)
        globs = () if package is None else package.manifest.workspaces
        pnpm = self._checkout.get(root / "pnpm-workspace.yaml")
        if pnpm is not None:
            globs = self._checkout.parsed(pnpm, pnpm_workspace.parse).packages or globs
        lerna = self._checkout.get(root / "lerna.json")
        if not globs and lerna is not None:
            globs = self._checkout.parsed(lerna, jsonc.parse).texts("packages")
        return globs

    @cached_property
    def _at(self) -> dict[PurePosixPath, Package]:
        return {package.path: package for package in manifests(self._checkout)}

    @cached_property
    def _linked(self) -> frozenset[str]:
        """The names that some package.json depends on by a path."""
        return frozenset(
            name
            for package in self._at.values()
            for name, wanted in package.manifest.dependencies.items()
            if _LOCAL.match(wanted)
        )

    @cached_property
    def _named(self) -> dict[str, list[Package]]:
        found: dict[str, list[Package]] = {}
        for package in self._at.values():
            if package.manifest.name:
                found.setdefault(package.manifest.name, []).append(package)
        return found


def workspaces_of(checkout: Checkout) -> Workspaces:
    """Return the workspaces of *checkout*, read once."""
    return checkout.view(Workspaces)


def least(wanted: str) -> str | None:
    """Return the least version in a range, ``1.2.3`` or ``1.2.3-rc.1``; None for tags and paths."""
    if wanted.startswith(("file:", "link:", "portal:", "git", "http", "github:")):
        return None
    text = wanted.rpartition("@")[2] if wanted.startswith("npm:") else wanted
    text = text.removeprefix("workspace:")
    found = re.match(r"[\s^~=v>]*(\d+)(?:\.(\d+))?(?:\.(\d+)(-[0-9A-Za-z.-]+)?)?", text)
    if found is None:
        return None
    return ".".join(part or "0" for part in found.groups()[:3]) + (found.group(4) or "")


def _admits(wanted: str | None, version: str | None) -> bool:
    """Whether a range may admit a version: same major, or the range names none."""
    lowest = None if wanted is None or wanted.startswith(_ANY) else least(wanted)
    if wanted is None or lowest is None:
        return True
    major, has = lowest.split(".")[0], (version or "0.0.0").split(".")[0]
    if wanted.lstrip().startswith(">") and is_whole(major) and is_whole(has):
        return int(has) >= int(major)
    return major == has or "||" in wanted


def _included(globs: tuple[str, ...], path: PurePosixPath, root: PurePosixPath) -> bool:
    if path == root or not path.is_relative_to(root):
        return False
    inner = str(path.relative_to(root))
    taken = [glob.removeprefix("!") for glob in globs if glob.startswith("!")]
    given = (glob for glob in globs if not glob.startswith("!"))
    return any(_matches(one, inner) for one in given) and not any(
        _matches(one, inner) for one in taken
    )


def _matches(glob: str, path: str) -> bool:
    names = path.split("/")
    written = glob.removeprefix("./").rstrip("/")
    return any(_reaches(one.split("/"), names) for one in islice(_expanded(written), MAX_GLOBS))


def _expanded(glob: str) -> Iterator[str]:
    """Yield the globs that one with ``{a,b}`` stands for."""
    braces = _BRACES.search(glob)
    if braces is None:
        yield glob
        return
    before, after = glob[: braces.start()], glob[braces.end() :]
    for one in braces.group(1).split(","):
        yield from _expanded(before + one + after)


def _reaches(globs: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the parts of a glob match those of a path: ``**`` any number, the last one some."""
    reached = {0}
    for place, glob in enumerate(globs):
        if glob == "**":
            first = min(reached, default=len(names)) + (place == len(globs) - 1)
            reached = set(range(first, len(names) + 1))
        else:
            form = glob.replace("[", "[[]")
            reached = {at + 1 for at in reached if fnmatchcase("".join(names[at : at + 1]), form)}
    return len(names) in reached


def _joined(folder: PurePosixPath, relative: str) -> PurePosixPath | None:
    parts = list(folder.parts)
    for part in PurePosixPath(relative).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != "/":
            parts.append(part)
    return PurePosixPath(*parts)
