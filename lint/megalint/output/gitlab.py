"""For GitLab's merge requests: a code quality report."""

from __future__ import annotations

from typing import Any, Final

from megalint.finding import Finding, Severity
from megalint.fingerprint import fingerprints
from megalint.output.json_text import to_json
from megalint.output.plain import printable
from megalint.output.rendering import Style
from megalint.report import Report

_SEVERITIES: Final = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.NOTE: "info",
}


def render(report: Report, _: Style) -> str:
    """Return one issue for each finding, as GitLab's subset of the Code Climate format has it."""
    prints = fingerprints(report.findings)
    issues = [_issue(*one) for one in zip(report.findings, prints, strict=True)]
    return to_json(issues)


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    source, span = finding.location.source, finding.location.span
    first, _ = source.line_column(span.start)
    last, _ = source.line_column(span.end)
    return {
        "description": printable(finding.message),
        "check_name": finding.rule_id,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": str(source.path), "lines": {"begin": first, "end": last}},
    }
