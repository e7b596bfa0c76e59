"""For GitHub Actions: workflow commands that become annotations."""

from __future__ import annotations

from collections import Counter
from typing import Final

from megalint.finding import Finding, Severity
from megalint.output.plain import printable
from megalint.output.rendering import Style
from megalint.report import Report

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


MAX_SHOWN: Final = 10
"""How many annotations of a level GitHub shows for one step; it drops the rest in silence."""


def render(report: Report, _: Style) -> str:
    """Return one workflow command for each finding that GitHub shows, and a line on the rest."""
    shown: Counter[Severity] = Counter()
    lines = []
    for finding in report.findings:
        shown[finding.severity] += 1
        if shown[finding.severity] <= MAX_SHOWN:
            lines.append(_command(finding))
    left = sum(max(count - MAX_SHOWN, 0) for count in shown.values())
    if left:
        lines.append(
            f"megalint: {left} more, which GitHub does not show as annotations: it takes"
            f" {MAX_SHOWN} of each level   (--format text, or sarif, has all)"
        )
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    location = finding.location
    line, column = location.source.line_column(location.span.start)
    end_line, end_column = location.source.line_column(location.span.end)
    properties: dict[str, str | int] = {
        "file": str(location.source.path),
        "line": line,
        "endLine": end_line,
    }
    if line == end_line:  # the runner refuses columns for several lines
        properties |= {"col": column, "endColumn": end_column}
    properties["title"] = f"megalint {finding.rule_id}"
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    message = "\n".join((finding.message, *finding.notes))
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)  # line ends have GitHub's escapes; what else acts is written out


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
