"""A rehearsal as Markdown: for a pull request, or the summary of a workflow.

What comes from the checkout stands in HTML, escaped and without an empty line, so that no reader
takes any of it for Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator

from megalint.output.markdown import prose
from megalint.output.page import escaped
from megalint.rehearsal import Entry, Process, Rehearsal
from megalint.rehearsal.wording import SIGNS, Words


def to_markdown(found: Rehearsal) -> str:
    """Return the verdicts as a table, then each process folded up."""
    return "\n".join(_lines(found, Words(found))) + "\n"


def _lines(found: Rehearsal, words: Words) -> Iterator[str]:
    yield f"### megalint rehearse\n\n<p>{prose(words.heading)}</p>\n\n<p>{prose(words.summary)}</p>"
    yield ""
    head = ("", words.fill("process"), words.fill("started by"), words.fill("verdict"))
    yield _table(head, (_verdict(one, words) for one in found.processes))
    for process in found.processes:
        yield ""
        yield from _process(process, words)
    if found.problems:
        items = "\n".join(f"<li>{prose(str(one))}</li>" for one in found.problems)
        yield f"\n<p>{prose(words.fill('not checked'))}</p>\n<ul>\n{items}\n</ul>"
    if found.asides:
        yield f"\n<p>{prose(words.fill('not rehearsed:'))}</p>\n<ul>"
        for one in found.asides:
            place = f"<code>{escaped(str(one.location))}</code>"
            yield f"<li>{prose(one.title)} {place} {prose(words.say(one.why))}</li>"
        yield "</ul>"


def _verdict(process: Process, words: Words) -> tuple[str, ...]:
    starter = process.launch.owner or str(process.launch.location)
    return (
        SIGNS[process.verdict],
        f"<code>{escaped(process.title)}</code>",
        f"<code>{escaped(starter)}</code>",
        prose(words.verdict(process)),
    )


def _process(process: Process, words: Words) -> Iterator[str]:
    place = f"<code>{escaped(str(process.launch.location))}</code>"
    title = f"{SIGNS[process.verdict]} <b>{prose(process.title)}</b> {place}"
    yield f"<details><summary>{title}</summary>"
    head = ("", *map(words.fill, ("name", "value", "from", "points to")))
    yield _table(head, (_value(one, words) for one in process.entries))
    yield "</details>"


def _value(entry: Entry, words: Words) -> tuple[str, ...]:
    place = f"<code>{escaped(str(entry.location))}</code>"
    return (
        SIGNS[entry.verdict],
        f"<code>{escaped(entry.name)}</code>",
        f"<code>{escaped(words.value(entry))}</code>",
        f"{prose(words.origin(entry))}, {place}",
        prose(words.target(entry)),
    )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [f"<tr>{''.join(f'<th>{escaped(one)}</th>' for one in head)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in rows]
    return "\n".join(("<table>", *lines, "</table>"))
