"""``megalint dr``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from megalint.cli import accounts, given, language, options, reporting, shown
from megalint.cli.delivery import write_file
from megalint.formats.aws_answers import ForeignAnswer
from megalint.formats.failover_answers import Book, loaded, written
from megalint.names import FAIL_ON
from megalint.output.rendering import Style, render
from megalint.readiness import (
    Checklist,
    choice,
    findings,
    html_form,
    json_form,
    junit_form,
    markdown_form,
    text_form,
)
from megalint.readiness.checklist import checklist

IN_CHECKOUT: Final = frozenset({"sarif", "github", "gitlab"})
"""Formats of what fails alone, each at a place in the checkout."""
_OTHERS: Final = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")
FORMATS: Final = ("text", "json", "html", "markdown", "junit", "sarif", "github", "gitlab")


@click.command("dr", cls=options.Ordered)
@click.option(
    "--region",
    "recovery",
    metavar="REGION",
    envvar="MEGALINT_REGION",
    help="The region that takes over; default: the only one in [regions] recovery.",
)
@click.option(
    "--primary-region",
    "primary",
    metavar="REGION",
    envvar="MEGALINT_PRIMARY_REGION",
    help="The region that may go down; default: [regions] primary.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="GLOB",
    envvar="MEGALINT_NAME",
    help="Only what is called so; several may be given.",
)
@accounts.who
@accounts.repository
@accounts.replayed
@click.option(
    "--save",
    "save_path",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="MEGALINT_SAVE",
    help="Also write the answers to this file, for --from.",
)
@click.option(
    "--print-policy",
    is_flag=True,
    envvar="MEGALINT_PRINT_POLICY",
    help="Print the IAM policy that is needed, and stop.",
)
@options.written(FORMATS, "MEGALINT_DR")
@options.chosen("MEGALINT_DR", "items (ids, stages, rules, families)")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    envvar="MEGALINT_FAIL_ON",
    help="The least severity of a failed item that fails; default: warning.",
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
    names: tuple[str, ...],
    profile: str | None,
    roles: tuple[str, ...],
    external_id: str | None,
    repo: Path | None,
    saved_files: tuple[Path, ...],
    save_path: Path | None,
    print_policy: bool,
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
    """Go through the checklist of a failover, read only: what would work, what would not.

    From the health check in Route 53 by way of the alarm, the rules and the state machine to load
    balancers, launch templates, tables and DNS. What was not looked at is said, and never passes.
    """
    if print_policy:
        _print_policy()
        return
    reports = options.paired(formats, outputs, ctx.meta["order"])
    root = accounts.checkout(repo)
    config = given.configuration(root or Path.cwd(), config_path, isolated=isolated)
    config = given.with_severities(config, severity)
    config = replace(config, fail_on=fail_on or config.fail_on)
    every = given.chosen_rules()
    given.refuse_unknown((*select, *ignore, *config.levels), choice.known(every), "item")
    if show_config:
        shown.show(ctx, root, config, reports)
        return
    down, goal = accounts.pair(config, primary, recovery, "--region")
    _check_partition(down, goal)
    if saved_files:
        book = _loaded(saved_files, down, goal)
    else:
        book = _asked(accounts.Asking(profile, roles, external_id, quiet), down, goal)
    if save_path is not None:
        write_file(save_path, written(book))
    rules = choice.unignored(every, ignore)
    found = choice.chosen(
        checklist(book, root, rules, config, names), select, ignore, config.levels
    )
    found = replace(found, language=lang, problems=language.told(found.problems, lang))
    least = config.fail_on or "warning"

    def rendered(name: str, style: Style) -> str:
        if name in IN_CHECKOUT:
            return render(name, findings.report(found, root, config, rules, least), style)
        return _rendered(found, name, style, least)

    reporting.render_to(rendered, reports, reporting.style(color, sarif_category, quiet=quiet))
    if not quiet or any(one.is_internal for one in found.problems):
        given.tell(found.problems, verbose=verbose)
    sys.exit(_exit_code(found, least, exit_zero=exit_zero))


def _check_partition(*regions: str) -> None:
    """Refuse regions whose Route 53 keeps its metrics elsewhere than in us-east-1."""
    for one in regions:
        if one.startswith(_OTHERS):
            raise click.UsageError(f"{one}: only the partition aws is known, not that of {one}")


def _print_policy() -> None:
    from megalint.aws.policy import failover_policy

    click.echo(json.dumps(failover_policy(), indent=2))


def _loaded(paths: tuple[Path, ...], primary: str, recovery: str) -> Book:
    try:
        return loaded(accounts.texts(paths), primary, recovery)
    except ForeignAnswer as error:
        raise click.UsageError(f"--from: {error}") from error


def _asked(asking: accounts.Asking, primary: str, recovery: str) -> Book:
    """Return what the account answers; where nothing can be asked at all, the command ends."""
    from megalint.aws import failover, session

    if len(asking.roles) > 1:
        raise click.UsageError("--role-arn: one account at a time")
    try:
        (identity,) = session.identities(asking.profile, asking.roles, asking.external_id)
        session.regions(identity, (primary, recovery))
        is_hidden = asking.quiet or not sys.stderr.isatty()
        label = f"asking {recovery}"
        with click.progressbar(
            length=failover.STEPS, label=label, file=sys.stderr, hidden=is_hidden
        ) as bar:
            return failover.ask(identity, primary, recovery, lambda: bar.update(1))
    except session.NoAccess as error:
        click.echo(f"megalint: {error}", err=True)
        sys.exit(2 if error.is_usage else 3)


def _rendered(found: Checklist, name: str, style: Style, fail_on: str) -> str:
    if name == "junit":
        text = junit_form.to_junit(found, fail_on)
    elif name == "text":
        text = text_form.to_text(found, style)
    else:
        forms = {
            "json": json_form.to_json,
            "html": html_form.to_html,
            "markdown": markdown_form.to_markdown,
        }
        text = forms[name](found)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _exit_code(found: Checklist, fail_on: str, *, exit_zero: bool) -> int:
    if any(one.is_internal or one.is_unanswered for one in found.problems):
        return 3
    return int(bool(found.failing(fail_on)) and not exit_zero)
