"""A checklist as one HTML file that asks nobody for anything: to print before the exercise."""

from __future__ import annotations

from megalint.output.page import escaped, page, prose
from megalint.readiness import Checklist, Item, Outcome
from megalint.readiness.wording import SIGNS, Words


def to_html(found: Checklist) -> str:
    """Return the whole page."""
    words = Words(found)
    body = [
        f"<section><h2>{escaped(words.fill(stage.value))}</h2><ul>"
        f"{''.join(_item(one, words) for one in items)}</ul></section>"
        for stage, items in words.stages()
    ]
    if found.problems:
        told = "".join(f"<li>{escaped(str(one))}</li>" for one in found.problems)
        body.append(f'<section class="asked"><h2>Not answered</h2><ul>{told}</ul></section>')
    summary = f"{words.heading}: {words.summary}"
    title = f"Failover to {found.recovery}"
    return page("megalint.readiness", "megalint dr", title, summary, "\n".join(body))


def _item(item: Item, words: Words) -> str:
    kind = item.outcome.name.lower().replace("_", "-")
    subject = f" <code>{escaped(item.subject)}</code>" if item.subject else ""
    command = ""
    if item.command and item.outcome is not Outcome.PASS:
        command = f"<kbd>{escaped(item.command)}</kbd>"
    return (
        f'<li class="item {kind}"><b>{SIGNS[item.outcome]}</b><div><strong>{item.id}</strong>'
        f"{subject}<p>{prose(words.words(item))}</p>{command}</div></li>"
    )
