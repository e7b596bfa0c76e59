"""Options that several commands share, and what they come to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeVar

import click

from megalint import baseline as accepting
from megalint import config as settings
from megalint.config import Config, ConfigError
from megalint.finding import Severity
from megalint.output import render_problems
from megalint.registry import load_rules
from megalint.report import Problem
from megalint.rule import Rule

F = TypeVar("F", bound=Callable[..., Any])


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


def baseline(command: F) -> F:
    """Add the options that say which findings were accepted."""
    decorators = (
        click.option(
            "--baseline",
            "baseline_path",
            type=click.Path(dir_okay=False, path_type=Path),
            envvar="MEGALINT_BASELINE",
            help=f"The file of accepted findings; default: {accepting.FILE}, where there is one.",
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


def entries(path: Path) -> tuple[accepting.Entry, ...]:
    """Return the accepted findings at *path*; a file that is none is wrong usage (exit 2)."""
    try:
        return accepting.load(path)
    except accepting.BaselineError as error:
        raise click.UsageError(str(error)) from error


def own_baseline(root: Path) -> Path | None:
    """Return the baseline of the checkout, where there is one; a link out of it is wrong usage."""
    try:
        return accepting.own(root)
    except accepting.BaselineError as error:
        raise click.UsageError(str(error)) from error


def root_of(paths: Iterable[Path]) -> Path:
    """Return the repository around *paths*, or the folder that holds them all."""
    given = [path.resolve() for path in paths] or [Path.cwd()]
    start = given[0] if given[0].is_dir() else given[0].parent
    while not all(path.is_relative_to(start) for path in given):
        start = start.parent
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / "megalint.toml").is_file():
            return folder
    return start


def configuration(root: Path, path: Path | None, *, isolated: bool) -> Config:
    """Return the configuration that holds; a mistake in it is wrong usage (exit 2)."""
    try:
        found = path if path is not None else None if isolated else settings.find(root)
        return Config() if found is None else settings.load(found)
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def chosen_rules(
    config: Config, select: tuple[str, ...], ignore: tuple[str, ...]
) -> list[Rule[Any]]:
    """Return the rules that are asked for; a name that no rule has is wrong usage."""
    rules = load_rules()
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    for given in (*select, *ignore, *config.rule_names()):
        if not any(fnmatch(name, given) for name in names):
            _unknown(given, names)
    return [
        rule
        for rule in rules
        if (not select or _is_named(rule, select)) and not _is_named(rule, (*ignore, *config.off))
    ]


def _unknown(given: str, names: set[str]) -> None:
    try:
        settings.known([given], sorted(names), "rule")
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _is_named(rule: Rule[Any], patterns: Iterable[str]) -> bool:
    return any(fnmatch(rule.id, one) or fnmatch(rule.family, one) for one in patterns)


def with_severities(config: Config, given: tuple[str, ...]) -> Config:
    """Return *config* with the levels of ``--severity RULE=LEVEL``, which go before its own."""
    levels: dict[str, Severity] = dict(config.severities)
    for one in given:
        name, separator, level = one.partition("=")
        if not separator:
            raise click.UsageError(f"--severity {one}: write RULE=LEVEL")
        try:
            levels.pop(name, None)
            levels[name] = settings.severity(level)
        except ConfigError as error:
            raise click.UsageError(f"--severity {one}: {error}") from error
    return replace(config, severities=levels)


def tell(problems: Iterable[Problem], *, verbose: bool) -> None:
    """Print on stderr what was not looked at, with tracebacks on request."""
    click.echo(render_problems(problems, with_details=verbose), nl=False, err=True)


def is_coloured(color: str) -> bool:
    """Whether to colour: on request, else on a terminal where NO_COLOR is not set."""
    if color == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return color == "always"
