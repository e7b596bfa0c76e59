"""A rehearsal for scripts (version 1)."""

from __future__ import annotations

from typing import Any

from megalint.output import json_text
from megalint.rehearsal import Entry, Process, Rehearsal, Verdict, counts


def to_json(found: Rehearsal) -> str:
    """Return the rehearsal as JSON text."""
    return json_text.to_json(to_object(found))


def to_object(found: Rehearsal) -> dict[str, Any]:
    """Return the object that ``--format json`` prints."""
    counted = counts(found.entries)
    return {
        "version": 1,
        "primary": found.primary,
        "recovery": found.recovery,
        "live": found.is_live,
        "processes": [_process(one) for one in found.processes],
        "aside": [
            {
                "process": one.title,
                "path": str(one.location.source.path),
                "line": one.location.line,
                "why": one.why,
            }
            for one in found.asides
        ],
        "errors": [
            {"path": one.path, "line": one.line, "message": one.message} for one in found.problems
        ],
        "summary": {
            **{one.code: counted[one] for one in reversed(Verdict)},
            "processes": len(found.processes),
        },
    }


def _process(process: Process) -> dict[str, Any]:
    launch = process.launch
    return {
        "process": launch.process,
        "kind": launch.kind,
        "app": None if launch.app is None else str(launch.app.path),
        "template": launch.owner,
        "region": process.region,
        "path": str(launch.location.source.path),
        "line": launch.location.line,
        "starts": launch.starts.value,
        "note": launch.note,
        "complete": not launch.is_open,
        "verdict": process.verdict.code,
        "values": [_entry(one) for one in process.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "kind": entry.kind.value,
        "value": entry.value,
        "from": entry.origin.value,
        "path": str(entry.location.source.path),
        "line": entry.location.line,
        "uses": list(entry.uses),
        "verdict": entry.verdict.code,
        "region": entry.region,
        "as_built": entry.is_as_built,
        "why": entry.why or None,
    }
