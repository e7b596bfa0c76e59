"""``megalint suppress``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from megalint.cli import changing, options
from megalint.finding import Finding
from megalint.new_ignores import Words
from megalint.output.plain import printable
from megalint.rewrite import ignore as run_ignore
from megalint.wording import counted


@click.command("suppress")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--reason",
    required=True,
    envvar="MEGALINT_REASON",
    help="Why what is found may stay: one line, which each comment holds.",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    envvar="MEGALINT_UNTIL",
    help="The last day on which the comments hold.",
)
@click.option(
    "--diff",
    is_flag=True,
    envvar="MEGALINT_DIFF",
    help="Print what would change, and change nothing.",
)
@options.selection
@options.baseline
@options.common
def command(
    paths: tuple[Path, ...],
    reason: str,
    until: date | None,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline_path: Path | None,
    no_baseline: bool,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Write comments that ignore what is found, with the reason.

    PATHS and --select say what. A comment goes above the statement; where none may stand there, one
    at the top of the file ignores the rule in all of it.
    """
    del color
    root = options.root_of(paths)
    config = options.configuration(root, config_path, isolated=isolated)
    rules = options.chosen_rules(select, ignore)
    accepted = options.accepted(root, baseline_path, no_baseline=no_baseline)
    is_below = options.is_below(root, paths)
    report, changes, count, left = run_ignore(
        root,
        rules,
        _words(reason, until),
        config,
        accepted,
        lambda one: is_below(one.location.source.path),
    )
    if not quiet:
        options.tell(report.problems, verbose=verbose)
    _tell_left(left)
    what = counted(count, "ignored finding")
    if diff:
        changing.show(changes, what, quiet=quiet)
    if report.has_failed:
        click.echo("megalint: nothing is written", err=True)
        sys.exit(3)
    changing.write(root, changes, what, quiet=quiet)
    sys.exit(int(bool(left)))


def _words(reason: str, until: date | None) -> Words:
    """Return what the comments say; raises UsageError for what no comment can hold."""
    written = " ".join(reason.split())
    day = None if until is None else date(until.year, until.month, until.day)
    if not written or "*/" in written or "-->" in written or not written.isprintable():
        raise click.UsageError("--reason: words on one line, without the end of a comment in them")
    if day is not None and day < date.today():
        raise click.UsageError(f"--until {day}: that day is past")
    return Words(written, day)


def _tell_left(left: Iterable[Finding]) -> None:
    for one in left:
        path = one.location.source.path
        click.echo(
            f"megalint: {printable(str(path))}: no comment may stand here; in megalint.toml:"
            f' [per-path] {printable(repr(str(path)))} = {{ ignore = ["{one.rule_id}"] }}',
            err=True,
        )
