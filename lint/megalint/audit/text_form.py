"""An audit for people: a table for each template, then the findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.audit import Audit, Row, Section
from megalint.formats.aws_answers import Referrer
from megalint.output import Style, render
from megalint.output.plain import expanded
from megalint.project.live import table

_HEAD: Final = (*table.HEAD[:2], "marks", "used by", "placeholder", "hosts", "environment")
_SHORTENED: Final = 30
_BOLD: Final = "1"


def to_text(audit: Audit, style: Style, *, has_changes: bool = False) -> str:
    """Return the whole text; with *has_changes* the lines that each version changed."""
    parts = ["\n".join(_section(one, style, has_changes)) + "\n\n" for one in audit.sections]
    return "".join(parts) + render("text", audit.report, style)


def _section(section: Section, style: Style, has_changes: bool) -> Iterator[str]:
    template = section.template
    name = expanded(template.template.name)
    title = f"\x1b[{_BOLD}m{name}\x1b[0m" if style.is_coloured else name
    yield f"{title}  {expanded(f'{template.template.id}  {template.region}  {_used(section)}')}"
    rows = [_HEAD, *(_cells(row, template.region) for row in section.rows)]
    yield from (f"  {expanded(line)}" for line in table.lines(rows))
    if not template.template.is_whole:
        yield "  (other versions were not read: nothing refers to them)"
    for row in section.rows if has_changes else ():
        if row.changes:
            yield f"  version {row.version.number} changed:"
            yield from (f"    {expanded(line)}" for line in row.changes)


def _used(section: Section) -> str:
    held = [one.referrer for one in section.referrers if not one.referrer.is_result]
    if section.template.inventory.referrers is None:
        return "not known who uses it"
    return f"used by {', '.join(map(_user, held))}" if held else "used by nobody"


def _user(one: Referrer) -> str:
    desired = "" if one.desired is None else f", desired {one.desired}"
    return f"{one.name} (version {one.version or '$Default'}{desired})"


def _cells(row: Row, region: str) -> tuple[str, ...]:
    live = row.version
    fault = f"({live.fault})" if live.fault else ""
    return (
        str(live.number),
        live.version.created[:10],
        ", ".join(table.marks(live.template, live.version)),
        _shortened(", ".join(table.users(live.users))),
        ", ".join(live.placeholders) or fault,
        ", ".join(_host(one, region) for one in live.hosts),
        _lacking(row.environment),
    )


def _lacking(words: str) -> str:
    """Return the first variable that is lacking, and how many more there are."""
    first, *more = words.split(", ")
    return f"{first} +{len(more)}" if more else first


def _shortened(text: str) -> str:
    text = expanded(text)
    return text if len(text) <= _SHORTENED else text[: _SHORTENED - 1] + "…"


def _host(name: str, region: str) -> str:
    """Return a load balancer's name and its region, with a sign where that is another one."""
    first, *rest = name.split(".")
    own = next((word for word in rest if word.count("-") > 1), "")
    sign = "" if own == region else "  ⚠"
    return f"{_shortened(first)} ({own}){sign}"
