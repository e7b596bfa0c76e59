"""One line per finding."""

from __future__ import annotations

from megalint.output import Style
from megalint.output.plain import printable
from megalint.report import Report


def render(report: Report, _: Style) -> str:
    """Return ``path:line:column: severity[rule-id] message`` for each finding."""
    lines = []
    for finding in report.findings:
        location = finding.location
        line, column = location.source.line_column(location.span.start)
        place = printable(f"{location.source.path}:{line}:{column}")
        level = finding.severity.name.lower()
        lines.append(f"{place}: {level}[{finding.rule_id}] {printable(finding.message)}\n")
    return "".join(lines)
