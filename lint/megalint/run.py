"""The pipeline, top to bottom."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from megalint.baseline import Entry, split
from megalint.check import Failure, check, unlinked
from megalint.config import Config, ConfigError, Mistake, completed, mistakes_by_kind
from megalint.discover import discover
from megalint.finding import Finding, Safety
from megalint.fixes import Change, applicable, apply
from megalint.formats.aws_answers import Inventory
from megalint.history import changed_lines, sources_at
from megalint.project import LinkError, Project, link
from megalint.project.apps import App
from megalint.read import read, text_of
from megalint.registry import load_rules
from megalint.report import Problem, Report
from megalint.rule import Rule
from megalint.source import Source
from megalint.suppress import Ignore, suppress

RECURSION_LIMIT: Final = 20_000
"""Evaluating code nests as deep as the code does; Python's own limit is 1000."""
MAX_ROUNDS: Final = 10
"""One fix may make room for another; where they go on for ever, a rule is wrong."""


def run(
    root: Path,
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    accepted: Sequence[Entry] = (),
) -> Report:
    """Lint everything below *root*; *accepted* is the baseline."""
    clock = _Clock()
    project, problems = load(root, config, clock)
    return _accepting(_report(root, project, rules, problems, clock), accepted)


def fix(
    root: Path,
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    safeties: Iterable[Safety] = (Safety.SAFE,),
    accepted: Sequence[Entry] = (),
    is_wanted: Callable[[Finding], bool] = lambda _: True,
) -> tuple[Report, tuple[Change, ...], int]:
    """Lint, fix in memory, and lint again until nothing is left to fix.

    Return the report of what is left, the changes, which are not yet written, and how many fixes
    they hold. *is_wanted* says which findings may be fixed.
    """
    clock = _Clock()
    project, problems = load(root, config, clock)
    original = {source.path: source for source in project.checkout}
    current, applied = original, 0
    report = _accepting(_report(root, project, rules, problems, clock), accepted)
    for _ in range(MAX_ROUNDS):
        wanted = [one for one in report.findings if is_wanted(one)]
        texts, count = apply(
            one
            for one in applicable(wanted, safeties)
            if all(edit.source.path in original for edit in one.edits)
        )
        texts = {source: text for source, text in texts.items() if text != source.text}
        if not texts:
            break
        applied += count
        current = current | {one.path: Source(one.path, text) for one, text in texts.items()}
        project = link(current.values(), project.config, project.checkout.unread)
        report = _accepting(_report(root, project, rules, problems, clock), accepted)
    return report, tuple(_changes(original, current)), applied


def _changes(
    original: Mapping[PurePosixPath, Source], current: Mapping[PurePosixPath, Source]
) -> Iterator[Change]:
    for path, source in original.items():
        if current[path].text != source.text:
            yield Change(path, source.text, current[path].text)


def lint(
    sources: Iterable[Source],
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    inventories: Sequence[Inventory] = (),
) -> Report:
    """Lint *sources*, which need not be on disk, and what accounts hold."""
    texts = {source.path: source.text for source in sources}
    held = [Source(path, text) for path, text in texts.items()]
    project = link(held, completed(config, texts, texts.get), inventories=inventories)
    return _report(Path(), project, rules, (), _Clock())


def audit(
    root: Path | None,
    inventories: Sequence[Inventory],
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
) -> tuple[Project, Report]:
    """Check what accounts hold against the checkout at *root*, if there is one.

    The findings are those about the accounts alone: the checkout says what its apps need, and
    which versions its code asks for.
    """
    clock = _Clock()
    problems: tuple[Problem, ...] = ()
    if root is None:
        project = link((), config, inventories=inventories)
    else:
        project, problems = load(root, config, clock, inventories)
    report = _report(root or Path(), project, rules, problems, clock)

    def is_live(finding: Finding) -> bool:
        source = finding.location.source
        return project.checkout.get(source.path) is None and source not in project.config.sources

    return project, replace(
        report,
        findings=tuple(_shown(one) for one in report.findings if is_live(one)),
        suppressed=tuple(filter(is_live, report.suppressed)),
        ignores=(),
    )


def _shown(finding: Finding) -> Finding:
    """Return *finding* with a fix that is only shown: nothing in an account is changed."""
    if finding.fix is None:
        return finding
    return replace(finding, fix=replace(finding.fix, safety=Safety.DISPLAY))


