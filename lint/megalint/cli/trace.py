"""``megalint trace``."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from megalint import trace
from megalint.check import unlinked
from megalint.cli import given, language, options
from megalint.cli.delivery import write_file
from megalint.cli.roots import root_of
from megalint.output import json_text
from megalint.project.linked import LinkError, Project
from megalint.report import Problem
from megalint.run import failed, load, mistaken, unparsed
from megalint.trace import html_form, json_form, text_form
from megalint.trace.pipeline import collect
from megalint.trace.pipeline.rendering import FORMS as CHAIN_FORMS

_COLUMNS: Final = 100
_LEAST_COLUMNS: Final = 60


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
    type=click.Choice(["text", "json", "html", "mermaid"]),
    default="text",
    envvar="MEGALINT_TRACE_FORMAT",
    help="How to write it; mermaid is for --pipeline.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="MEGALINT_TRACE_OUTPUT",
    help="The file to write; default: standard output.",
)
@click.option(
    "--pipeline",
    "is_pipeline",
    is_flag=True,
    envvar="MEGALINT_PIPELINE",
    help="The chain of the failover instead, as it is written.",
)
@options.language
@options.common
def command(
    variables: tuple[str, ...],
    is_pipeline: bool,
    root: Path | None,
    form: str,
    output: Path | None,
    lang: str,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Show for each VAR every read, when it happens, and where its value takes effect."""
    for name in variables:
        if name in {".", ".."} or "/" in name:
            raise click.UsageError(f"{name} is a path, not a variable: write --root {name}")
    folder = root.resolve() if root is not None else root_of(())
    config = given.configuration(folder, config_path, isolated=isolated)
    project, problems = load(folder, config)
    if form == "mermaid" and not is_pipeline:
        raise click.UsageError("mermaid is a form of --pipeline")
    if is_pipeline:
        _write(_chain(project, form), output)
        given.tell(language.told(problems, lang), verbose=verbose)
        return
    found, failures = _collected(project, variables)
    found = replace(found, language=lang)
    is_coloured = output is None and given.is_coloured(color)
    _write(_rendered(found, form, is_coloured=is_coloured), output)
    if not quiet:
        told = (*problems, *mistaken(project.config), *unparsed(project))
        given.tell(language.told(told, lang), verbose=verbose)
    given.tell(language.told(failures, lang), verbose=verbose)
    if failures:
        sys.exit(3)
    if not found.apps and not found.launches:
        click.echo(f"megalint: neither a Next.js app nor a launch below {folder}", err=True)
        sys.exit(2)


def _chain(project: Project, form: str) -> str:
    """Return the chain of the failover; a checkout without one is wrong usage (exit 2)."""
    found = collect.collect(project, given.chosen_rules())
    if not found.links:
        raise click.UsageError("nothing of a failover is written here")
    return CHAIN_FORMS[form](found)


def _collected(
    project: Project, variables: Sequence[str]
) -> tuple[trace.Trace, tuple[Problem, ...]]:
    """Return the trace, which is empty when megalint itself failed, and that failure."""
    try:
        return trace.collect(project, variables), ()
    except LinkError as error:
        return trace.Trace(), (failed(unlinked(error)),)


def _rendered(found: trace.Trace, form: str, *, is_coloured: bool) -> str:
    if form == "json":
        return json_text.to_json(json_form.to_json(found))
    if form == "html":
        return html_form.to_html(found)
    columns = max(shutil.get_terminal_size((_COLUMNS, 24)).columns, _LEAST_COLUMNS)
    return text_form.to_text(found, is_coloured=is_coloured, columns=columns)


def _write(text: str, output: Path | None) -> None:
    # half a character, as in a file name that is not UTF-8, cannot be written as it is
    content = text.encode("utf-8", "backslashreplace")
    if output is not None:
        write_file(output, content.decode("utf-8"))
    else:
        click.echo(content, nl=False, color=True)
