"""Make a run of ``megalint check``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import click
from msgspec.structs import replace

from megalint.baseline import Entry
from megalint.cache import Outcome
from megalint.cli import changing, given, language, reporting, shown
from megalint.cli.request import Request
from megalint.config import Config
from megalint.discover import Listing
from megalint.finding import Finding, Safety, Severity
from megalint.history import NoHistory, merge_base
from megalint.ignores import Judged
from megalint.output.plain import printable
from megalint.output.rendering import Style, render, render_problems
from megalint.report import Report
from megalint.rewrite import fix as run_fix
from megalint.rule import Rule
from megalint.run import run, since
from megalint.source import Source
from megalint.suppress import place_of
from megalint.wording import counted


def outcome(
    ctx: click.Context, root: Path, listing: Listing, request: Request
) -> tuple[Outcome, Iterable[Source]]:
    """Return what the run that *request* asks for comes to, and the files it read.

    With ``--diff`` and ``--show-config`` it exits instead, with ``--fix`` it changes files first.
    """
    whole = _report(ctx, root, listing, request)
    report = language.translated(_limited(whole, request.paths), request.lang)
    messages: list[str] = []
    outputs = reporting.rendered(
        lambda name, style: render(name, report, style), request.reports, _style(request, messages)
    )
    if not request.quiet:
        messages.append(render_problems(report.problems, with_details=request.verbose))
        messages.extend(_gone(whole))
    if request.statistics:
        messages.append(reporting.statistics(report))
    code, words = _exit_code(report, request)
    return Outcome(outputs, "".join((*messages, words)), code), whole.sources


def _report(ctx: click.Context, root: Path, listing: Listing, request: Request) -> Report:
    config = given.configuration(root, request.config_path, isolated=request.isolated)
    config = given.with_severities(config, request.severity)
    config = replace(config, fail_on=request.fail_on or config.fail_on)
    rules = given.chosen_rules(request.select, request.ignore, config.levels)
    if request.show_config:
        shown.show(ctx, root, config, request.reports)
        ctx.exit()
    if request.no_ignores:
        rules = [rule for rule in rules if rule.fact is not Judged]
    commit = _commit(root, request.changed_since)
    accepted = given.accepted(root, request.baseline_path, no_baseline=request.no_baseline)
    if request.unsafe_fixes and not (request.fix or request.diff):
        raise click.UsageError("--unsafe-fixes: together with --fix, or --diff to look first")
    if request.fix or request.diff:
        report = _fixed(root, request, rules, config, accepted)
    else:
        report = run(root, rules, config, accepted, listing)
    if commit is not None:
        report = _since(report, commit)
    return _without_ignores(report) if request.no_ignores else report


def _fixed(
    root: Path,
    request: Request,
    rules: Sequence[Rule[Any]],
    config: Config,
    accepted: Sequence[Entry],
) -> Report:
    """Return what is left when the fixes are applied; with ``--diff`` they are printed instead."""
    is_wanted = given.is_below(root, request.paths)
    safeties = (Safety.SAFE, Safety.UNSAFE) if request.unsafe_fixes else (Safety.SAFE,)
    report, changes, count = run_fix(
        root, rules, config, safeties, accepted, lambda one: is_wanted(one.location.source.path)
    )
    what = counted(count, "fix", "fixes")
    if request.diff:
        changing.show(changes, what, quiet=request.quiet)
    changing.write(root, changes, what, quiet=request.quiet)
    return report


def _style(request: Request, messages: list[str]) -> Style:
    """Return how to write the reports; what they leave out is added to *messages*."""

    def tell(words: str) -> None:
        if not request.quiet:
            messages.append(f"megalint: {words}\n")

    return Style(
        is_coloured=given.is_coloured(request.color),
        category=request.sarif_category,
        has_suppressed=request.sarif_include_suppressed,
        tell=tell,
    )


def _limited(report: Report, paths: tuple[Path, ...]) -> Report:
    """Keep the findings below *paths*, and the comments that ignore some; problems are all told."""
    if not paths:
        return report
    is_below = given.is_below(report.root, paths)
    about = _configurations(report, paths)

    def is_wanted(finding: Finding) -> bool:
        path = finding.location.source.path
        return path in about or is_below(path)

    return replace(
        report,
        findings=tuple(filter(is_wanted, report.findings)),
        suppressed=tuple(filter(is_wanted, report.suppressed)),
        baselined=tuple(one for one in report.baselined if is_wanted(one.finding)),
        ignores=tuple(one for one in report.ignores if is_below(one.path)),
    )


def _configurations(report: Report, paths: tuple[Path, ...]) -> set[PurePosixPath]:
    """Return the configuration files that hold for one of *paths*."""
    wanted = [path.resolve() for path in paths]
    root = report.root.resolve()
    return {
        layer.source.path
        for layer in report.config.layers
        if any(path.is_relative_to(root / layer.folder) for path in wanted)
    }


def _commit(root: Path, ref: str | None) -> str | None:
    """Return the commit at which the work on the checkout began; None: not asked for."""
    try:
        return None if ref is None else merge_base(root, ref)
    except NoHistory as error:
        raise click.UsageError(f"--changed-since: {error}") from error


def _since(report: Report, commit: str) -> Report:
    try:
        return since(report, commit)
    except NoHistory as error:
        raise click.UsageError(f"--changed-since: {error}") from error


def _gone(report: Report) -> Iterator[str]:
    if report.gone:
        count = len(report.gone)
        held = "entry of the baseline stands" if count == 1 else "entries of the baseline stand"
        yield f"megalint: {count} {held} for nothing any more   (megalint baseline --prune)\n"


def _without_ignores(report: Report) -> Report:
    """Return the report as if no comment asked to ignore anything."""
    findings = sorted((*report.findings, *report.suppressed), key=place_of)
    return replace(report, findings=tuple(findings), suppressed=(), ignores=())


def _exit_code(report: Report, request: Request) -> tuple[int, str]:
    """Return the exit code, and why where the findings do not say it."""
    if report.has_failed:
        return 3, ""
    if not report.files:
        return 2, f"megalint: nothing to lint below {printable(str(report.root))}\n"
    warnings, most = report.count(Severity.WARNING), request.max_warnings
    is_over = most is not None and warnings > most
    words = f"megalint: {warnings} warnings, {most} are allowed\n" if is_over else ""
    return int((report.fails or is_over) and not request.exit_zero), words
