"""``megalint check``."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

import click
from msgspec.structs import replace

from megalint import output
from megalint.cli import changing, language, options, reporting, shown
from megalint.finding import Finding, Safety, Severity
from megalint.history import NoHistory, merge_base
from megalint.ignores import Judged
from megalint.output.plain import printable
from megalint.report import Report
from megalint.rewrite import fix as run_fix
from megalint.run import run, since
from megalint.suppress import place_of
from megalint.wording import counted


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
@language.option
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
    lang: str,
    sarif_category: str | None,
    sarif_include_suppressed: bool,
    statistics: bool,
    show_config: bool,
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
    rules = options.chosen_rules(select, ignore, config.levels)
    if show_config:
        shown.show(ctx, root, config, reports)
        return
    if no_ignores:
        rules = [rule for rule in rules if rule.fact is not Judged]
    commit = _commit(root, changed_since)
    accepted = options.accepted(root, baseline_path, no_baseline=no_baseline)
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes: together with --fix, or --diff to look first")
    if fix or diff:
        is_wanted = options.is_below(root, paths)
        safeties = (Safety.SAFE, Safety.UNSAFE) if unsafe_fixes else (Safety.SAFE,)
        whole, changes, count = run_fix(
            root, rules, config, safeties, accepted, lambda one: is_wanted(one.location.source.path)
        )
        what = counted(count, "fix", "fixes")
        if diff:
            changing.show(changes, what, quiet=quiet)
        changing.write(root, changes, what, quiet=quiet)
    else:
        whole = run(root, rules, config, accepted)
    if commit is not None:
        whole = _since(whole, commit)
    if no_ignores:
        whole = _without_ignores(whole)
    report = language.translated(_limited(whole, paths), lang)
    reporting.write(
        lambda name, style: output.render(name, report, style),
        reports,
        reporting.style(
            color, sarif_category, has_suppressed=sarif_include_suppressed, quiet=quiet
        ),
    )
    if not quiet:
        options.tell(report.problems, verbose=verbose)
        _tell_gone(whole)
    if statistics:
        reporting.tell_seconds(report)
    sys.exit(_exit_code(report, max_warnings, exit_zero=exit_zero))


def _limited(report: Report, paths: tuple[Path, ...]) -> Report:
    """Keep the findings below *paths*, and the comments that ignore some; problems are all told."""
    if not paths:
        return report
    is_below = options.is_below(report.root, paths)
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


def _tell_gone(report: Report) -> None:
    if report.gone:
        count = len(report.gone)
        held = "entry of the baseline stands" if count == 1 else "entries of the baseline stand"
        click.echo(
            f"megalint: {count} {held} for nothing any more   (megalint baseline --prune)",
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
        click.echo(f"megalint: nothing to lint below {printable(str(report.root))}", err=True)
        return 2
    warnings = report.count(Severity.WARNING)
    is_over = max_warnings is not None and warnings > max_warnings
    if is_over:
        click.echo(f"megalint: {warnings} warnings, {max_warnings} are allowed", err=True)
    return int((report.fails or is_over) and not exit_zero)
