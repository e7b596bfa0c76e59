"""``megalint check``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import NoReturn

import click

from megalint import fixes, output
from megalint.baseline import Entry
from megalint.cli import options, reporting
from megalint.config import Config
from megalint.finding import Finding, Safety, Severity
from megalint.fixes import Change
from megalint.history import NoHistory, merge_base
from megalint.output.plain import printable
from megalint.report import Report
from megalint.run import fix as run_fix
from megalint.run import run, since
from megalint.suppress import place_of


@click.command("check", cls=reporting.Ordered)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@reporting.reporting(list(output.FORMATS))
@click.option("--fix", is_flag=True, envvar="MEGALINT_FIX", help="Apply the fixes that are safe.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    envvar="MEGALINT_UNSAFE_FIXES",
    help="With --fix or --diff: also those to be looked at.",
)
@click.option(
    "--diff",
    is_flag=True,
    envvar="MEGALINT_DIFF",
    help="Print what --fix would change, and change nothing.",
)
@click.option(
    "--changed-since",
    metavar="REF",
    envvar="MEGALINT_CHANGED_SINCE",
    help="Report only what the commits since REF, and what is not committed, touch or cause.",
)
@click.option(
    "--max-warnings",
    type=click.IntRange(min=0),
    envvar="MEGALINT_MAX_WARNINGS",
    help="Fail when there are more, whatever --fail-on says.",
)
@click.option(
    "--no-ignores",
    is_flag=True,
    envvar="MEGALINT_NO_IGNORES",
    help="Report what comments ask to ignore, too.",
)
@options.baseline
@options.common
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    fail_on: str | None,
    exit_zero: bool,
    statistics: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    changed_since: str | None,
    max_warnings: int | None,
    no_ignores: bool,
    baseline_path: Path | None,
    no_baseline: bool,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Lint a checkout, offline.

    Without PATHS: the repository around the current folder. PATHS limit what is reported; the
    whole repository is understood either way.
    """
    reports = reporting.paired(formats, outputs, ctx.meta["order"])
    root = options.root_of(paths)
    config = options.configuration(root, config_path, isolated=isolated)
    config = options.with_severities(config, severity)
    config = replace(config, fail_on=fail_on or config.fail_on)
    rules = options.chosen_rules(config, select, ignore)
    commit = _commit(root, changed_since)
    accepted = _accepted(root, baseline_path, no_baseline=no_baseline)
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes: together with --fix, or --diff to look first")
    if fix or diff:
        is_wanted = _below(root, paths)
        safeties = (Safety.SAFE, Safety.UNSAFE) if unsafe_fixes else (Safety.SAFE,)
        whole, changes, count = run_fix(
            root, rules, config, safeties, accepted, lambda one: is_wanted(one.location.source.path)
        )
        if diff:
            _show(changes, count, quiet=quiet)
        _write(root, changes, count, quiet=quiet)
    else:
        whole = run(root, rules, config, accepted)
    if commit is not None:
        whole = _since(whole, commit, config)
    if no_ignores:
        whole = _without_ignores(whole)
    report = _limited(whole, paths)
    reporting.write(
        lambda name, style: output.render(name, report, style),
        reports,
        is_coloured=options.is_coloured(color),
    )
    if not quiet:
        options.tell(report.problems, verbose=verbose)
        _tell_ignores(report, verbose=verbose)
        _tell_gone(whole)
    if statistics:
        reporting.tell_seconds(report)
    sys.exit(_exit_code(report, max_warnings, exit_zero=exit_zero))


