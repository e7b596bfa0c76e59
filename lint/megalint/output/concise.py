"""One line per finding."""

from __future__ import annotations

from megalint.output.plain import expanded
from megalint.output.rendering import Style
from megalint.report import Report


def render(report: Report, _: Style) -> str:
    """Return ``path:line:column: severity[rule-id] message`` for each finding."""
    lines = []
    for finding in report.findings:
        location = finding.location
        line, column = location.source.line_column(location.span.start)
        place = expanded(f"{location.source.path}:{line}:{column}")
        level = finding.severity.name.lower()
        lines.append(f"{place}: {level}[{finding.rule_id}] {expanded(finding.message)}\n")
    return "".join(lines)
