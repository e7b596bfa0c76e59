"""Markdown for people, as in ``$GITHUB_STEP_SUMMARY``: a table of rules, then each finding.

What comes from the checkout stands in HTML, escaped and without an empty line, so that no reader
takes any of it for Markdown. An @ and its word are code: elsewhere they would call somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.finding import Finding, Severity
from megalint.output import page
from megalint.output.page import escaped
from megalint.output.rendering import Style
from megalint.output.text import details, summary
from megalint.report import Report
from megalint.wording import counted

MAX_BYTES: Final = 1_000_000
"""GitHub takes 1 MiB for a step, and drops all of a summary that is larger."""
_LEVELS: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_CALL: Final = re.compile(r"<code>.*?</code>|@[\w./@-]*")


def render(report: Report, _: Style) -> str:
    """Return the report as Markdown of at most :data:`MAX_BYTES`; the most severe come first."""
    parts = [f"### megalint\n\n<p>{prose(summary(report))}</p>\n"]
    if report.findings:
        parts.append(_table(report))
    if report.problems:
        parts.append(_problems(report))
    room = MAX_BYTES - sum(map(_size, parts))
    ordered = sorted(report.findings, key=lambda one: -one.severity)
    for number, finding in enumerate(ordered):
        part = _finding(finding)
        room -= _size(part)
        if room < 0:
            left = counted(len(ordered) - number, "finding")
            parts.append(f"{left} more, which would not fit in here.\n")
            break
        parts.append(part)
    return "\n".join(parts)


def _size(part: str) -> int:
    return len(part.encode("utf-8", "backslashreplace")) + 1


def _table(report: Report) -> str:
    counts: dict[str, dict[Severity, int]] = {}
    for one in report.findings:
        row = counts.setdefault(one.rule_id, dict.fromkeys(_LEVELS, 0))
        row[one.severity] += 1
    rows = [
        f"| {rule_id} | {' | '.join(str(row[level] or '') for level in _LEVELS)} |"
        for rule_id, row in sorted(counts.items())
    ]
    return "\n".join(("| rule | errors | warnings | notes |", "|--|--:|--:|--:|", *rows, ""))


def _problems(report: Report) -> str:
    items = "".join(f"<li>{prose(str(one))}</li>" for one in report.problems[:100])
    more = len(report.problems) - 100
    rest = f"<li>{more} more</li>" if more > 0 else ""
    return f"<details><summary>Not fully checked</summary><ul>{items}{rest}</ul></details>\n"


def _finding(finding: Finding) -> str:
    level = finding.severity.name.lower()
    place = escaped(str(finding.location))
    text = "\n".join(map(escaped, _without_gaps(details(finding))))
    return (
        f"<details><summary><b>{level}</b> {prose(finding.message)}<br>"
        f"<code>{place}</code> <code>{escaped(finding.rule_id)}</code></summary>"
        f"<pre>{text}</pre></details>\n"
    )


def _without_gaps(lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines that hold something: an empty one ends HTML in Markdown."""
    return (line for line in lines if line.strip())


def prose(text: str) -> str:
    """Return a sentence as HTML that calls nobody."""
    return _CALL.sub(_as_code, page.prose(text))


def _as_code(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("<code>") else f"<code>{found[0]}</code>"
