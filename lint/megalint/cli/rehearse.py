"""``megalint rehearse``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from megalint.audit import anchors, unanswered
from megalint.check import unlinked
from megalint.cli import accounts, given, language, options, reporting, shown
from megalint.formats.aws_answers import Inventory
from megalint.names import FAIL_ON
from megalint.output.rendering import Style, render
from megalint.project.linked import LinkError, Project
from megalint.rehearsal import Rehearsal, findings, html_form, json_form, markdown_form, text_form
from megalint.rehearsal.collect import rehearse
from megalint.report import Problem, Report
from megalint.run import failed, load, mistaken, unparsed

FORMATS: Final = ("text", "json", "html", "markdown", "junit", "sarif", "github", "gitlab")
_FORMS: Final = {
    "json": json_form.to_json,
    "html": html_form.to_html,
    "markdown": markdown_form.to_markdown,
}


@click.command("rehearse", cls=options.Ordered)
@click.option(
    "--to",
    "recovery",
    metavar="REGION",
    envvar="MEGALINT_TO",
    help="The region that takes over; default: the only one in [regions] recovery.",
)
@click.option(
    "--primary-region",
    "primary",
    metavar="REGION",
    envvar="MEGALINT_PRIMARY_REGION",
    help="The region that is down, where the image was built; default: [regions] primary.",
)
@click.option(
    "--live",
    "is_live",
    is_flag=True,
    envvar="MEGALINT_LIVE",
    help="What the launch templates of the account start, not those of the code.",
)
@accounts.who
@accounts.repository
@accounts.replayed
@options.written(FORMATS, "MEGALINT_REHEARSE")
@options.chosen("MEGALINT_REHEARSE", "verdicts (down, lacking, hidden, unknown)")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    envvar="MEGALINT_FAIL_ON",
    help="What fails: error (points to the region that is down), warning (lacking, too), note"
    " (not known, too) or never; default: warning.",
)
@click.option(
    "--exit-zero", is_flag=True, envvar="MEGALINT_EXIT_ZERO", help="Exit 0 whatever is found."
)
@options.language
@options.common
@click.pass_context
def command(
    ctx: click.Context,
    recovery: str | None,
    primary: str | None,
    is_live: bool,
    profile: str | None,
    roles: tuple[str, ...],
    external_id: str | None,
    repo: Path | None,
    saved_files: tuple[Path, ...],
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    sarif_category: str | None,
    show_config: bool,
    fail_on: str | None,
    exit_zero: bool,
    lang: str,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Rehearse the failover on paper: what each process would talk to, and where that is.

    The image is as it was built in the primary region; the launch templates of the recovery region
    start it. Nothing is changed, and without --live or --from nothing is asked.
    """
    reports = options.paired(formats, outputs, ctx.meta["order"])
    root = accounts.checkout(repo) or Path.cwd()
    config = given.configuration(root, config_path, isolated=isolated)
    config = given.with_severities(config, severity)
    config = replace(config, fail_on=fail_on or config.fail_on)
    given.refuse_unknown((*select, *ignore, *config.levels), [*findings.IDS], "verdict")
    if show_config:
        shown.show(ctx, root, config, reports)
        return
    down, goal = accounts.pair(config, primary, recovery, "--to")
    is_live = is_live or bool(saved_files)
    inventories: tuple[Inventory, ...] = ()
    if saved_files:
        inventories = accounts.saved(saved_files, [goal])
    elif is_live:
        asking = accounts.Asking(profile, roles, external_id, quiet)
        inventories = accounts.asked(asking, [goal])
    project, problems = load(root, config, None, inventories)
    found = _rehearsed(project, down, goal, is_live=is_live)
    found = replace(
        found,
        language=lang,
        problems=language.told((*found.problems, *unanswered(inventories)), lang),
    )
    choice = findings.Choice(select, ignore, config.levels)
    report = findings.report(found, root, choice, config.fail_on or "warning")
    report = anchors.anchored_in(project, report)
    reporting.render_to(
        lambda name, style: _rendered(found, report, name, style),
        reports,
        reporting.style(color, sarif_category, quiet=quiet),
    )
    if not quiet:
        told = (*problems, *mistaken(project.config), *unparsed(project))
        given.tell(language.told(told, lang), verbose=verbose)
    given.tell(found.problems, verbose=verbose)
    sys.exit(_exit_code(found, report, exit_zero=exit_zero))


def _rehearsed(project: Project, primary: str, recovery: str, *, is_live: bool) -> Rehearsal:
    """Return the rehearsal, which is empty when megalint itself failed, with that failure."""
    try:
        return rehearse(project, primary, recovery, is_live=is_live)
    except LinkError as error:
        problems: Sequence[Problem] = (failed(unlinked(error)),)
        return Rehearsal(primary, recovery, problems=tuple(problems), is_live=is_live)


def _rendered(found: Rehearsal, report: Report, name: str, style: Style) -> str:
    if name == "text":
        text = text_form.to_text(found, style)
    elif name in _FORMS:
        text = _FORMS[name](found)
    else:
        return render(name, report, style)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _exit_code(found: Rehearsal, report: Report, *, exit_zero: bool) -> int:
    if report.has_failed:
        return 3
    if not found.processes:
        click.echo(f"megalint: nothing starts a process in {found.recovery}", err=True)
        return 2
    return int(report.fails and not exit_zero)
