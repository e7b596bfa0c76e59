"""A rehearsal for people: a verdict for each process, then its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from megalint.output.plain import expanded, width
from megalint.output.rendering import Style
from megalint.project.live import table
from megalint.rehearsal import Entry, Process, Rehearsal, Verdict
from megalint.rehearsal.wording import SIGNS, Words

_COLOURS: Final = {
    Verdict.DOWN: "1;31",
    Verdict.LACKING: "31",
    Verdict.HIDDEN: "33",
    Verdict.UNKNOWN: "33",
    Verdict.RECOVERY: "32",
}
_LONGEST: Final = 44


def to_text(found: Rehearsal, style: Style) -> str:
    """Return the whole text."""
    return "\n".join(_lines(found, style)) + "\n"


def _lines(found: Rehearsal, style: Style) -> Iterator[str]:
    words = Words(found)
    yield words.heading
    yield ""
    yield from _verdicts(found, words, style)
    for process in found.processes:
        yield ""
        yield from _process(process, words, style)
    if found.asides:
        yield ""
        yield words.fill("not rehearsed:")
        for one in found.asides:
            yield expanded(f"  {one.title}  {one.location}  {words.say(one.why)}")
    yield ""
    yield words.summary


def _verdicts(found: Rehearsal, words: Words, style: Style) -> Iterator[str]:
    head = ["", words.fill("process"), words.fill("started by"), words.fill("verdict")]
    rows = [
        [SIGNS[one.verdict], one.title, _starter(one), words.verdict(one)]
        for one in found.processes
    ]
    yield from _table([head, *rows], [None, *(one.verdict for one in found.processes)], style)


def _starter(process: Process) -> str:
    return process.launch.owner or str(process.launch.location)


def _process(process: Process, words: Words, style: Style) -> Iterator[str]:
    launch = process.launch
    title = expanded(process.title)
    parts = [launch.kind, *([launch.owner] if launch.owner else []), str(launch.location)]
    bold = f"\x1b[1m{title}\x1b[0m" if style.is_coloured else title
    yield f"{bold}  {expanded('  '.join(parts))}"
    if not process.entries:
        return
    head = ["", *(words.fill(one) for one in ("name", "value", "points to"))]
    rows = [_row(one, words) for one in process.entries]
    verdicts = [one.verdict for one in process.entries]
    first, *lines = _table([head, *rows], [None, *verdicts], style)
    yield first
    for line, entry in zip(lines, process.entries, strict=True):
        yield line
        yield expanded(f"       {words.origin(entry)}, {entry.location}")


def _row(entry: Entry, words: Words) -> list[str]:
    value = _shortened(words.value(entry))
    return [SIGNS[entry.verdict], entry.name, value, words.target(entry)]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _table(
    rows: Sequence[Sequence[str]], verdicts: Sequence[Verdict | None], style: Style
) -> Iterator[str]:
    """Yield aligned lines; a sign of its colour begins each."""
    shown = [[expanded(cell) or " " for cell in row] for row in rows]
    for line, verdict in zip(table.lines(shown, width), verdicts, strict=True):
        colour = None if verdict is None else _COLOURS.get(verdict)
        if colour is None or not style.is_coloured:
            yield f"  {line}"
        else:
            yield f"  \x1b[{colour}m{line[0]}\x1b[0m{line[1:]}"
