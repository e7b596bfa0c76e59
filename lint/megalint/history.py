"""What git knows: the checkout as it was at another commit, and the lines changed since."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from megalint.classify import classify
from megalint.config import Config
from megalint.git import git, without_filters
from megalint.source import MAX_BYTES, Source

_HUNK: Final = re.compile(r"@@ -\S+ \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")


class NoHistory(Exception):
    """Git cannot say; the message says why, and what to do."""


def merge_base(root: Path, ref: str) -> str:
    """Return the commit at which the checkout left *ref*; raises :class:`NoHistory`."""
    try:
        return _git(root, "merge-base", "--end-of-options", ref, "HEAD").decode().strip()
    except NoHistory as error:
        raise NoHistory(
            f"git finds nothing in common with {ref!r}: {error}"
            "   (in CI, fetch it first: fetch-depth: 0)"
        ) from error


def paths_at(root: Path, commit: str) -> Iterator[PurePosixPath]:
    """Yield all files below *root* at *commit*."""
    for name in _git(root, "ls-tree", "-r", "-z", "--name-only", commit).split(b"\0"):
        if name:
            yield PurePosixPath(os.fsdecode(name))


def sources_at(root: Path, commit: str, config: Config) -> Iterator[Source]:
    """Yield the files that megalint reads, below *root*, as they were at *commit*.

    Raises :class:`NoHistory`, also for a file that was left out when the checkout was cloned.
    """
    wanted: list[tuple[PurePosixPath, str]] = []
    for entry in _git(root, "ls-tree", "-r", "-l", "-z", commit).split(b"\0"):
        head, _, name = entry.partition(b"\t")
        path = PurePosixPath(os.fsdecode(name))
        mode, kind, blob, size = (*head.decode().split(), "", "", "", "")[:4]
        is_file = kind == "blob" and mode != "120000"
        if is_file and classify(path) is not None and not config.excludes(path):
            if not size.isdecimal():
                raise NoHistory(f"{path} of {commit[:12]} is not here   (fetch without --filter)")
            if int(size) <= MAX_BYTES:
                wanted.append((path, blob))
    asked = "".join(f"{blob}\n" for _, blob in wanted).encode()
    answer = _git(root, "cat-file", "--batch", given=asked)
    for (path, _), data in zip(wanted, _blobs(answer), strict=True):
        try:
            yield Source(path, data.decode("utf-8"))
        except UnicodeDecodeError:
            continue


def _blobs(answer: bytes) -> Iterator[bytes]:
    """Yield the contents in what ``git cat-file --batch`` prints."""
    place = 0
    while place < len(answer):
        end = answer.index(b"\n", place)
        size = int(answer[place:end].rsplit(b" ", 1)[1])
        yield answer[end + 1 : end + 1 + size]
        place = end + 1 + size + 1


def changed_lines(root: Path, commit: str) -> dict[PurePosixPath, set[int]]:
    """Return the 1-based lines that were added or changed since *commit*, by path."""
    options = ("--unified=0", "--no-ext-diff", "--no-textconv", "--no-color", "--no-prefix")
    scope = ("--ignore-submodules=all", "--relative", commit, "--", ".")
    text = _git(root, "diff", *options, *scope, settings=without_filters(root))
    found: dict[PurePosixPath, set[int]] = {}
    lines: set[int] = set()
    added = 0  # lines of a hunk may look like the headers of a file
    for line in os.fsdecode(text).split("\n"):
        if added and line.startswith("+"):
            added -= 1
        elif line.startswith("+++ "):
            lines = found.setdefault(PurePosixPath(line[4:].rstrip("\t")), set())
        elif hunk := _HUNK.match(line):
            start, added = int(hunk["start"]), int(hunk["count"] or 1)
            lines.update(range(start, start + added))
    return found


def _git(
    root: Path, *arguments: str, given: bytes = b"", settings: Iterable[tuple[str, str]] = ()
) -> bytes:
    try:
        done = git(root, *arguments, given=given, settings=settings)
    except OSError as error:
        raise NoHistory(f"git gives no answer: {error.strerror}") from error
    if done.returncode:
        said = os.fsdecode(done.stderr).strip().splitlines() or ["no answer"]
        raise NoHistory(said[0])
    return done.stdout
