"""How the commands that change files do it: shown as a diff, or written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from megalint import fixes
from megalint.fixes import Change
from megalint.output.plain import printable, printable_lines
from megalint.wording import counted


def show(changes: Sequence[Change], what: str, *, quiet: bool) -> NoReturn:
    """Print the changes and stop: exit 1 where there are some."""
    text = "".join(change.diff for change in changes)
    click.echo(printable_lines(text) if sys.stdout.isatty() else text, nl=False)
    if not quiet:
        click.echo(f"megalint: would apply {_in_files(what, changes)}", err=True)
    sys.exit(int(bool(changes)))


def write(root: Path, changes: Sequence[Change], what: str, *, quiet: bool) -> None:
    """Write the changes; exit 3 where a file is left as it was."""
    refused = list(fixes.write(root, changes))
    for one in refused:
        click.echo(f"megalint: {printable(str(one))}", err=True)
    if refused:
        sys.exit(3)
    if not quiet:
        click.echo(f"megalint: applied {_in_files(what, changes)}", err=True)


def _in_files(what: str, changes: Sequence[Change]) -> str:
    return f"{what} in {counted(len(changes), 'file')}"
