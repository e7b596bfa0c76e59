"""The chain for machines."""

from __future__ import annotations

from typing import Any, Final

from megalint.trace.pipeline import Chain

VERSION: Final = 1


def to_json(chain: Chain) -> dict[str, Any]:
    """Return the links in order; ``leads_to`` are places in that list, from 0."""
    return {
        "version": VERSION,
        "pipeline": [
            {
                "kind": one.kind,
                "name": one.name,
                "state": one.state.value,
                "details": list(one.details),
                "path": one.location.source.path.as_posix(),
                "line": one.location.line,
                "findings": [each.rule_id for each in one.findings],
                "leads_to": list(one.following),
            }
            for one in chain.links
        ],
    }
