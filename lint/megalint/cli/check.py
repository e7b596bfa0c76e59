"""``megalint check``: its options, and whether the run has to be made."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from megalint import output
from megalint.cache import Memory, Outcome
from megalint.cli import options
from megalint.cli.delivery import deliver, width
from megalint.cli.request import Request
from megalint.cli.roots import root_of
from megalint.discover import Listing, discover
from megalint.names import BASELINE, OWN_FILE, SHARED_FILE


@click.command("check", cls=options.Ordered)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@options.reporting(list(output.FORMATS))
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
@options.language
@options.cache
@options.common
@click.pass_context
def command(
    ctx: click.Context, /, formats: tuple[str, ...], outputs: tuple[Path, ...], **given: Any
) -> NoReturn:
    """Lint a checkout, offline.

    Without PATHS: the repository around the current folder. PATHS limit what is reported; the
    whole repository is understood either way.
    """
    request = Request(tuple(options.paired(formats, outputs, ctx.meta["order"])), **given)
    root = root_of(request.paths)
    listing = discover(root)
    memory = _memory(root, listing, request)
    outcome = None if memory is None else memory.recall()
    deliver(outcome or _checked(ctx, root, listing, request, memory))


def _checked(
    ctx: click.Context, root: Path, listing: Listing, request: Request, memory: Memory | None
) -> Outcome:
    """Make the run, and remember it where that may be of use."""
    from megalint.cli import checking

    outcome, sources = checking.outcome(ctx, root, listing, request)
    if memory is not None and outcome.code in {0, 1}:
        memory.keep(outcome, sources)
    return outcome


def _memory(root: Path, listing: Listing, request: Request) -> Memory | None:
    """Return what is remembered of such a run: nothing of one that depends on more than files."""
    if not request.can_be_remembered:
        return None
    folder = request.cache_dir or options.default_cache()
    terminal = width(), sys.stdout.isatty(), os.environ.get("NO_COLOR")
    asked = request, os.getcwd(), date.today(), terminal
    nested = [root / one for one in listing.names if one.endswith((OWN_FILE, SHARED_FILE))]
    own = [root / name for name in (OWN_FILE, SHARED_FILE, BASELINE)]
    given = [path for path in (request.config_path, request.baseline_path) if path is not None]
    return Memory(folder, root, listing, asked, [*own, *given, *nested])
