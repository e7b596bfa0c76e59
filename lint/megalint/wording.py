"""Words of findings: lists of names as a sentence holds them."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Return *names* in backticks, joined as in a sentence."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) <= 1:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def verb(names: Sequence[str], one: str, several: str) -> str:
    """Return the form of a verb that goes with *names*."""
    return one if len(names) == 1 else several


def counted(count: int, noun: str, several: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {several or noun + 's'}"
