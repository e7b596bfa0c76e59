"""The pipeline, top to bottom."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from megalint.baseline import Entry, split
from megalint.check import Failure, check, unlinked
from megalint.config import OFF, Config, ConfigError, Mistake, completed, mistakes_by_kind, relisted
from megalint.discover import Listing, discover
from megalint.finding import Finding, Safety
from megalint.formats.aws_answers import Inventory
from megalint.history import changed_lines, paths_at, sources_at
from megalint.ignores import Ignore, Judged, Name, ignores_in
from megalint.project.apps import App
from megalint.project.linked import LinkError, Project
from megalint.project.linkers import link
from megalint.project.live.linker import FACTS as LIVE
from megalint.read import Folders, read, text_of
from megalint.registry import load_rules
from megalint.report import Problem, Report
from megalint.rule import Rule
from megalint.source import Source
from megalint.suppress import judged, suppress

RECURSION_LIMIT: Final = 20_000
"""Evaluating code nests as deep as the code does; Python's own limit is 1000."""
GENERATION: Final = 50_000
"""Most of what a run makes stays: to look for garbage after 700 records takes a seventh of it."""


def run(
    root: Path,
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    accepted: Sequence[Entry] = (),
    listing: Listing | None = None,
) -> Report:
    """Lint everything below *root*; *accepted* is the baseline, *listing* what was found there."""
    clock = Clock()
    project, problems = load(root, config, clock, listing=listing)
    return accepting(report_on(root, project, rules, problems, clock), accepted)


def lint(
    sources: Iterable[Source],
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    inventories: Sequence[Inventory] = (),
) -> Report:
    """Lint *sources*, which need not be on disk, and what accounts hold."""
    held = {source.path: source for source in sources}
    config = completed(config, held, lambda path: held[path].text)
    project = link(held.values(), config, inventories=inventories)
    return report_on(Path(), project, rules, (), Clock())


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
    clock = Clock()
    problems: tuple[Problem, ...] = ()
    if root is None:
        project = link((), config, inventories=inventories)
    else:
        project, problems = load(root, config, clock, inventories)
    chosen = [rule for rule in rules if rule.fact is not Judged]
    report = replace(
        report_on(root or Path(), project, chosen, problems, clock), rules=tuple(rules)
    )

    def is_live(finding: Finding) -> bool:
        return _is_live(project, finding)

    return project, replace(
        report,
        rules=tuple(rules),
        findings=tuple(_shown(one) for one in report.findings if is_live(one)),
        suppressed=tuple(filter(is_live, report.suppressed)),
        ignores=(),
    )


def _is_live(project: Project, finding: Finding) -> bool:
    """Whether a finding is about what an account holds."""
    source = finding.location.source
    is_file = project.checkout.get(source.path) is not None or source in project.config.sources
    return bool(project.inventories) and not is_file


def _shown(finding: Finding) -> Finding:
    """Return *finding* with a fix that is only shown: nothing in an account is changed."""
    if finding.fix is None:
        return finding
    return replace(finding, fix=replace(finding.fix, safety=Safety.DISPLAY))


