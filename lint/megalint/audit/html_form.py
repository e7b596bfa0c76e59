"""An audit as one HTML file that asks nobody for anything: the time line of each template."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.audit import Audit, Row, Section
from megalint.finding import Finding, Severity
from megalint.output.page import escaped, page, prose
from megalint.output.text import summary
from megalint.project.live import table
from megalint.project.live.facts import LiveVersion


def to_html(audit: Audit) -> str:
    """Return the whole page."""
    of_template: dict[str | None, list[Finding]] = {}
    for finding in audit.report.findings:
        of_template.setdefault(finding.data.arn, []).append(finding)
    body = [_section(one, of_template.pop(one.arn, [])) for one in audit.sections]
    rest = [one for held in of_template.values() for one in held]
    if rest:
        body.append(f"<section><h2>Elsewhere</h2>{_findings(rest)}</section>")
    unanswered = [str(one) for one in audit.report.problems if one.is_unanswered]
    if unanswered:
        items = "".join(f"<li>{escaped(one)}</li>" for one in unanswered)
        body.insert(
            0, f'<section class="unanswered"><h2>Not checked</h2><ul>{items}</ul></section>'
        )
    text = "\n".join(body)
    return page("megalint.audit", "megalint lt", "Launch templates", summary(audit.report), text)


def _section(section: Section, findings: list[Finding]) -> str:
    live = section.template
    rows = "".join(_row(row, live.region, _worst(row, findings)) for row in reversed(section.rows))
    users = "".join(f"<li>{one}</li>" for one in _users(section)) or "<li>nobody</li>"
    return (
        f'<section data-name="{escaped(live.template.name)}" data-found="{len(findings)}">'
        f"<h2>{escaped(live.template.name)} <small>{escaped(live.template.id)} · "
        f"{escaped(live.region)}</small></h2>"
        f'<p class="users">used by</p><ul class="users">{users}</ul>'
        f'<ol class="line">{rows}</ol>{_findings(findings)}</section>'
    )


def _users(section: Section) -> Iterator[str]:
    for one in section.referrers:
        if one.referrer.is_result:
            continue
        desired = "" if one.referrer.desired is None else f", desired {one.referrer.desired}"
        version = one.referrer.version or "$Default"
        resolved = "" if version == str(one.number) else f" = {one.number}"
        name = escaped(one.name.replace("`", ""))
        yield f"{name} <code>version {escaped(version)}{resolved}</code>{escaped(desired)}"


def _worst(row: Row, findings: list[Finding]) -> str:
    """Return the class of a row: how bad the worst finding about it is."""
    own = [one.severity for one in findings if one.data.version in _names(row.version)]
    worst = max(own, default=None)
    return "" if worst is None else worst.name.lower()


def _names(live: LiveVersion) -> set[str]:
    return {str(live.number), *table.marks(live.template, live.version)}


def _row(row: Row, region: str, worst: str) -> str:
    live = row.version
    chips = [
        *(_chip(one, "mark") for one in table.marks(live.template, live.version)),
        *(_chip(one, "used") for one in table.users(live.users)),
        *(_chip(one, "placeholder") for one in live.placeholders),
        *(_chip(one, "" if region in one else "bad") for one in live.hosts),
    ]
    if live.fault:
        chips.append(_chip(live.fault, "bad"))
    if row.environment:
        chips.append(_chip(row.environment, "" if row.environment == "complete" else "bad"))
    state = f"{worst} {'booted' if live.is_booted else 'idle'}".strip()
    return (
        f'<li class="{state}"><b>{live.number}</b><time>{escaped(live.version.created[:10])}</time>'
        f"<span>{escaped(table.author(live.version))}</span><div>{''.join(chips)}"
        f"{_changes(row)}</div></li>"
    )


def _changes(row: Row) -> str:
    if not row.changes:
        return ""
    lines = "".join(
        f'<span class="{"plus" if one[0] == "+" else "minus"}">{escaped(one)}</span>'
        for one in row.changes
    )
    count = len(row.changes)
    summary = f"<summary>{count} {'line' if count == 1 else 'lines'} changed</summary>"
    return f"<details>{summary}<pre>{lines}</pre></details>"


def _chip(text: str, kind: str) -> str:
    return f'<span class="chip {kind}">{escaped(text)}</span>'


def _findings(findings: list[Finding]) -> str:
    ordered = sorted(findings, key=lambda one: -one.severity)
    return "".join(map(_finding, ordered))


def _prose(text: str) -> str:
    """Return a sentence with what is in backticks as code; a line of a difference is code whole."""
    if text[:2] in {"+ ", "- "}:
        return f"<code>{escaped(text)}</code>"
    return prose(text)


def _finding(finding: Finding) -> str:
    level = finding.severity.name.lower()
    notes = "".join(f"<li>{_prose(one)}</li>" for one in finding.notes)
    sign = {Severity.ERROR: "error", Severity.WARNING: "warning"}.get(finding.severity, "note")
    return (
        f'<article class="{level}"><h3><b>{sign}</b> <code>{escaped(finding.rule_id)}</code></h3>'
        f"<p>{_prose(finding.message)}</p><p><code>{escaped(str(finding.location))}</code></p>"
        f"<ul>{notes}</ul></article>"
    )
