"""``megalint suppress``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path, PurePosixPath

import click

from megalint.cli import changing, given, options
from megalint.cli.roots import root_of
from megalint.config import Config, with_ignored
from megalint.finding import Finding
from megalint.fixes import Change
from megalint.names import OWN_FILE
from megalint.new_ignores import Words
from megalint.output.plain import printable
from megalint.rewrite import ignore as run_ignore
from megalint.source import Source
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
    at the top of the file ignores the rule in all of it. For files without comments, as JSON,
    the configuration does, unless the day of --until would be lost.
    """
    del color
    root = root_of(paths)
    config = given.configuration(root, config_path, isolated=isolated)
    rules = given.chosen_rules(select, ignore)
    accepted = given.accepted(root, baseline_path, no_baseline=no_baseline)
    is_below = given.is_below(root, paths)
    report, changes, count, left = run_ignore(
        root,
        rules,
        _words(reason, until),
        config,
        accepted,
        lambda one: is_below(one.location.source.path),
    )
    if not quiet:
        given.tell(report.problems, verbose=verbose)
    before = left
    if until is None and config_path is None and not isolated:
        added, left = _into_configuration(report.config, left, reason)
        changes, count = (*changes, *added), count + len(before) - len(left)
    what = counted(count, "ignored finding")
    _tell_left(left)
    if diff:
        changing.show(changes, what, quiet=quiet)
    if report.has_failed:
        click.echo("megalint: nothing is written", err=True)
        sys.exit(3)
    changing.write(root, changes, what, quiet=quiet)
    sys.exit(int(bool(left)))


def _into_configuration(
    config: Config, left: Iterable[Finding], reason: str
) -> tuple[list[Change], tuple[Finding, ...]]:
    """Return what turns rules off in files that take no comments, and the findings still left.

    It goes into the nearest configuration file, or into a new one.
    """
    by_file: dict[Source, list[Finding]] = {}
    for one in left:
        by_file.setdefault(_nearest(config, one.location.source.path), []).append(one)
    changes: list[Change] = []
    remaining: list[Finding] = []
    for source, findings in by_file.items():
        ignored: dict[PurePosixPath, list[str]] = {}
        for one in findings:
            path = one.location.source.path.relative_to(source.path.parent)
            rules = ignored.setdefault(path, [])
            rules += [one.rule_id] if one.rule_id not in rules else []
        text = with_ignored(source, ignored, " ".join(reason.split()))
        if text is None:
            remaining += findings
        else:
            changes.append(Change(source.path, source.text, text))
    return changes, tuple(remaining)


def _nearest(config: Config, path: PurePosixPath) -> Source:
    """Return the configuration file that is nearest to *path*; an empty one where there is none."""
    around = [one for one in config.layers if one.folder in path.parents]
    deepest = max(around, key=lambda one: len(one.folder.parts), default=None)
    return Source(PurePosixPath(OWN_FILE), "") if deepest is None else deepest.source


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
        path = str(one.location.source.path)
        click.echo(
            f"megalint: {printable(path)}: no comment may stand here; in the configuration:"
            f' per-path."{printable(path)}".ignore = ["{one.rule_id}"]',
            err=True,
        )
