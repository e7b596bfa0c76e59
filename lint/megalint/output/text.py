"""For people: each finding with the code it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.finding import Finding, Safety, Severity
from megalint.output.frames import frame
from megalint.output.plain import expanded, printable, wrapped
from megalint.output.rendering import Style
from megalint.report import Report
from megalint.translation.catalogue import catalogue_of

_COLOURS: Final = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_QUIET: Final = "34"
_HOW: Final = {
    Safety.SAFE: "   (megalint check --fix)",
    Safety.UNSAFE: "   (megalint check --fix --unsafe-fixes)",
    Safety.DISPLAY: "",
}
_SIGNS: Final = re.compile(r"(\^+|-+)(?=\s|$)")
_MARKED: Final = re.compile(r"\s*(?:(?:\^+|-+)(?:\s+|$))+")


def render(report: Report, style: Style) -> str:
    """Return the findings, a blank line after each, and a summary."""
    parts = ["\n".join(_finding(finding, style)) + "\n\n" for finding in report.findings]
    return "".join(parts) + summary(report) + "\n"


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    level = f"{finding.severity.name.lower()}[{finding.rule_id}]"
    first, *more = wrapped(f"{level}: {expanded(finding.message)}", style.width, 2)
    colour = _COLOURS[finding.severity]
    yield _coloured(level, colour, style) + first.removeprefix(level)
    yield from more
    lines, notes = _framed(finding, style.width)
    yield from (_tinted(line, colour, style) for line in lines)
    yield from notes


def details(finding: Finding, width: int = 100) -> Iterator[str]:
    """Yield the frame of a finding and its notes, without the message and without colours."""
    lines, notes = _framed(finding, width)
    yield from lines
    yield from notes


def _framed(finding: Finding, width: int) -> tuple[list[str], list[str]]:
    lines = list(frame(finding.location, (*finding.flow, *finding.related), width))
    gutter = len(lines[-1]) - 1
    notes = [
        line
        for note in _notes(finding)
        for line in wrapped(f"{'':{gutter}}= {expanded(note)}", width, gutter + 2)
    ]
    return lines, notes


def _notes(finding: Finding) -> Iterator[str]:
    yield from finding.notes
    if finding.fix is not None:
        yield f"fix: {finding.fix.title}{_HOW[finding.fix.safety]}"


def _coloured(text: str, code: str, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.is_coloured else text


def _tinted(line: str, colour: str, style: Style) -> str:
    """Colour the edge of a frame's line, and the signs of a line that marks another."""
    if not style.is_coloured:
        return line
    head, bar, rest = line.partition(" |")
    signs = _MARKED.match(rest) if bar and not head.strip() else None
    if signs is not None:

        def tint(sign: re.Match[str]) -> str:
            return _coloured(sign[0], colour if sign[0][0] == "^" else _QUIET, style)

        rest = _SIGNS.sub(tint, signs[0]) + rest[signs.end() :]
    return _coloured(head + bar, _QUIET, style) + rest


def summary(report: Report) -> str:
    """Return the last line: what was found, in how much, and what was left out."""
    fill = catalogue_of(report.language).fill
    default = (_number(report, report.apps, "app"), _number(report, report.files, "file"))
    looked_at = ", ".join(report.subject or default)
    if not report.findings:
        rules = _number(report, len(report.rules), "rule")
        found = fill("No findings in {0} with {1}", looked_at, rules)
    else:
        counts = [
            _number(report, report.count(level), level.name.lower())
            for level in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
            if report.count(level)
        ]
        found = fill("{0} in {1}", ", ".join(counts), looked_at)
    return printable("; ".join((found, *_left_out(report)))) + "."


def _number(report: Report, count: int, noun: str) -> str:
    return catalogue_of(report.language).fill(f"{{0}} {noun}{'s' * (count != 1)}", count)


def _left_out(report: Report) -> Iterator[str]:
    fill = catalogue_of(report.language).fill
    if report.suppressed:
        yield fill("{0} ignored", len(report.suppressed))
    if report.baselined:
        yield fill("{0} in the baseline", len(report.baselined))
    if report.untouched:
        yield fill("{0} older than the change", len(report.untouched))
    unanswered = sum(problem.is_unanswered for problem in report.problems)
    if unanswered:
        questions = _number(report, unanswered, "question")
        yield fill("{0} not answered by AWS, and so not checked", questions)
    paths = {
        problem.path
        for problem in report.problems
        if not problem.is_internal and not problem.is_unanswered
    }
    if paths:
        files = _number(report, len(paths), "file")
        yield fill("{0} not read or not fully understood", files)
    failures = sum(problem.is_internal for problem in report.problems)
    if failures:
        yield fill("megalint itself failed {0}", _number(report, failures, "time"))
