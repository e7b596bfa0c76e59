"""How the commands that find something report it: formats, files, severities, exit codes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from msgspec.structs import replace

from megalint import files, output
from megalint.cli import options
from megalint.config import FAIL_ON
from megalint.report import Report

F = TypeVar("F", bound=Callable[..., Any])
NARROW: Final = 80
WIDE: Final = 140


class Ordered(click.Command):
    """A command that notes in which order its options were given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse *args*; which option came when is put into ``ctx.meta["order"]``."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta["order"] = [parameter.name for parameter in order]
        return super().parse_args(ctx, args)


def written(formats: Sequence[str], prefix: str = "MEGALINT") -> Callable[[F], F]:
    """Return what adds --format and --output; *prefix* begins the names of their variables."""
    decorators: tuple[Callable[[F], F], ...] = (
        click.option(
            "--format",
            "formats",
            multiple=True,
            type=click.Choice(list(formats)),
            envvar=f"{prefix}_FORMAT",
            help="How to write the report; may be given several times.",
        ),
        click.option(
            "--output",
            "outputs",
            multiple=True,
            type=click.Path(dir_okay=False, path_type=Path),
            envvar=f"{prefix}_OUTPUT",
            help="Where the report of the --format before it goes; - is the terminal.",
        ),
    )

    def decorate(command: F) -> F:
        for one in reversed(decorators):
            command = one(command)
        return command

    return decorate


def reporting(formats: Sequence[str]) -> Callable[[F], F]:
    """Return what adds the options of a report, which can be written in *formats*."""
    decorators: tuple[Callable[[F], F], ...] = (
        written(formats),
        options.selection,
        click.option(
            "--severity",
            multiple=True,
            metavar="RULE=LEVEL",
            envvar="MEGALINT_SEVERITY",
            help="Report a rule at another level.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(FAIL_ON),
            envvar="MEGALINT_FAIL_ON",
            help="The least severity that fails; default: warning.",
        ),
        click.option(
            "--exit-zero",
            is_flag=True,
            envvar="MEGALINT_EXIT_ZERO",
            help="Exit 0 whatever is found.",
        ),
        click.option(
            "--sarif-category",
            metavar="NAME",
            envvar="MEGALINT_SARIF_CATEGORY",
            help="What tells several SARIF files of one commit apart.",
        ),
        click.option(
            "--sarif-include-suppressed",
            is_flag=True,
            envvar="MEGALINT_SARIF_INCLUDE_SUPPRESSED",
            help="Also list what is ignored; GitHub shows it as open.",
        ),
        click.option(
            "--statistics",
            is_flag=True,
            envvar="MEGALINT_STATISTICS",
            help="Print where the time went.",
        ),
        click.option(
            "--show-config",
            is_flag=True,
            envvar="MEGALINT_SHOW_CONFIG",
            help="Print every setting that holds and where it comes from, and stop.",
        ),
    )

    def decorate(command: F) -> F:
        for one in reversed(decorators):
            command = one(command)
        return command

    return decorate


def paired(
    formats: Sequence[str], outputs: Sequence[Path], order: Sequence[str]
) -> list[tuple[str, Path | None]]:
    """Return each format and where it goes: None is stdout.

    A path belongs to the format before it, or else to the one after it. *order* names the options
    in the order they were given; those of the environment are not among them, and pair by number.
    """
    if not formats:
        formats, order = ("text",), ()
    if order.count("formats") != len(formats) or order.count("outputs") != len(outputs):
        order = ["formats"] * len(formats)
        for place in range(len(outputs)):
            order.insert(2 * place + 1, "outputs")
    found: list[tuple[str, Path | None]] = []
    waiting: list[Path] = []
    remaining_formats, remaining_outputs = iter(formats), iter(outputs)
    for option in order:
        if option == "formats":
            found.append((next(remaining_formats), waiting.pop() if waiting else None))
        elif option == "outputs":
            path = next(remaining_outputs)
            if found and found[-1][1] is None:
                found[-1] = (found[-1][0], path)
            else:
                waiting.append(path)
    if waiting:
        raise click.UsageError(f"--output {waiting[0]}: there is no --format for it")
    return found


def write(
    render: Callable[[str, output.Style], str],
    reports: Sequence[tuple[str, Path | None]],
    style: output.Style,
) -> None:
    """Write what *render* makes of each format to where it goes; the terminal says how wide."""
    width = min(max(shutil.get_terminal_size((100, 24)).columns, NARROW), WIDE)
    for name, path in reports:
        to_terminal = path is None or str(path) == "-"
        is_coloured = style.is_coloured and to_terminal
        text = render(name, replace(style, width=width, is_coloured=is_coloured))
        if path is None or to_terminal:
            click.echo(text, nl=False, color=True)
            continue
        write_file(path, text)


def write_file(path: Path, text: str) -> None:
    """Write a report to *path*; where that cannot be, it is wrong usage, and *path* as it was."""
    try:
        files.write(path, text)
    except OSError as error:
        raise click.UsageError(f"--output {path}: {error.strerror}") from error


def style(
    color: str, category: str | None = None, *, has_suppressed: bool = False, quiet: bool = False
) -> output.Style:
    """Return how to write the reports; what they leave out is told on stderr, unless *quiet*."""

    def tell(words: str) -> None:
        if not quiet:
            click.echo(f"megalint: {words}", err=True)

    return output.Style(
        is_coloured=options.is_coloured(color),
        category=category,
        has_suppressed=has_suppressed,
        tell=tell,
    )


def tell_seconds(report: Report) -> None:
    """Print on stderr where the time went."""
    for name, seconds in report.seconds:
        click.echo(f"{name:10} {seconds:8.3f} s", err=True)
