"""``megalint check``."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

import click

from megalint import output
from megalint.cli import options
from megalint.config import FAIL_ON
from megalint.finding import Finding
from megalint.output.plain import printable
from megalint.report import Report
from megalint.run import run

NARROW: Final = 80
WIDE: Final = 140


class Ordered(click.Command):
    """A command that notes in which order its options were given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse *args*; which option came when is put into ``ctx.meta["order"]``."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta["order"] = [parameter.name for parameter in order]
        return super().parse_args(ctx, args)


@click.command("check", cls=Ordered)
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
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="MEGALINT_OUTPUT",
    help="Where the report of the --format before it goes; - is the terminal.",
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
    reports = paired(formats, outputs, ctx.meta["order"])
    root = options.root_of(paths)
    config = options.configuration(root, config_path, isolated=isolated)
    config = options.with_severities(config, severity)
    config = replace(config, fail_on=fail_on or config.fail_on)
    rules = options.chosen_rules(config, select, ignore)
    report = _limited(run(root, rules, config), paths)
    _write(report, reports, is_coloured=options.is_coloured(color))
    if not quiet:
        options.tell(report.problems, verbose=verbose)
        _tell_ignores(report, verbose=verbose)
    if statistics:
        _tell_seconds(report)
    sys.exit(_exit_code(report, exit_zero=exit_zero))


def paired(
    formats: Sequence[str], outputs: Sequence[Path], order: Sequence[str]
) -> list[tuple[str, Path | None]]:
    """Return each format and where it goes: None is stdout.

    A path belongs to the format before it, or else to the one after it. *order* names the options
    in the order they were given; those of the environment are not among them, and pair by number.
    """
    if not formats:
        formats, order = ("text",), ()
    if order.count("formats") != len(formats) or order.count("outputs") != len(outputs):
        order = ["formats"] * len(formats)
        for place in range(len(outputs)):
            order.insert(2 * place + 1, "outputs")
    found: list[tuple[str, Path | None]] = []
    waiting: list[Path] = []
    remaining_formats, remaining_outputs = iter(formats), iter(outputs)
    for option in order:
        if option == "formats":
            found.append((next(remaining_formats), waiting.pop() if waiting else None))
        elif option == "outputs":
            path = next(remaining_outputs)
            if found and found[-1][1] is None:
                found[-1] = (found[-1][0], path)
            else:
                waiting.append(path)
    if waiting:
        raise click.UsageError(f"--output {waiting[0]}: there is no --format for it")
    return found


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


def _write(
    report: Report, reports: Sequence[tuple[str, Path | None]], *, is_coloured: bool
) -> None:
    width = min(max(shutil.get_terminal_size((100, 24)).columns, NARROW), WIDE)
    for name, path in reports:
        to_terminal = path is None or str(path) == "-"
        text = output.render(name, report, output.Style(width, is_coloured and to_terminal))
        if path is None or to_terminal:
            click.echo(text, nl=False, color=True)
            continue
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"--output {path}: {error.strerror}") from error


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


def _tell_seconds(report: Report) -> None:
    for name, seconds in report.seconds:
        click.echo(f"{name:10} {seconds:8.3f} s", err=True)


def _exit_code(report: Report, *, exit_zero: bool) -> int:
    if report.has_failed:
        return 3
    if not report.files:
        click.echo(f"megalint: nothing to lint below {report.root}", err=True)
        return 2
    return int(report.fails and not exit_zero)
