"""``megalint trace``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from megalint import trace
from megalint.cli import options
from megalint.run import load


@click.command("trace")
@click.argument("variables", nargs=-1, metavar="[VAR...]")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The checkout; default: the repository around the current folder.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to write it."
)
@options.common
def command(
    variables: tuple[str, ...],
    root: Path | None,
    form: str,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Show for each VAR every read, when it happens, and where its value takes effect."""
    folder = root.resolve() if root is not None else options.root_of(())
    config = options.configuration(folder, config_path, isolated=isolated)
    project, problems = load(folder, config)
    found = trace.collect(project, variables)
    if form == "json":
        click.echo(json.dumps(trace.to_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(
            trace.to_text(found, is_coloured=options.is_coloured(color)), nl=False, color=True
        )
    for problem in problems if not quiet else ():
        click.echo(f"megalint: {problem}", err=True)
    if not found.apps:
        click.echo(f"megalint: no Next.js app below {folder}", err=True)
        sys.exit(2)
