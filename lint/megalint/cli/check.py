"""``megalint check``."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from megalint import output
from megalint.cli import options
from megalint.config import FAIL_ON
from megalint.finding import Severity
from megalint.report import Report
from megalint.run import run

NARROW: Final = 80
WIDE: Final = 140


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(list(output.FORMATS)),
    envvar="MEGALINT_FORMAT",
    help="How to write the report; may be given several times.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Where the report goes; the n-th belongs to the n-th --format.",
)
@click.option(
    "--select",
    multiple=True,
    envvar="MEGALINT_SELECT",
    help="Only these rules (ids, families, globs).",
)
@click.option("--ignore", multiple=True, envvar="MEGALINT_IGNORE", help="Without these rules.")
@click.option(
    "--severity",
    multiple=True,
    metavar="RULE=LEVEL",
    envvar="MEGALINT_SEVERITY",
    help="Report a rule at another level.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    envvar="MEGALINT_FAIL_ON",
    help="The least severity that fails; default: warning.",
)
@click.option(
    "--exit-zero", is_flag=True, envvar="MEGALINT_EXIT_ZERO", help="Exit 0 whatever is found."
)
@click.option(
    "--statistics", is_flag=True, envvar="MEGALINT_STATISTICS", help="Print where the time went."
)
@options.common
def command(
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
    root = options.root_of(paths)
    config = options.configuration(root, config_path, isolated=isolated)
    rules = options.chosen_rules(config, select, ignore)
    report = _limited(run(root, rules, options.with_severities(config, severity)), paths)
    _write(report, formats or ("text",), outputs, is_coloured=options.is_coloured(color))
    if not quiet:
        _tell(report, statistics=statistics, verbose=verbose)
    sys.exit(_exit_code(report, fail_on or config.fail_on or "warning", exit_zero=exit_zero))


def _limited(report: Report, paths: tuple[Path, ...]) -> Report:
    """Keep the findings below *paths*."""
    if not paths:
        return report
    root = report.root.resolve()
    wanted = [path.resolve() for path in paths]

    def is_wanted(path: object) -> bool:
        return any((root / str(path)).is_relative_to(one) for one in wanted)

    kept = [one for one in report.findings if is_wanted(one.location.source.path)]
    return replace(report, findings=tuple(kept))


def _write(
    report: Report, formats: tuple[str, ...], outputs: tuple[Path, ...], *, is_coloured: bool
) -> None:
    if len(outputs) > len(formats):
        raise click.UsageError("--output without a --format of its own")
    width = min(max(shutil.get_terminal_size((100, 24)).columns, NARROW), WIDE)
    for place, name in enumerate(formats):
        path = outputs[place] if place < len(outputs) else None
        to_terminal = path is None or str(path) == "-"
        style = output.Style(width, is_coloured and to_terminal)
        text = output.render(name, report, style)
        if to_terminal:
            click.echo(text, nl=False, color=True)
        elif path is not None:
            path.write_text(text, encoding="utf-8")


def _tell(report: Report, *, statistics: bool, verbose: bool) -> None:
    """Print on stderr what was not looked at, and where the time went."""
    click.echo(output.render_problems(report, with_details=verbose), nl=False, err=True)
    if statistics:
        for name, seconds in report.seconds:
            click.echo(f"{name:10} {seconds:8.3f} s", err=True)


def _exit_code(report: Report, fail_on: str, *, exit_zero: bool) -> int:
    if report.has_failed:
        return 3
    if not report.files:
        click.echo(f"megalint: nothing to lint below {report.root}", err=True)
        return 2
    if exit_zero or fail_on == "never":
        return 0
    least = Severity[fail_on.upper()]
    return int(any(finding.severity >= least for finding in report.findings))
