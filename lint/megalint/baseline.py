"""Findings that were there when megalint came: set aside one by one, with a reason and an owner."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from megalint import files
from megalint.finding import Finding
from megalint.fingerprint import context, identity
from megalint.names import BASELINE

_VERSION: Final = 1


class BaselineError(Exception):
    """The baseline cannot be used; the message says why."""


class Entry(Struct, frozen=True):
    """One finding that was accepted: which, and why, whose and since when (ISO date)."""

    path: str
    rule: str
    message: str
    fingerprint: str
    context: str
    reason: str = ""
    owner: str = ""
    date: str = ""

    @classmethod
    def of(cls, finding: Finding, reason: str, owner: str, date: str) -> Entry:
        """Return the entry that accepts *finding*."""
        path = str(finding.location.source.path)
        prints = identity(finding), context(finding)
        return cls(path, finding.rule_id, finding.message, *prints, reason, owner, date)


class Accepted(Struct, frozen=True):
    """A finding, and the entry that stands for it."""

    finding: Finding
    entry: Entry


class Split(Struct, frozen=True):
    """Findings sorted by whether the baseline holds them, and the entries that stand for none."""

    new: tuple[Finding, ...]
    known: tuple[Accepted, ...]
    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...]


def split(findings: Iterable[Finding], entries: Iterable[Entry]) -> Split:
    """Match *findings* with *entries*, each of which stands for one finding at most.

    Where several findings or entries look alike, only those in the same surroundings match: one
    that was mended makes no room for another one like it.
    """
    found = list(findings)
    findings_by_print: dict[str, list[Finding]] = {}
    entries_by_print: dict[str, list[Entry]] = {}
    for finding in found:
        findings_by_print.setdefault(identity(finding), []).append(finding)
    for entry in entries:
        entries_by_print.setdefault(entry.fingerprint, []).append(entry)
    known: dict[int, Entry] = {}
    matched: list[Entry] = []
    gone: list[Entry] = []
    for fingerprint, alike in entries_by_print.items():
        pairs = _pairs(findings_by_print.get(fingerprint, []), alike)
        known.update((id(finding), entry) for finding, entry in pairs)
        kept = [entry for _, entry in pairs]
        matched += kept
        gone += [entry for entry in alike if not any(entry is one for one in kept)]
    return Split(
        tuple(one for one in found if id(one) not in known),
        tuple(Accepted(one, known[id(one)]) for one in found if id(one) in known),
        tuple(matched),
        tuple(gone),
    )


def _pairs(findings: Sequence[Finding], entries: Sequence[Entry]) -> list[tuple[Finding, Entry]]:
    if len(findings) == len(entries) == 1:
        return [(findings[0], entries[0])]
    pairs = []
    free = list(entries)
    for finding in findings:
        around = context(finding)
        entry = next((one for one in free if one.context == around), None)
        if entry is not None:
            free.remove(entry)
            pairs.append((finding, entry))
    return pairs


def own(root: Path) -> Path | None:
    """Return where the baseline of the checkout at *root* is, or None where there is none.

    Raises :class:`BaselineError` for a link out of the checkout: it is followed on request only.
    """
    path = root / BASELINE
    if not os.path.lexists(path):
        return None
    try:
        files.inside(path, root.resolve())
    except ValueError as error:
        raise BaselineError(f"{path}: {error}   (--baseline {path} uses it)") from error
    return path if path.is_file() else None


def load(path: Path) -> tuple[Entry, ...]:
    """Read the entries at *path*; raises :class:`BaselineError`."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != _VERSION:
            raise BaselineError(f"{path}: version {data['version']!r} is not known here")
        return tuple(Entry(**entry) for entry in data["findings"])
    except OSError as error:
        raise BaselineError(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BaselineError(f"{path}: this is no baseline: {error}") from error


def to_text(entries: Iterable[Entry]) -> str:
    """Return the file that holds *entries*: sorted, one value a line, as a diff shows it best."""
    ordered = sorted(entries, key=lambda one: (one.path, one.rule, one.fingerprint, one.context))
    data = {"version": _VERSION, "findings": [asdict(entry) for entry in ordered]}
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
