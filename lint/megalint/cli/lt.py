"""``megalint lt``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from megalint import output
from megalint.audit import Audit, anchors, html_form, json_form, text_form
from megalint.audit import audit as run_audit
from megalint.cli import accounts, given, language, options, reporting, shown
from megalint.output.rendering import Style, render
from megalint.run import mistaken

FORMATS: Final = tuple(output.FORMATS)
_IN_CHECKOUT: Final = frozenset({"sarif", "github", "gitlab"})


@click.command("lt", cls=options.Ordered)
@click.option(
    "--region",
    "regions",
    multiple=True,
    envvar="MEGALINT_REGION",
    help="Where to look; several, or: all.",
)
@click.option(
    "--template",
    "templates",
    multiple=True,
    envvar="MEGALINT_TEMPLATE",
    help="Only these, by name or id.",
)
@accounts.who
@click.option(
    "--repo",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="MEGALINT_REPO",
    help="The checkout whose apps the templates start; default: the one around this folder.",
)
@accounts.replayed
@click.option(
    "--all-versions",
    is_flag=True,
    envvar="MEGALINT_ALL_VERSIONS",
    help="Also what is wrong in versions nobody uses.",
)
@click.option(
    "--diff",
    is_flag=True,
    envvar="MEGALINT_DIFF",
    help="Show what each version changed in user data.",
)
@click.option(
    "--print-policy",
    is_flag=True,
    envvar="MEGALINT_PRINT_POLICY",
    help="Print the IAM policy that is needed, and stop.",
)
@options.reporting(FORMATS)
@options.language
@options.common
@click.pass_context
def command(
    ctx: click.Context,
    regions: tuple[str, ...],
    templates: tuple[str, ...],
    profile: str | None,
    roles: tuple[str, ...],
    external_id: str | None,
    repo: Path | None,
    saved_files: tuple[Path, ...],
    all_versions: bool,
    diff: bool,
    print_policy: bool,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    fail_on: str | None,
    exit_zero: bool,
    lang: str,
    sarif_category: str | None,
    sarif_include_suppressed: bool,
    statistics: bool,
    show_config: bool,
    config_path: Path | None,
    isolated: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Audit the launch templates of an account, read only.

    Each version is decoded and checked as a script that a machine boots; versions that nobody uses
    are quiet. The checkout says what the apps need, and which versions its code asks for.
    """
    if print_policy:
        _print_policy()
        return
    reports = options.paired(formats, outputs, ctx.meta["order"])
    root = accounts.checkout(repo)
    config = given.configuration(root or Path.cwd(), config_path, isolated=isolated)
    config = given.with_severities(config, severity)
    config = replace(config, fail_on=fail_on or config.fail_on)
    rules = given.chosen_rules(select, ignore, config.levels)
    if show_config:
        shown.show(ctx, root, config, reports)
        return
    if saved_files:
        inventories = accounts.saved(saved_files, regions, templates)
    else:
        asking = accounts.Asking(profile, roles, external_id, quiet)
        inventories = accounts.asked(asking, regions, templates)
    found = run_audit(root, inventories, rules, config, has_all_versions=all_versions)
    found = replace(found, report=language.translated(found.report, lang))
    reporting.render_to(
        lambda name, style: _rendered(found, name, style, has_changes=diff),
        reports,
        reporting.style(
            color, sarif_category, has_suppressed=sarif_include_suppressed, quiet=quiet
        ),
    )
    if not quiet:
        mistakes = mistaken(found.project.config)
        told = (*found.report.problems, *language.told(mistakes, lang))
        given.tell(told, verbose=verbose)
    if statistics:
        click.echo(reporting.statistics(found.report), nl=False, err=True)
    sys.exit(_exit_code(found, exit_zero=exit_zero))


def _rendered(found: Audit, name: str, style: Style, *, has_changes: bool) -> str:
    forms = {
        "text": lambda: text_form.to_text(found, style, has_changes=has_changes),
        "json": lambda: json_form.to_json(found),
        "html": lambda: html_form.to_html(found),
    }
    if name in forms:
        return forms[name]().encode("utf-8", "backslashreplace").decode("utf-8")
    report = anchors.anchored(found) if name in _IN_CHECKOUT else found.report
    return render(name, report, style)


def _print_policy() -> None:
    from megalint.aws.policy import policy

    click.echo(json.dumps(policy(), indent=2))


def _exit_code(found: Audit, *, exit_zero: bool) -> int:
    if found.report.has_failed:
        return 3
    if not found.sections:
        click.echo("megalint: there are no launch templates here", err=True)
        return 2
    return int(found.report.fails and not exit_zero)
