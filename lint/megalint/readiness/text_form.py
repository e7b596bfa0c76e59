"""A checklist for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.finding import Severity
from megalint.output.plain import expanded, wrapped
from megalint.output.rendering import Style
from megalint.readiness import Checklist, Item, Outcome
from megalint.readiness.wording import SIGNS, Words

_COLOURS: Final = {Outcome.PASS: "32", Outcome.FAIL: "1;31", Outcome.NOT_CHECKED: "33"}


def to_text(found: Checklist, style: Style) -> str:
    """Return the whole text."""
    return "\n".join(_lines(found, style)) + "\n"


def _lines(found: Checklist, style: Style) -> Iterator[str]:
    words = Words(found)
    yield words.heading
    for stage, items in words.stages():
        yield ""
        title = words.fill(stage.value)
        yield f"\x1b[1m{title}\x1b[0m" if style.is_coloured else title
        for item in items:
            yield from _item(item, words, style)
    yield ""
    yield words.summary


def _item(item: Item, words: Words, style: Style) -> Iterator[str]:
    subject = f"{item.id}  {item.subject}" if item.subject else item.id
    is_grave = item.outcome is not Outcome.FAIL or item.severity is Severity.ERROR
    grade = "" if is_grave else f" ({words.fill(item.severity.name.lower())})"
    text = expanded(f"{subject}{grade}: {words.words(item)}")
    first, *more = wrapped(text, max(style.width - 4, 40), 4)
    sign = SIGNS[item.outcome]
    if style.is_coloured:
        sign = f"\x1b[{_COLOURS[item.outcome]}m{sign}\x1b[0m"
    yield f"  {sign} {first}"
    yield from (f"    {line.strip()}" for line in more)
    if item.command and item.outcome is not Outcome.PASS:
        yield expanded(f"      $ {item.command}")
