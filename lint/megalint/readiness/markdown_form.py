"""A checklist as Markdown: boxes to tick, for an issue or the summary of a workflow."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.output.markdown import prose
from megalint.output.page import escaped
from megalint.readiness import Checklist, Item, Outcome
from megalint.readiness.wording import Words


def to_markdown(found: Checklist) -> str:
    """Return the checklist; a box is ticked where the item passes."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Checklist) -> Iterator[str]:
    words = Words(found)
    yield f"### megalint dr\n\n<p>{prose(words.heading)}</p>\n\n<p>{prose(words.summary)}</p>"
    for stage, items in words.stages():
        yield f"\n#### {words.fill(stage.value)}\n"
        yield from (_item(one, words) for one in items)


def _item(item: Item, words: Words) -> str:
    box = "x" if item.outcome is Outcome.PASS else " "
    subject = f" <code>{escaped(item.subject)}</code>" if item.subject else ""
    mark = f"<b>{prose(words.outcome(item))}</b> " if item.outcome is Outcome.FAIL else ""
    text = f"- [{box}] {mark}{item.id}{subject}: <span>{prose(words.words(item))}</span>"
    if item.command and item.outcome is not Outcome.PASS:
        text += f"<br><code>{escaped(item.command)}</code>"
    return text
