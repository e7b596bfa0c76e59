"""What the options of a command come to: its root, configuration, rules and baseline."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import click
from msgspec.structs import replace

from megalint import baseline as accepting
from megalint import config as settings
from megalint.config import Config, ConfigError
from megalint.config.kinds import close
from megalint.config.rule_names import is_known, is_named
from megalint.finding import Severity
from megalint.output.rendering import render_problems
from megalint.registry import load_rules
from megalint.report import Problem
from megalint.rule import Rule


def accepted(root: Path, path: Path | None, *, no_baseline: bool) -> tuple[accepting.Entry, ...]:
    """Return the baseline that holds: that of the option, or that of the checkout."""
    if no_baseline:
        return ()
    found = path or own_baseline(root)
    return () if found is None else entries(found)


def is_below(root: Path, paths: tuple[Path, ...]) -> Callable[[PurePosixPath], bool]:
    """Return what says whether a file is one of *paths* or below one; no paths: every file is."""
    folder = root.resolve()
    wanted = [path.resolve() for path in paths]

    def check(path: PurePosixPath) -> bool:
        return not wanted or any((folder / path).resolve().is_relative_to(one) for one in wanted)

    return check


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


def configuration(root: Path, path: Path | None, *, isolated: bool) -> Config:
    """Return what the root's configuration says; one that is no TOML is wrong usage (exit 2).

    With ``--config`` or ``--isolated`` the files of the checkout are not read, nested ones neither.
    A link in the checkout is not followed out of it.
    """
    found = path if path is not None else None if isolated else settings.find(root)
    if found is not path and found and not found.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"{found}: a link that leads out of the checkout (--config reads it)")
    has_nested = path is None and not isolated
    return replace(Config() if found is None else settings.load(found, root), has_nested=has_nested)


def chosen_rules(
    select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), others: Iterable[str] = ()
) -> list[Rule[Any]]:
    """Return the rules that are asked for.

    A name that no rule has is wrong usage (exit 2), one among *others* too.
    """
    rules = load_rules()
    names = sorted({rule.id for rule in rules} | {rule.family for rule in rules})
    refuse_unknown((*select, *ignore, *others), names)
    return [
        rule
        for rule in rules
        if (not select or is_named((rule.id, rule.family), select))
        and not is_named((rule.id, rule.family), ignore)
    ]


def refuse_unknown(given: Iterable[str], names: list[str], noun: str = "rule") -> None:
    """Refuse a name that is none of *names*, and no glob over them: wrong usage (exit 2)."""
    for one in given:
        if not is_known(one, names):
            meant = close(one, names)
            hint = f"; did you mean {meant!r}?" if meant else ""
            raise click.UsageError(f"unknown {noun} {one!r}{hint}")


def with_severities(config: Config, given: tuple[str, ...]) -> Config:
    """Return *config* with the levels of ``--severity RULE=LEVEL``, which go before its own."""
    levels: dict[str, Severity] = {}
    for one in given:
        name, separator, level = one.partition("=")
        if not separator:
            raise click.UsageError(f"--severity {one}: write RULE=LEVEL")
        if level.upper() not in Severity.__members__:
            raise click.UsageError(
                f"--severity {one}: {level!r} is no severity: error, warning or note"
            )
        levels.pop(name, None)
        levels[name] = Severity[level.upper()]
    return replace(config, levels=levels)


def tell(problems: Iterable[Problem], *, verbose: bool) -> None:
    """Print on stderr what was not looked at, with tracebacks on request."""
    click.echo(render_problems(problems, with_details=verbose), nl=False, err=True)


def is_coloured(color: str) -> bool:
    """Whether to colour: on request, else on a terminal where NO_COLOR is not set."""
    if color == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return color == "always"
