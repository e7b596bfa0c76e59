"""Do what a run came to: write its reports, print its messages, and exit."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

import click

from megalint.cache import Outcome

NARROW: Final = 80
WIDE: Final = 140


def width() -> int:
    """Return how many columns a report for people has."""
    return min(max(shutil.get_terminal_size((100, 24)).columns, NARROW), WIDE)


def deliver(outcome: Outcome) -> NoReturn:
    """Write the reports, then the messages, and exit."""
    write(outcome.outputs)
    click.echo(outcome.messages, nl=False, err=True)
    sys.exit(outcome.code)


def write(outputs: Iterable[tuple[str | None, str]]) -> None:
    """Write texts to where they go: a path, or None for stdout."""
    for path, text in outputs:
        if path is None:
            click.echo(text, nl=False, color=True)
        else:
            write_file(Path(path), text)


def write_file(path: Path, text: str) -> None:
    """Write a report to *path*; where that cannot be, it is wrong usage, and *path* as it was."""
    from megalint import writing

    try:
        writing.write(path, text)
    except OSError as error:
        raise click.UsageError(f"--output {path}: {error.strerror}") from error
