"""Options that several commands share; what they come to is in :mod:`megalint.cli.given`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from megalint.names import BASELINE, FAIL_ON
from megalint.translation import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])
language: Callable[[F], F] = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    envvar="MEGALINT_LANG",
    help="The language of messages; ids and data stay as they are.",
)

_category: Callable[[F], F] = click.option(
    "--sarif-category",
    metavar="NAME",
    envvar="MEGALINT_SARIF_CATEGORY",
    help="What tells several SARIF files of one commit apart.",
)
_show_config: Callable[[F], F] = click.option(
    "--show-config",
    is_flag=True,
    envvar="MEGALINT_SHOW_CONFIG",
    help="Print every setting that holds and where it comes from, and stop.",
)


def common(command: F) -> F:
    """Add the options that every command takes."""
    decorators = (
        click.option(
            "--config",
            "config_path",
            type=click.Path(path_type=Path),
            envvar="MEGALINT_CONFIG",
            help="Read this configuration file.",
        ),
        click.option(
            "--isolated",
            is_flag=True,
            envvar="MEGALINT_ISOLATED",
            help="Read no configuration file.",
        ),
        click.option(
            "-q", "--quiet", is_flag=True, envvar="MEGALINT_QUIET", help="Print findings only."
        ),
        click.option(
            "-v",
            "--verbose",
            is_flag=True,
            envvar="MEGALINT_VERBOSE",
            help="Print tracebacks of failures.",
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            envvar="MEGALINT_COLOR",
            help="Colour the output.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def cache(command: F) -> F:
    """Add the options on what is remembered between runs."""
    decorators = (
        click.option(
            "--cache-dir",
            type=click.Path(file_okay=False, path_type=Path),
            envvar="MEGALINT_CACHE_DIR",
            help="Where runs are remembered; default: the user's folder for caches.",
        ),
        click.option(
            "--no-cache",
            is_flag=True,
            envvar="MEGALINT_NO_CACHE",
            help="Remember nothing, and look at everything again.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def default_cache() -> Path:
    """Return the user's folder for what megalint remembers."""
    from platformdirs import user_cache_path

    return user_cache_path("megalint", appauthor=False)


def baseline(command: F) -> F:
    """Add the options that say which findings were accepted."""
    decorators = (
        click.option(
            "--baseline",
            "baseline_path",
            type=click.Path(dir_okay=False, path_type=Path),
            envvar="MEGALINT_BASELINE",
            help=f"The file of accepted findings; default: {BASELINE}, where there is one.",
        ),
        click.option(
            "--no-baseline",
            is_flag=True,
            envvar="MEGALINT_NO_BASELINE",
            help="As if nothing had been accepted.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def selection(command: F) -> F:
    """Add the options that say which rules are run."""
    decorators = (
        click.option(
            "--select",
            multiple=True,
            envvar="MEGALINT_SELECT",
            help="Only these rules (ids, families, globs).",
        ),
        click.option(
            "--ignore", multiple=True, envvar="MEGALINT_IGNORE", help="Without these rules."
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def chosen(prefix: str, ids: str) -> Callable[[F], F]:
    """Return what adds the options on *ids* that are reported; *prefix* begins their variables."""
    decorators: tuple[Callable[[F], F], ...] = (
        click.option(
            "--select",
            multiple=True,
            metavar="ID",
            envvar=f"{prefix}_SELECT",
            help=f"Only these {ids}; globs, too.",
        ),
        click.option(
            "--ignore",
            multiple=True,
            metavar="ID",
            envvar=f"{prefix}_IGNORE",
            help=f"Without these {ids}.",
        ),
        click.option(
            "--severity",
            multiple=True,
            metavar="ID=LEVEL",
            envvar=f"{prefix}_SEVERITY",
            help="Report one at another level.",
        ),
        _category,
        _show_config,
    )

    def decorate(command: F) -> F:
        for one in reversed(decorators):
            command = one(command)
        return command

    return decorate


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
        selection,
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
        _category,
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
        _show_config,
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
