"""``megalint trace``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from megalint import trace
from megalint.check import unlinked
from megalint.cli import options
from megalint.project import LinkError, Project
from megalint.report import Problem
from megalint.run import failed, load, unparsed
from megalint.trace import json_form, text_form


@click.command("trace")
@click.argument("variables", nargs=-1, metavar="[VAR...]")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="MEGALINT_ROOT",
    help="The checkout; default: the repository around the current folder.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    envvar="MEGALINT_TRACE_FORMAT",
    help="How to write it.",
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
    found, failures = _collected(project, variables)
    _write(found, form, is_coloured=options.is_coloured(color))
    if not quiet:
        options.tell((*problems, *unparsed(project)), verbose=verbose)
    options.tell(failures, verbose=verbose)
    if failures:
        sys.exit(3)
    if not found.apps and not found.launches:
        click.echo(f"megalint: neither a Next.js app nor a launch below {folder}", err=True)
        sys.exit(2)


def _collected(
    project: Project, variables: Sequence[str]
) -> tuple[trace.Trace, tuple[Problem, ...]]:
    """Return the trace, which is empty when megalint itself failed, and that failure."""
    try:
        return trace.collect(project, variables), ()
    except LinkError as error:
        return trace.Trace(), (failed(unlinked(error)),)


def _write(found: trace.Trace, form: str, *, is_coloured: bool) -> None:
    if form == "json":
        text = json.dumps(json_form.to_json(found), ensure_ascii=False, indent=2) + "\n"
    else:
        text = text_form.to_text(found, is_coloured=is_coloured)
    # half a character, as in a file name that is not UTF-8, cannot be written as it is
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False, color=True)