def _limited(report: Report, paths: tuple[Path, ...]) -> Report:
    """Keep the findings below *paths*, and the comments that ignore some; problems are all told."""
    if not paths:
        return report
    is_wanted = _below(report.root, paths)

    def below(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(one for one in findings if is_wanted(one.location.source.path))

    return replace(
        report,
        findings=below(report.findings),
        suppressed=below(report.suppressed),
        baselined=below(report.baselined),
        ignores=tuple(one for one in report.ignores if is_wanted(one.path)),
    )


def _commit(root: Path, ref: str | None) -> str | None:
    """Return the commit at which the work on the checkout began; None: not asked for."""
    try:
        return None if ref is None else merge_base(root, ref)
    except NoHistory as error:
        raise click.UsageError(f"--changed-since: {error}") from error


def _since(report: Report, commit: str, config: Config) -> Report:
    try:
        return since(report, commit, config)
    except NoHistory as error:
        raise click.UsageError(f"--changed-since: {error}") from error


def _accepted(root: Path, path: Path | None, *, no_baseline: bool) -> tuple[Entry, ...]:
    """Return the baseline that holds: that of the option, or that of the checkout."""
    if no_baseline:
        return ()
    found = path or options.own_baseline(root)
    return () if found is None else options.entries(found)


def _tell_gone(report: Report) -> None:
    if report.gone:
        count = len(report.gone)
        held = "entry of the baseline stands" if count == 1 else "entries of the baseline stand"
        click.echo(
            f"megalint: {count} {held} for nothing any more   (megalint baseline --prune)",
            err=True,
        )


def _below(root: Path, paths: tuple[Path, ...]) -> Callable[[PurePosixPath], bool]:
    """Return what says whether a file is one of *paths* or below one; no paths: every file is."""
    folder = root.resolve()
    wanted = [path.resolve() for path in paths]

    def is_below(path: PurePosixPath) -> bool:
        return not wanted or any((folder / path).resolve().is_relative_to(one) for one in wanted)

    return is_below


def _show(changes: Sequence[Change], count: int, *, quiet: bool) -> NoReturn:
    """Print the changes and stop: exit 1 where there are some."""
    click.echo("".join(change.diff for change in changes), nl=False)
    if not quiet:
        click.echo(f"megalint: would apply {_counted(count, changes)}", err=True)
    sys.exit(int(bool(changes)))


def _write(root: Path, changes: Sequence[Change], count: int, *, quiet: bool) -> None:
    refused = list(fixes.write(root, changes))
    for one in refused:
        click.echo(f"megalint: {printable(str(one))}", err=True)
    if refused:
        sys.exit(3)
    if not quiet:
        click.echo(f"megalint: applied {_counted(count, changes)}", err=True)


def _counted(count: int, changes: Sequence[Change]) -> str:
    fixed = f"{count} fix{'es' * (count != 1)}"
    return f"{fixed} in {len(changes)} file{'s' * (len(changes) != 1)}"


def _tell_ignores(report: Report, *, verbose: bool) -> None:
    """Print on stderr how many comments ignore nothing, or do not say why."""
    today = date.today()
    late = [one for one in report.ignores if one.has_expired(today)]
    idle = [one for one in report.ignores if not one.is_used and one not in late]
    bare = [one for one in report.ignores if not one.reason]
    for found, words in (
        (idle, "this ignores nothing"),
        (late, "this has expired, and ignores nothing any more"),
        (bare, "this ignores without a reason"),
    ):
        for one in found if verbose else ():
            click.echo(f"megalint: {printable(str(one.path))}:{one.line}: {words}", err=True)
    if (idle or late or bare) and not verbose:
        click.echo(
            f"megalint: comments that ignore: {len(report.ignores)} in all,"
            f" {len(idle)} of them idle, {len(late)} expired, {len(bare)} without a reason"
            "   (--verbose lists them)",
            err=True,
        )


def _without_ignores(report: Report) -> Report:
    """Return the report as if no comment asked to ignore anything."""
    findings = sorted((*report.findings, *report.suppressed), key=place_of)
    return replace(report, findings=tuple(findings), suppressed=(), ignores=())


def _exit_code(report: Report, max_warnings: int | None, *, exit_zero: bool) -> int:
    if report.has_failed:
        return 3
    if not report.files:
        click.echo(f"megalint: nothing to lint below {report.root}", err=True)
        return 2
    warnings = report.count(Severity.WARNING)
    is_over = max_warnings is not None and warnings > max_warnings
    if is_over:
        click.echo(f"megalint: {warnings} warnings, {max_warnings} are allowed", err=True)
    return int((report.fails or is_over) and not exit_zero)
