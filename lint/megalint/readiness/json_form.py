"""A checklist for scripts (version 1)."""

from __future__ import annotations

from megalint.output import json_text
from megalint.readiness import Checklist, Item, Outcome


def to_json(found: Checklist) -> str:
    """Return the checklist as JSON text."""
    return json_text.to_json(
        {
            "version": 1,
            "account": found.account or None,
            "primary": found.primary,
            "recovery": found.recovery,
            "items": [_item(one) for one in found.items],
            "errors": [{"path": one.path, "message": one.message} for one in found.problems],
            "summary": {one.value.replace(" ", "_"): found.counts[one] for one in Outcome},
        }
    )


def _item(item: Item) -> dict[str, str | None]:
    return {
        "stage": item.stage.name.lower(),
        "id": item.id,
        "subject": item.subject or None,
        "outcome": item.outcome.value,
        "severity": item.severity.name.lower() if item.outcome is Outcome.FAIL else None,
        "message": item.words,
        "command": item.command or None,
    }
