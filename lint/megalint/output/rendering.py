"""Write a report in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Final

from msgspec import Struct

from megalint.output import FORMATS
from megalint.output.plain import printable, printable_lines
from megalint.report import Problem, Report


class Style(Struct, frozen=True):
    """How to write: for people the width in columns and whether to colour, and what SARIF holds.

    :attr:`tell` is given words for people on what a format leaves out.
    """

    width: int = 100
    is_coloured: bool = False
    category: str | None = None
    """What tells several SARIF files of one commit apart."""
    has_suppressed: bool = False
    """Whether SARIF also lists what comments and the baseline set aside."""
    tell: Callable[[str], None] = lambda _: None


_PLAIN: Final = Style()


def render(name: str, report: Report, style: Style = _PLAIN) -> str:
    """Return *report* in the format called *name*, one of :data:`FORMATS`.

    The text can be written as UTF-8: a lone surrogate (a file name that is not UTF-8, half of a
    character in a string of JavaScript) is written out as an escape, which JSON reads back.
    """
    module = import_module(f"megalint.output.{FORMATS[name]}")
    text: str = module.render(report, style)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def render_problems(problems: Iterable[Problem], *, with_details: bool = False) -> str:
    """Return one line for each problem, and what helps to debug it when asked for."""
    lines = []
    for problem in problems:
        lines.append(f"megalint: {printable(str(problem))}\n")
        if with_details and problem.detail:
            lines.append(f"{printable_lines(problem.detail.rstrip())}\n")
    return "".join(lines)
