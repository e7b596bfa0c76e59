"""A report as one HTML file that asks nobody for anything: what was found, file by file."""

from __future__ import annotations

from collections import Counter
from typing import Final

from megalint.finding import Finding
from megalint.output.page import escaped, page, prose
from megalint.output.rendering import Style
from megalint.output.text import details, summary
from megalint.report import Report
from megalint.wording import counted

MAX_SHOWN: Final = 5_000
"""A page with more findings is nothing that people read, and slow to open."""
MAX_PROBLEMS: Final = 1_000


def render(report: Report, _: Style) -> str:
    """Return the whole page; of very many findings the most severe ones."""
    worst = sorted(report.findings, key=lambda one: -one.severity)[:MAX_SHOWN]
    shown = {id(one) for one in worst}
    files: dict[str, list[Finding]] = {}
    for one in report.findings:
        if id(one) in shown:
            files.setdefault(str(one.location.source.path), []).append(one)
    body = [_problems(report), *(_section(path, found) for path, found in files.items())]
    left = len(report.findings) - len(worst)
    if left:
        body.append(f"<p>{counted(left, 'finding')} more, less severe, not shown.</p>")
    return page(
        "megalint.output.html_report",
        "megalint check",
        "Findings",
        summary(report),
        "\n".join(body),
    )


def _problems(report: Report) -> str:
    if not report.problems:
        return ""
    shown = report.problems[:MAX_PROBLEMS]
    items = "".join(f"<li>{escaped(str(one))}</li>" for one in shown)
    left = len(report.problems) - len(shown)
    if left:
        items += f"<li>{left} more</li>"
    return f'<section class="unread"><h2>Not fully checked</h2><ul>{items}</ul></section>'


def _section(path: str, findings: list[Finding]) -> str:
    counts = Counter(one.severity for one in findings)
    total = ", ".join(counted(counts[one], one.name.lower()) for one in sorted(counts)[::-1])
    articles = "".join(map(_article, findings))
    return f"<section><h2>{escaped(path)} <small>{total}</small></h2>{articles}</section>"


def _article(finding: Finding) -> str:
    level = finding.severity.name.lower()
    text = "\n".join(_tinted(line) for line in details(finding))
    return (
        f'<article class="{level}" data-rule="{escaped(finding.rule_id)}">'
        f"<h3><b>{level}</b> <code>{escaped(finding.rule_id)}</code></h3>"
        f"<p>{prose(finding.message)}</p><pre>{text}</pre></article>"
    )


def _tinted(line: str) -> str:
    """Return a line of a frame, the one that marks another in the colour of the finding."""
    head, bar, rest = line.partition(" |")
    is_mark = bool(bar) and not head.strip() and rest.lstrip().startswith(("^", "-"))
    return f"<i>{escaped(line)}</i>" if is_mark else escaped(line)
