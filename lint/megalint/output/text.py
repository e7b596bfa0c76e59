"""For people: each finding with the code it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.finding import Finding, Severity
from megalint.output import Style
from megalint.output.frames import frame
from megalint.output.plain import printable, width
from megalint.report import Report

_COLOURS: Final = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}


def render(report: Report, style: Style) -> str:
    """Return the findings, a blank line after each, and a summary."""
    parts = ["\n".join(_finding(finding, style)) + "\n\n" for finding in report.findings]
    return "".join(parts) + summary(report) + "\n"


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    level = f"{finding.severity.name.lower()}[{finding.rule_id}]"
    first = _wrapped(f"{level}: {printable(finding.message)}", style.width, 2)
    yield first[0].replace(level, _coloured(level, _COLOURS[finding.severity], style), 1)
    yield from first[1:]
    others = (*finding.flow, *finding.related)
    lines = list(frame(finding.location, others, style.width))
    yield from (_dimmed(line, style) for line in lines)
    gutter = len(lines[-1]) - 1
    for note in _notes(finding):
        wrapped = _wrapped(f"{'':{gutter}}= {printable(note)}", style.width, gutter + 2)
        yield from wrapped


def _notes(finding: Finding) -> Iterator[str]:
    yield from finding.notes
    if finding.fix is not None:
        yield f"fix: {finding.fix.title}"


def _coloured(text: str, code: str, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.is_coloured else text


def _dimmed(line: str, style: Style) -> str:
    if not style.is_coloured:
        return line
    head, bar, rest = line.partition(" |")
    return f"\x1b[34m{head}{bar}\x1b[0m{rest}" if bar else f"\x1b[34m{line}\x1b[0m"


def _wrapped(text: str, columns: int, indent: int) -> list[str]:
    """Break at blanks, never inside backticks; what is too long for a line stays whole."""
    lines: list[str] = []
    current = ""
    for word in re.findall(r"\s*(?:`[^`\n]*`|[^\s`])+", text):
        if current and width(current + word) > columns:
            lines.append(current.rstrip())
            current = " " * indent + word.lstrip()
        else:
            current += word
    return [*lines, current.rstrip()]


def summary(report: Report) -> str:
    """Return the last line: what was found, in how much, and what was left out."""
    looked_at = f"{_counted(report.apps, 'app')}, {_counted(report.files, 'file')}"
    if not report.findings:
        found = f"No findings in {looked_at} with {_counted(len(report.rules), 'rule')}"
    else:
        counts = [
            _counted(report.count(level), level.name.lower())
            for level in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
            if report.count(level)
        ]
        found = f"{', '.join(counts)} in {looked_at}"
    extra = [f"{len(report.suppressed)} ignored"] if report.suppressed else []
    if report.problems:
        extra.append(f"{_counted(len(report.problems), 'file')} not read or not fully understood")
    return "; ".join((found, *extra)) + "."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
