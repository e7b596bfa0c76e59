"""The table of a template's versions, as text: a source that findings point into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from megalint.formats.aws_answers import Referrer, Template, Version
from megalint.wording import counted

HEAD: Final = ("version", "created", "by", "marks", "used by", "placeholder", "hosts", "image")
_NONE: Final = "-"


def marks(template: Template, version: Version) -> tuple[str, ...]:
    """Return the aliases that mean a version."""
    default = ("$Default",) if version.is_default else ()
    return (*default, "$Latest") if template.latest == version else default


def users(referrers: Iterable[Referrer]) -> tuple[str, ...]:
    """Return who uses a version: groups and fleets by name, instances by number."""
    held = list(referrers)
    names = [one.name for one in held if not one.is_result]
    count = sum(one.is_result for one in held)
    if count:
        names.append(counted(count, "instance"))
    return tuple(dict.fromkeys(names))


def author(version: Version) -> str:
    """Return who made a version: the last part of the ARN."""
    return version.created_by.rpartition("/")[2].rpartition(":")[2]


def lines(rows: Sequence[Sequence[str]], width: Callable[[str], int] = len) -> list[str]:
    """Return rows as lines of columns, aligned by the *width* of cells; no blank ends a line."""
    shown = [[cell or _NONE for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in shown) for at in range(len(shown[0]))]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in shown
    ]
