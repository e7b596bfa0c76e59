"""An audit for scripts: the report of ``check``, and what each version holds."""

from __future__ import annotations

from typing import Any

from megalint.audit import Audit, Row, Section
from megalint.output import json_text
from megalint.output.json_report import to_object
from megalint.project.live import table
from megalint.secrets import masked_line


def to_json(audit: Audit) -> str:
    """Return the audit as JSON text."""
    found = {**to_object(audit.report), "templates": [_section(one) for one in audit.sections]}
    return json_text.to_json(found)


def _section(section: Section) -> dict[str, Any]:
    template = section.template
    return {
        "id": template.template.id,
        "name": template.template.name,
        "arn": section.arn,
        "account": template.inventory.account,
        "region": template.region,
        "complete": template.template.is_whole,
        "referrers": [
            {
                "kind": one.referrer.kind,
                "name": one.referrer.name,
                "version": one.referrer.version,
                "resolved": one.number,
                "desired": one.referrer.desired,
                "started": one.referrer.is_result,
            }
            for one in section.referrers
        ],
        "versions": [_version(row) for row in section.rows],
    }


def _version(row: Row) -> dict[str, Any]:
    live = row.version
    return {
        "number": live.number,
        "created": live.version.created or None,
        "by": table.author(live.version) or None,
        "default": live.version.is_default,
        "latest": live.template.latest == live.version,
        "description": masked_line(live.version.description) or None,
        "image": live.version.image,
        "placeholders": list(live.placeholders),
        "hosts": list(live.hosts),
        "environment": row.environment or None,
        "undecodable": live.fault,
        "changes": list(row.changes),
    }
