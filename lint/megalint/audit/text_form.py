"""An audit for people: a table for each template, then the findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.audit import LACKS, Audit, Row, Section
from megalint.formats.aws_answers import Referrer
from megalint.output.plain import expanded, width
from megalint.output.rendering import Style, render
from megalint.project.live import table
from megalint.translation.catalogue import Catalogue, catalogue_of

_HEAD: Final = (*table.HEAD[:2], "marks", "used by", "placeholder", "hosts", "environment")
_SHORTENED: Final = 30
_BOLD: Final = "1"


def to_text(audit: Audit, style: Style, *, has_changes: bool = False) -> str:
    """Return the whole text; with *has_changes* the lines that each version changed."""
    words = catalogue_of(audit.report.language)
    parts = ["\n".join(_section(one, style, words, has_changes)) for one in audit.sections]
    tables = "".join(f"{part}\n\n" for part in parts)
    return tables + render("text", audit.report, style)


def _section(section: Section, style: Style, words: Catalogue, has_changes: bool) -> Iterator[str]:
    template = section.template
    name = expanded(template.template.name)
    title = f"\x1b[{_BOLD}m{name}\x1b[0m" if style.is_coloured else name
    yield title + expanded(f"  {template.template.id}  {template.region}  {_used(section, words)}")
    cells = (_cells(row, template.region, words) for row in section.rows)
    rows = [tuple(map(words.fill, _HEAD)), *(tuple(map(expanded, one)) for one in cells)]
    yield from (f"  {line}" for line in table.lines(rows, width))
    if not template.template.is_whole:
        unread = words.fill("(other versions were not read: nothing refers to them)")
        yield f"  {unread}"
    for row in section.rows if has_changes else ():
        if row.changes:
            yield f"  {words.fill('version {0} changed:', row.version.number)}"
            yield from (f"    {expanded(line)}" for line in row.changes)


def _used(section: Section, words: Catalogue) -> str:
    held = [one.referrer for one in section.referrers if not one.referrer.is_result]
    if section.template.inventory.referrers is None:
        return words.fill("not known who uses it")
    if not held:
        return words.fill("used by nobody")
    return words.fill("used by {0}", ", ".join(_user(one, words) for one in held))


def _user(one: Referrer, words: Catalogue) -> str:
    name, version = expanded(one.name), one.version or "$Default"
    if one.desired is None:
        return words.fill("{0} (version {1})", name, version)
    return words.fill("{0} (version {1}, desired {2})", name, version, one.desired)


def _cells(row: Row, region: str, words: Catalogue) -> tuple[str, ...]:
    live = row.version
    fault = f"({words.say(live.fault)})" if live.fault else ""
    return (
        str(live.number),
        live.version.created[:10],
        ", ".join(table.marks(live.template, live.version)),
        _shortened(", ".join(_named(one, words) for one in table.users(live.users))),
        ", ".join(live.placeholders) or fault,
        ", ".join(_host(one, region) for one in live.hosts),
        _environment(row.environment, words),
    )


def _named(user: str, words: Catalogue) -> str:
    """Return a name as it is, and so many instances in words."""
    return words.say(user) if " " in user else user


def _environment(environment: str, words: Catalogue) -> str:
    """Return the words; of variables that are lacking the first, and how many more there are."""
    if not environment.startswith(LACKS):
        return words.fill(environment)
    first, *more = environment.removeprefix(LACKS).split(", ")
    return words.fill("lacks {0}", f"{first} +{len(more)}" if more else first)


def _shortened(text: str) -> str:
    text = expanded(text)
    return text if len(text) <= _SHORTENED else text[: _SHORTENED - 1] + "…"


def _host(name: str, region: str) -> str:
    """Return a load balancer's name and its region, with a sign where that is another one."""
    first, *rest = name.split(".")
    own = next((word for word in rest if word.count("-") > 1), "")
    sign = "" if own == region else "  ⚠"
    return f"{_shortened(first)} ({own}){sign}"
