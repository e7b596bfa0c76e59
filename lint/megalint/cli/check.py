"""``megalint check``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath

import click

from megalint import output
from megalint.cli import options, reporting
from megalint.finding import Finding
from megalint.output.plain import printable
from megalint.report import Report
from megalint.run import run


@click.command("check", cls=reporting.Ordered)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@reporting.reporting(list(output.FORMATS))
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
    report = _limited(run(root, rules, config), paths)
    reporting.write(
        lambda name, style: output.render(name, report, style),
        reports,
        is_coloured=options.is_coloured(color),
    )
    if not quiet:
        options.tell(report.problems, verbose=verbose)
        _tell_ignores(report, verbose=verbose)
    if statistics:
        reporting.tell_seconds(report)
    sys.exit(_exit_code(report, exit_zero=exit_zero))


def _limited(report: Report, paths: tuple[Path, ...]) -> Report:
    """Keep the findings below *paths*, and the comments that ignore some; problems are all told."""
    if not paths:
        return report
    root = report.root.resolve()
    wanted = [path.resolve() for path in paths]

    def is_wanted(path: PurePosixPath) -> bool:
        return any((root / path).resolve().is_relative_to(one) for one in wanted)

    def below(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(one for one in findings if is_wanted(one.location.source.path))

    return replace(
        report,
        findings=below(report.findings),
        suppressed=below(report.suppressed),
        ignores=tuple(one for one in report.ignores if is_wanted(one.path)),
    )


def _tell_ignores(report: Report, *, verbose: bool) -> None:
    """Print on stderr how many comments ignore nothing, or do not say why."""
    idle = [one for one in report.ignores if not one.is_used]
    bare = [one for one in report.ignores if not one.reason]
    for found, words in ((idle, "this ignores nothing"), (bare, "this ignores without a reason")):
        for one in found if verbose else ():
            click.echo(f"megalint: {printable(str(one.path))}:{one.line}: {words}", err=True)
    if (idle or bare) and not verbose:
        click.echo(
            f"megalint: comments that ignore: {len(report.ignores)} in all,"
            f" {len(idle)} of them idle, {len(bare)} without a reason   (--verbose lists them)",
            err=True,
        )


def _exit_code(report: Report, *, exit_zero: bool) -> int:
    if report.has_failed:
        return 3
    if not report.files:
        click.echo(f"megalint: nothing to lint below {report.root}", err=True)
        return 2
    return int(report.fails and not exit_zero)
