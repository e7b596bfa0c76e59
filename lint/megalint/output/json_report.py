"""For scripts: the JSON object, version 1."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from megalint.finding import Edit, Finding, Fix, Severity
from megalint.fingerprint import fingerprints
from megalint.output.json_text import to_json
from megalint.output.rendering import Style
from megalint.report import Report
from megalint.source import Location


def render(report: Report, _: Style) -> str:
    """Return the report as JSON text."""
    return to_json(to_object(report))


def to_object(report: Report) -> dict[str, Any]:
    """Return the report as the object that is printed."""
    prints = fingerprints(report.findings)
    return {
        "version": 1,
        "tool": {"name": "megalint", "version": version("megalint")},
        "root": str(report.root),
        "findings": [_finding(*one) for one in zip(report.findings, prints, strict=True)],
        "suppressed": {"inline": len(report.suppressed), "baseline": len(report.baselined)},
        "errors": [
            {"path": one.path, "line": one.line, "message": one.message} for one in report.problems
        ],
        "summary": {
            **{level.name.lower(): report.count(level) for level in reversed(Severity)},
            "files": report.files,
            "apps": report.apps,
        },
    }


def _finding(finding: Finding, fingerprint: str) -> dict[str, Any]:
    location = finding.location
    end_line, end_column = location.source.line_column(location.span.end)
    place = _place(location)
    del place["message"]
    return {
        "rule": finding.rule_id,
        "family": finding.family,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "message": finding.message,
        **place,
        "end_line": end_line,
        "end_column": end_column,
        "related": [_place(one) for one in finding.related],
        "flow": [_place(one) for one in finding.flow],
        "data": {
            "env": list(finding.data.env),
            "region": finding.data.region,
            "template": finding.data.template,
            "version": finding.data.version,
        },
        "fix": None if finding.fix is None else _fix(finding.fix),
        "fingerprint": fingerprint,
        "help": f"megalint explain {finding.rule_id}",
    }


def _place(location: Location) -> dict[str, Any]:
    line, column = location.source.line_column(location.span.start)
    return {
        "path": str(location.source.path),
        "line": line,
        "column": column,
        "message": location.label,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safety": fix.safety.value,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    line, column = edit.source.line_column(edit.span.start)
    end_line, end_column = edit.source.line_column(edit.span.end)
    return {
        "path": str(edit.source.path),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": edit.text,
    }
