"""Lock files: which version of a package is installed for a folder."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from megalint.formats import jsonc
from megalint.source import Source

NAMES: Final = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
)
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")


def installed(
    source: Source, folder: PurePosixPath, package: str, wanted: str | None
) -> str | None:
    """Return the version of *package* that *folder* gets, or None.

    *folder* is relative to the folder of the lock file; *wanted* is the range in its
    package.json, by which yarn's lock files are keyed.
    """
    name = source.path.name
    if name in {"package-lock.json", "npm-shrinkwrap.json"}:
        return _npm(source, folder, package)
    if name == "pnpm-lock.yaml":
        return _pnpm(source.text, folder, package)
    if name == "yarn.lock":
        return _yarn(source.text, package, wanted)
    return _bun(source.text, folder, package)


def _version(text: str | None) -> str | None:
    found = _VERSION.match(text or "")
    return None if found is None else found.group()


def _npm(source: Source, folder: PurePosixPath, package: str) -> str | None:
    """Look from the folder upwards, as Node does; version 1 knows only the root."""
    text = source.text
    folders = [folder, *folder.parents]
    for one in folders:
        prefix = "" if str(one) == "." else f"{one}/"
        key = re.escape(f'"{prefix}node_modules/{package}"')
        found = re.search(key + r'\s*:\s*\{[^{}]*?"version"\s*:\s*"([^"]+)"', text)
        if found is not None:
            return _version(found.group(1))
    if re.search(r'"lockfileVersion"\s*:\s*1\b', text):
        return _version(jsonc.parse(source).text("dependencies", package, "version"))
    return None


def _pnpm(text: str, folder: PurePosixPath, package: str) -> str | None:
    importers = re.search(r"^importers:\n(.*?)(?=^\S)", text, re.DOTALL | re.MULTILINE)
    section = text if importers is None else _importer(importers.group(1), folder)
    name = rf"^\s+'?{re.escape(package)}'?:"
    for pattern in (
        name + r"\s*\n(?:\s+specifier:.*\n)?\s+version:\s*'?(\S+?)'?\s*$",
        name + r"\s*'?(\d\S*?)'?\s*$",
    ):
        found = re.search(pattern, section, re.MULTILINE)
        if found is not None:
            return _version(found.group(1))
    return None


def _importer(text: str, folder: PurePosixPath) -> str:
    name = re.escape(str(folder))
    found = re.search(rf"^  '?{name}'?:\n(.*?)(?=^  \S|\Z)", text, re.DOTALL | re.MULTILINE)
    return "" if found is None else found.group(1)


def _yarn(text: str, package: str, wanted: str | None) -> str | None:
    """Find the entry keyed by the range; without such an entry, the only version there is."""
    name = re.escape(package)
    entries = re.findall(
        rf'^("?{name}@[^\n]*|[^\n]*, ?"?{name}@[^\n]*):\r?\n'
        r'(?:  [^\n]*\n)*?  version:? "?([^"\s]+)',
        text,
        re.MULTILINE,
    )
    keys = {f"{package}@{wanted}", f"{package}@npm:{wanted}"}
    keyed = [version for key, version in entries if keys & set(re.split(r'[", ]+', key))]
    versions = keyed or [version for _, version in entries]
    return _version(versions[0]) if versions and (keyed or len(set(versions)) == 1) else None


def _bun(text: str, folder: PurePosixPath, package: str) -> str | None:
    """Look for what the folder's own package has before what all share."""
    key = "" if str(folder) == "." else str(folder)
    owner = re.search(rf'^ +"{re.escape(key)}": \{{\s*"name": "([^"]+)"', text, re.MULTILINE)
    names = [] if owner is None else [f"{owner.group(1)}/{package}"]
    for name in (*names, package):
        found = re.search(rf'"{re.escape(name)}"\s*:\s*\[\s*"{re.escape(package)}@([^"]+)"', text)
        if found is not None:
            return _version(found.group(1))
    return None
