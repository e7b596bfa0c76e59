"""The pipeline, top to bottom."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, Final

from megalint.check import Failure, check
from megalint.classify import classify
from megalint.config import Config
from megalint.discover import discover
from megalint.finding import Finding
from megalint.project import Project, link
from megalint.project.apps import App
from megalint.report import Problem, Report
from megalint.rule import Rule
from megalint.source import Source
from megalint.suppress import suppress

MAX_BYTES: Final = 20_000_000
RECURSION_LIMIT: Final = 20_000
"""Evaluating code nests as deep as the code does; Python's own limit is 1000."""


def run(root: Path, rules: Sequence[Rule[Any]], config: Config = Config()) -> Report:
    """Lint everything below *root*."""
    clock = _Clock()
    listing = discover(root)
    clock.lap("discover")
    problems = [Problem(path, message) for path, message in listing.problems]
    sources = list(_read(root, listing.paths, config, problems))
    clock.lap("read")
    project = link(sources, config, listing.paths)
    return _report(root, project, rules, problems, clock)


def lint(
    sources: Iterable[Source], rules: Sequence[Rule[Any]], config: Config = Config()
) -> Report:
    """Lint *sources*, which need not be on disk."""
    return _report(Path(), link(sources, config), rules, [], _Clock())


def load(root: Path, config: Config = Config()) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project below *root* without checking it, and what could not be read."""
    listing = discover(root)
    problems = [Problem(path, message) for path, message in listing.problems]
    sys.setrecursionlimit(max(RECURSION_LIMIT, sys.getrecursionlimit()))
    sources = list(_read(root, listing.paths, config, problems))
    return link(sources, config, listing.paths), tuple(problems)


def _report(
    root: Path,
    project: Project,
    rules: Sequence[Rule[Any]],
    problems: list[Problem],
    clock: _Clock,
) -> Report:
    sys.setrecursionlimit(max(RECURSION_LIMIT, sys.getrecursionlimit()))
    found: list[Finding] = []
    for result in check(project, rules):
        if isinstance(result, Failure):
            message = f"the rule {result.rule_id} failed ({result.message})"
            problems.append(Problem(".", message, None, result.detail, True))
        else:
            found.append(result)
    clock.lap("check")
    buckets = suppress(_configured(found, project.config))
    problems += _unreadable(project)
    return Report(
        root,
        tuple(buckets.reported),
        tuple(buckets.ignored),
        tuple(problems),
        tuple(rules),
        sum(1 for _ in project.checkout),
        sum(1 for _ in project.each(App)),
        tuple(clock.laps),
    )


def _read(
    root: Path, paths: Iterable[PurePosixPath], config: Config, problems: list[Problem]
) -> Iterator[Source]:
    """Yield the texts that matter; what cannot be read is a problem."""
    inside = root.resolve()
    for path in paths:
        if classify(path) is None or config.excludes(path):
            continue
        try:
            text = _text(root / path, inside)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            problems.append(Problem(path.as_posix(), f"not read: {reason}"))
            continue
        if text is not None:
            yield Source(path, text)


def _text(path: Path, inside: Path) -> str | None:
    """Return the text, or None for what is no file of the checkout (folders, dead links)."""
    if path.is_symlink():
        # resolve() raises on circles, realpath() does not
        if not Path(os.path.realpath(path)).is_relative_to(inside):
            raise ValueError("a link that leads out of the checkout")
        if not os.path.exists(path):
            raise ValueError("a link that leads nowhere or in a circle")
    if not path.exists() or path.is_dir():
        return None
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000_000} MB")
    data = path.read_bytes()
    if b"\0" in data[:8192]:
        raise ValueError("binary, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start})") from error


def _configured(findings: Iterable[Finding], config: Config) -> Iterator[Finding]:
    """Yield the findings that the configuration leaves on, at the level it gives them."""
    for finding in findings:
        path = finding.location.source.path.as_posix()
        ignored = [one for glob, ids in config.per_path if fnmatch(path, glob) for one in ids]
        if finding.rule_id in ignored or finding.family in ignored:
            continue
        of_family = config.severities.get(finding.family)
        level = config.severities.get(finding.rule_id, of_family)
        yield finding if level is None else replace(finding, severity=level)


def _unreadable(project: Project) -> Iterator[Problem]:
    """Yield the places that a parser could not read, of the modules that were parsed."""
    for module in project.parsed_modules():
        if module.errors:
            first = module.errors[0]
            message = f"{first.label}; what follows may be missed"
            yield Problem(str(module.source.path), message, first.line)


@dataclass(slots=True)
class _Clock:
    laps: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps.append((name, now - self._last))
        self._last = now
