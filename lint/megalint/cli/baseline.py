"""``megalint baseline``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from megalint import baseline, writing
from megalint.cli import given, options
from megalint.cli.roots import root_of
from megalint.names import BASELINE
from megalint.run import run


@click.command("baseline")
@click.option(
    "--reason", default="", envvar="MEGALINT_REASON", help="Why the new entries are accepted."
)
@click.option(
    "--owner", default="", envvar="MEGALINT_OWNER", help="Who will see to the new entries."
)
@click.option(
    "--prune",
    is_flag=True,
    envvar="MEGALINT_PRUNE",
    help="Only take out what is mended; accept nothing new.",
)
@options.baseline
@options.common
def command(
    reason: str,
    owner: str,
    prune: bool,
    baseline_path: Path | None,
    no_baseline: bool,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Accept today's findings, so that only new ones fail.

    Entries that are there keep their reason, owner and date; those of mended findings go.
    """
    del color
    root = root_of(())
    config = given.configuration(root, config_path, isolated=isolated)
    path = baseline_path or given.own_baseline(root) or root / BASELINE
    old = () if no_baseline or not path.exists() else given.entries(path)
    report = run(root, given.chosen_rules(), config)
    given.tell(report.problems if not quiet else (), verbose=verbose)
    if report.has_failed:
        click.echo("megalint: the baseline is left as it was", err=True)
        sys.exit(3)
    found = baseline.split(report.findings, old)
    today = date.today().isoformat()
    added = [baseline.Entry.of(one, reason, owner, today) for one in found.new if not prune]
    try:
        writing.replace(path, baseline.to_text((*found.entries, *added)))
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}") from error
    if not quiet:
        kept = len(found.entries)
        click.echo(f"megalint: {path.name}: {len(added)} new, {kept} kept, {len(found.gone)} gone")
