"""How the commands that find something report it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from megalint.cli import given
from megalint.cli.delivery import width, write
from megalint.output.rendering import Style
from megalint.report import Report

LEAST: Final = 0.001
"""In seconds: parts that take less are told together."""


def rendered(
    render: Callable[[str, Style], str],
    reports: Sequence[tuple[str, Path | None]],
    style: Style,
) -> tuple[tuple[str | None, str], ...]:
    """Return what *render* makes of each format, and where it goes; None is stdout."""
    found = []
    for name, path in reports:
        is_file = path is not None and str(path) != "-"
        is_coloured = style.is_coloured and not is_file
        text = render(name, replace(style, width=width(), is_coloured=is_coloured))
        found.append((str(path) if is_file else None, text))
    return tuple(found)


def render_to(
    render: Callable[[str, Style], str],
    reports: Sequence[tuple[str, Path | None]],
    style: Style,
) -> None:
    """Write what *render* makes of each format to where it goes."""
    write(rendered(render, reports, style))


def style(
    color: str, category: str | None = None, *, has_suppressed: bool = False, quiet: bool = False
) -> Style:
    """Return how to write the reports; what they leave out is told on stderr, unless *quiet*."""

    def tell(words: str) -> None:
        if not quiet:
            click.echo(f"megalint: {words}", err=True)

    return Style(
        is_coloured=given.is_coloured(color),
        category=category,
        has_suppressed=has_suppressed,
        tell=tell,
    )


def statistics(report: Report) -> str:
    """Return where the time went, and how much was done, in lines."""
    parts = [one for one in report.parts if one[1] >= LEAST]
    rest = sum(lap for _, lap in report.parts if lap < LEAST)
    laps = [*report.seconds, *((f"  {name}", lap) for name, lap in (*parts, ("the rest", rest)))]
    times = "".join(f"{lap:10.3f} s  {name}\n" for name, lap in laps)
    counts = "".join(f"{count:>10}    {name}\n" for name, count in report.counts)
    return times + counts
