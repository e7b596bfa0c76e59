"""A rehearsal as one HTML file that asks nobody for anything: to go through before the exercise."""

from __future__ import annotations

from megalint.output.page import escaped, page, prose
from megalint.rehearsal import Entry, Process, Rehearsal
from megalint.rehearsal.wording import SIGNS, Words


def to_html(found: Rehearsal) -> str:
    """Return the whole page."""
    words = Words(found)
    body = [f'<p class="premise">{escaped(words.heading)}</p>', _verdicts(found, words)]
    body += [_process(one, number, words) for number, one in enumerate(found.processes)]
    if found.problems:
        items = "".join(f"<li>{escaped(str(one))}</li>" for one in found.problems)
        body.append(f"<section><h2>Not checked</h2><ul>{items}</ul></section>")
    if found.asides:
        items = "".join(
            f"<li>{escaped(one.title)} <code>{escaped(str(one.location))}</code> "
            f"{prose(words.say(one.why))}</li>"
            for one in found.asides
        )
        head = escaped(words.fill("not rehearsed:").rstrip(":"))
        body.append(f"<section><h2>{head}</h2><ul>{items}</ul></section>")
    title = f"Failover to {found.recovery}"
    return page("megalint.rehearsal", "megalint rehearse", title, words.summary, "\n".join(body))


def _verdicts(found: Rehearsal, words: Words) -> str:
    rows = "".join(
        f'<tr class="{one.verdict.code}"><td>{SIGNS[one.verdict]}</td>'
        f'<th scope="row"><a href="#p{number}">{escaped(one.title)}</a></th>'
        f"<td><code>{escaped(one.launch.owner or str(one.launch.location))}</code></td>"
        f"<td>{escaped(words.verdict(one))}</td></tr>"
        for number, one in enumerate(found.processes)
    )
    head = "".join(
        f'<th scope="col">{escaped(one)}</th>'
        for one in ("", words.fill("process"), words.fill("started by"), words.fill("verdict"))
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _process(process: Process, number: int, words: Words) -> str:
    launch = process.launch
    columns = ("name", "value", "from", "place", "points to")
    head = "".join(
        f'<th scope="col">{escaped(one)}</th>' for one in ("", *map(words.fill, columns))
    )
    rows = "".join(_row(one, words) for one in process.entries)
    facts = " · ".join(one for one in (launch.kind, launch.owner, str(launch.location)) if one)
    return (
        f'<section id="p{number}"><h2>{escaped(process.title)} <small>{escaped(facts)}</small></h2>'
        f'<p class="{process.verdict.code}">{escaped(words.verdict(process))}</p>'
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div></section>"
    )


def _breakable(path: str) -> str:
    """Return a path as HTML that may be broken after each slash."""
    return escaped(path).replace("/", "/<wbr>")


def _row(entry: Entry, words: Words) -> str:
    return (
        f'<tr class="value {entry.verdict.code}"><td>{SIGNS[entry.verdict]}</td>'
        f'<th scope="row"><code>{escaped(entry.name)}</code><span>{entry.kind.value}</span></th>'
        f"<td><kbd>{escaped(words.value(entry))}</kbd></td><td>{escaped(words.origin(entry))}</td>"
        f'<td class="place"><code>{_breakable(str(entry.location))}</code></td>'
        f"<td>{prose(words.target(entry))}</td></tr>"
    )