def load(
    root: Path,
    config: Config = Config(),
    clock: Clock | None = None,
    inventories: Sequence[Inventory] = (),
    listing: Listing | None = None,
) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project below *root* without checking it, and what could not be read.

    Files are read at once; their facts are linked when they are first asked for.
    """
    clock = clock or Clock()
    sys.setrecursionlimit(max(RECURSION_LIMIT, sys.getrecursionlimit()))
    gc.set_threshold(max(GENERATION, gc.get_threshold()[0]))
    listing = listing or discover(root)
    paths = listing.paths
    clock.lap("discover")
    config = configured(root, config, paths)
    sources: list[Source] = []
    problems = [Problem(path, message) for path, message in listing.problems]
    for one in read(root, paths, config):
        if isinstance(one, Source):
            sources.append(one)
        else:
            problems.append(Problem(*one))
    clock.lap("read")
    return link(sources, config, paths, inventories), tuple(problems)


def configured(root: Path, config: Config, paths: Iterable[PurePosixPath]) -> Config:
    """Return *config* with what the nested files among *paths* say.

    Raises :class:`ConfigError` for one that cannot be read.
    """
    folders = Folders(root)

    def text(path: PurePosixPath) -> str | None:
        try:
            return text_of(f"{root}/{path}", folders)
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        except ValueError as error:
            raise ConfigError(f"{path}: {error}") from error

    return completed(config, paths, text)


def mistaken(config: Config) -> Iterator[Problem]:
    """Yield the mistakes in the configuration, for commands that report no findings on files."""
    for mistakes in _given(config, ()).values():
        for one in mistakes:
            yield Problem(str(one.location.source.path), one.message, one.location.line)


def _given(config: Config, rules: Iterable[Rule[Any]]) -> dict[type[object], list[Mistake]]:
    """Return the mistakes in the configuration: what an installed rule is called is known here."""
    known = (*load_rules(), *rules) if config.layers else ()
    return mistakes_by_kind(config, {name for one in known for name in (one.id, one.family)})


def report_on(
    root: Path,
    project: Project,
    rules: Sequence[Rule[Any]],
    problems: Iterable[Problem],
    clock: Clock,
) -> Report:
    """Return what *rules* say of *project*; *problems* are those of reading it."""
    config = project.config
    rules = [rule for rule in rules if config.is_on(rule.id, rule.family)]
    ordinary = [rule for rule in rules if rule.fact is not Judged]
    given = _given(config, rules)
    apps, checked = _checked(project, ordinary, given)
    clock.lap("check")
    found = [one for one in checked if isinstance(one, Finding)]
    ignores = tuple(_ignores(project, found))
    late = [rule for rule in rules if rule.fact is Judged]
    if late and len(found) == len(checked):
        verdicts = tuple(_verdicts(project, ordinary, found, ignores, given))
        checked.extend(check(project, late, {Judged: verdicts}))
        found = [one for one in checked if isinstance(one, Finding)]
    buckets = suppress(_configured(found, project), ignores, date.today())
    clock.lap("suppress")
    failures = [failed(one) for one in checked if isinstance(one, Failure)]
    work = project.checkout.work
    return Report(
        root=root,
        findings=tuple(buckets.reported),
        suppressed=tuple(buckets.ignored),
        problems=(*problems, *failures, *unparsed(project)),
        rules=tuple(rules),
        files=len(project.checkout),
        sources=tuple(project.checkout),
        apps=apps,
        fail_on=config.fail_on or "warning",
        seconds=tuple(clock.laps),
        parts=tuple(sorted(work.seconds.items(), key=lambda one: (-one[1], one[0]))),
        counts=tuple(sorted(work.counts.items())),
        ignores=ignores,
        config=config,
    )


def since(report: Report, commit: str) -> Report:
    """Keep the findings that are on lines changed since *commit*, or that were not there then.

    What was there then is found by linting the checkout as it was: so a finding counts wherever it
    is, when a change elsewhere caused it. Raises :class:`megalint.history.NoHistory`.
    """
    config = relisted(report.config, paths_at(report.root, commit))
    project = link(sources_at(report.root, commit, config), config)
    before = report_on(report.root, project, report.rules, (), Clock())
    found = split(report.findings, [Entry.of(one, "", "", "") for one in before.findings])
    lines = changed_lines(report.root, commit)

    def is_touched(finding: Finding) -> bool:
        place = finding.location
        return place.line in lines.get(place.source.path, ())

    known = {id(one.finding) for one in found.known if not is_touched(one.finding)}
    return replace(
        report,
        findings=tuple(one for one in report.findings if id(one) not in known),
        untouched=tuple(one for one in report.findings if id(one) in known),
    )


def accepting(report: Report, accepted: Sequence[Entry]) -> Report:
    """Set aside what the baseline holds; of other rules' entries this run says nothing."""
    names = {rule.id for rule in report.rules}
    found = split(report.findings, [one for one in accepted if one.rule in names])
    return replace(report, findings=found.new, baselined=found.known, gone=found.gone)


def _checked(
    project: Project, rules: Sequence[Rule[Any]], given: Mapping[type[object], Sequence[object]]
) -> tuple[int, list[Finding | Failure]]:
    """Return how many apps there are, and what the rules say of them."""
    try:
        apps = sum(1 for _ in project.each(App))
    except LinkError as error:
        return 0, [unlinked(error)]
    return apps, list(check(project, rules, given))


def _configured(findings: Iterable[Finding], project: Project) -> Iterator[Finding]:
    """Yield the findings that the configuration leaves on, at the level it gives them."""
    for finding in findings:
        path, names = finding.location.source.path, (finding.rule_id, finding.family)
        is_live = _is_live(project, finding)
        level = project.config.level_at(path, *names, is_live=is_live)
        if level != OFF:
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


def _ignores(project: Project, findings: Iterable[Finding]) -> Iterator[Ignore]:
    """Yield the comments that ask to ignore, in the checkout and in what else was looked at."""
    sources = {one.path: one for one in (*project.config.sources, *project.checkout)}
    for finding in findings:
        sources.setdefault(finding.location.source.path, finding.location.source)
    for _, source in sorted(sources.items()):
        yield from ignores_in(source)


def _verdicts(
    project: Project,
    rules: Sequence[Rule[Any]],
    found: Sequence[Finding],
    ignores: Sequence[Ignore],
    given: Mapping[type[object], Sequence[object]],
) -> Iterator[Judged]:
    """Yield what there is to say of *ignores*, which stand in a checkout.

    Rules that they name, and that are not among *rules*, are run for that alone.
    """
    if not ignores:
        return
    every = load_rules()
    named = {name for one in ignores for name in one.ids}
    chosen = {rule.id for rule in rules}
    asked = [one for one in every if one.id not in chosen and {one.id, one.family} & named]
    silent = list(check(project, [one for one in asked if one.fact is not Judged], given))
    unknown = {rule.id for rule in every if rule.fact in (Judged, *LIVE)}
    if any(isinstance(one, Failure) for one in silent):
        unknown.update(rule.id for rule in asked)

    def is_judged(name: Name, ignore: Ignore) -> bool:
        meant = [rule for rule in every if name.text in (rule.id, rule.family)]
        return not any(
            rule.id in unknown or project.config.is_off(ignore.path, rule.id, rule.family)
            for rule in meant
        )

    findings = [*found, *(one for one in silent if isinstance(one, Finding))]
    names = [name for rule in every for name in (rule.id, rule.family)]
    yield from judged(ignores, findings, names, is_judged, date.today())


class Clock(Struct):
    """Takes the wall time of the passes of a run, in seconds."""

    laps: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """End the pass called *name*."""
        now = time.perf_counter()
        self.laps.append((name, now - self._last))
        self._last = now