def load(
    root: Path,
    config: Config = Config(),
    clock: _Clock | None = None,
    inventories: Sequence[Inventory] = (),
) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project below *root* without checking it, and what could not be read.

    Files are read at once; their facts are linked when they are first asked for.
    """
    clock = clock or _Clock()
    sys.setrecursionlimit(max(RECURSION_LIMIT, sys.getrecursionlimit()))
    listing = discover(root)
    clock.lap("discover")
    config = configured(root, config, listing.paths)
    sources: list[Source] = []
    problems = [Problem(path, message) for path, message in listing.problems]
    for one in read(root, listing.paths, config):
        if isinstance(one, Source):
            sources.append(one)
        else:
            problems.append(Problem(*one))
    clock.lap("read")
    return link(sources, config, listing.paths, inventories), tuple(problems)


def configured(root: Path, config: Config, paths: Iterable[PurePosixPath]) -> Config:
    """Return *config* with what the nested files among *paths* say.

    Raises :class:`ConfigError` for one that cannot be read.
    """
    inside = root.resolve()

    def text(path: PurePosixPath) -> str | None:
        try:
            return text_of(root / path, inside)
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        except ValueError as error:
            raise ConfigError(f"{path}: {error}") from error

    return completed(config, paths, text)


def _report(
    root: Path,
    project: Project,
    rules: Sequence[Rule[Any]],
    problems: Iterable[Problem],
    clock: _Clock,
) -> Report:
    config = project.config
    rules = [rule for rule in rules if config.is_on(rule.id, rule.family)]
    apps, checked = _checked(project, rules)
    clock.lap("check")
    found = [one for one in checked if isinstance(one, Finding)]
    buckets = suppress(_configured(found, config), (*project.checkout, *config.sources))
    clock.lap("suppress")
    failures = [failed(one) for one in checked if isinstance(one, Failure)]
    return Report(
        root=root,
        findings=tuple(buckets.reported),
        suppressed=tuple(buckets.ignored),
        problems=(*problems, *failures, *unparsed(project)),
        rules=tuple(rules),
        files=sum(1 for _ in project.checkout),
        apps=apps,
        fail_on=config.fail_on or "warning",
        seconds=tuple(clock.laps),
        ignores=tuple(_of_rules(buckets.ignores, rules)),
        config=config,
    )


def since(report: Report, commit: str) -> Report:
    """Keep the findings that are on lines changed since *commit*, or that were not there then.

    What was there then is found by linting the checkout as it was: so a finding counts wherever it
    is, when a change elsewhere caused it. Raises :class:`megalint.history.NoHistory`.
    """
    project = link(sources_at(report.root, commit, report.config), report.config)
    before = _report(report.root, project, report.rules, (), _Clock())
    found = split(report.findings, [Entry.of(one, "", "", "") for one in before.findings])
    lines = changed_lines(report.root, commit)

    def is_touched(finding: Finding) -> bool:
        place = finding.location
        return place.line in lines.get(place.source.path, ())

    known = {id(one) for one in found.known if not is_touched(one)}
    return replace(
        report,
        findings=tuple(one for one in report.findings if id(one) not in known),
        untouched=tuple(one for one in report.findings if id(one) in known),
    )


def _accepting(report: Report, accepted: Sequence[Entry]) -> Report:
    """Set aside what the baseline holds; of other rules' entries this run says nothing."""
    names = {rule.id for rule in report.rules}
    found = split(report.findings, [one for one in accepted if one.rule in names])
    return replace(report, findings=found.new, baselined=found.known, gone=found.gone)


def _checked(project: Project, rules: Sequence[Rule[Any]]) -> tuple[int, list[Finding | Failure]]:
    """Return how many apps there are, and what the rules say of them."""
    try:
        apps = sum(1 for _ in project.each(App))
    except LinkError as error:
        return 0, [unlinked(error)]
    return apps, list(check(project, rules, _given(project.config, rules)))


def mistaken(config: Config) -> Iterator[Problem]:
    """Yield the mistakes in the configuration, for commands that report no findings on files."""
    for mistakes in _given(config, ()).values():
        for one in mistakes:
            yield Problem(str(one.location.source.path), one.message, one.location.line)


def _given(config: Config, rules: Iterable[Rule[Any]]) -> dict[type[object], list[Mistake]]:
    """Return the mistakes in the configuration: what an installed rule is called is known here."""
    known = (*load_rules(), *rules) if config.layers else ()
    return mistakes_by_kind(config, {name for one in known for name in (one.id, one.family)})


def _configured(findings: Iterable[Finding], config: Config) -> Iterator[Finding]:
    """Yield the findings that the configuration leaves on, at the level it gives them."""
    for finding in findings:
        path = finding.location.source.path
        level = config.level_at(path, finding.rule_id, finding.family)
        if level != "off":
            yield finding if level is None else replace(finding, severity=level)


def failed(failure: Failure) -> Problem:
    """Return what to tell of a failure of megalint itself."""
    message = f"{failure.subject} failed ({failure.message})"
    return Problem(".", message, detail=failure.detail, is_internal=True)


def unparsed(project: Project) -> Iterator[Problem]:
    """Yield the places that a parser could not read, of the modules that were parsed."""
    for module in project.parsed_modules():
        if module.errors:
            first = module.errors[0]
            message = f"{first.label}; what follows may be missed"
            yield Problem(str(module.source.path), message, first.line)


def _of_rules(ignores: Iterable[Ignore], rules: Sequence[Rule[Any]]) -> Iterator[Ignore]:
    """Yield the comments about a rule of this run: others may be of use in another one."""
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    return (one for one in ignores if not names.isdisjoint(one.ids))


@dataclass(slots=True)
class _Clock:
    laps: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps.append((name, now - self._last))
        self._last = now
