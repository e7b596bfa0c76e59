"""The trace as one HTML file that asks nobody for anything: to print, mail, put on a wall."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.output.page import escaped, page
from megalint.project.launches.facts import Certainty
from megalint.trace import Trace
from megalint.trace.matrix import Cell, Column, Matrix, Row, matrices


def to_html(trace: Trace) -> str:
    """Return the whole page."""
    shown = list(matrices(trace))
    body = "\n".join(_section(matrix, number) for number, matrix in enumerate(shown))
    lacking = sum(len(launch.lacks) for launch in trace.launches)
    launches = len(trace.launches)
    summary = (
        f"{len(trace.apps)} apps, {launches} launches, {lacking} variables lacking"
        if launches
        else "no launch was found"
    )
    return page("megalint.trace", "megalint trace", "What each process receives", summary, body)


def _section(matrix: Matrix, number: int) -> str:
    title = "Launches of no app" if matrix.app is None else str(matrix.app.path)
    version = ""
    if matrix.app is not None:
        version = f"Next.js {matrix.app.version or 'of unknown version'}"
    head = "".join(_head(column) for column in matrix.columns)
    rows = "\n".join(_row(matrix, row) for row in matrix.rows)
    return (
        f"<section><h2>{escaped(title)} <small>{escaped(version)}</small></h2>"
        f'<div class="scroll"><table id="m{number}"><thead><tr><th scope="col">Variable</th>'
        f'<th scope="col">Read</th>{head}</tr></thead><tbody>\n{rows}\n</tbody>'
        "</table></div></section>"
    )


def _head(column: Column) -> str:
    launch = column.launch
    facts = [launch.kind, f"as {launch.user}" if launch.user else "", launch.cwd or ""]
    shown = " · ".join(escaped(one) for one in facts if one)
    owner = f"<span>{escaped(launch.owner)}</span>" if launch.owner else ""
    starts = ""
    if launch.starts is not Certainty.ALWAYS:
        words = f"starts {launch.starts.value}" + (f": {launch.note}" if launch.note else "")
        starts = f'<span class="warn">{escaped(words)}</span>'
    if launch.is_open:
        starts += "<span>and what cannot be seen</span>"
    return (
        f'<th scope="col"><b>{escaped(column.title)}</b><code>{escaped(column.place)}</code>'
        f"<span>{shown}</span>{owner}{starts}</th>"
    )


def _row(matrix: Matrix, row: Row) -> str:
    states = " ".join(sorted({cell.state.words.replace(" ", "-") for cell in row.cells}))
    cells = "".join(
        _cell(cell, column) for cell, column in zip(row.cells, matrix.columns, strict=True)
    )
    places = "<br>".join(f"<code>{escaped(one)}</code>" for one in _places(row))
    reads = (
        f"<details><summary>{escaped(row.phase)}</summary>{places}</details>"
        if places
        else escaped(row.phase)
    )
    return (
        f'<tr data-name="{escaped(row.name)}" data-states="{states}">'
        f'<th scope="row"><code>{escaped(row.name)}</code></th><td>{reads}</td>{cells}</tr>'
    )


def _places(row: Row) -> Iterator[str]:
    for read in row.reads:
        default = "" if read.default is None else f" (default {read.default!r})"
        yield f"{read.read.location}{default}"


def _cell(cell: Cell, column: Column) -> str:
    kind = cell.state.words.replace(" ", "-")
    text = escaped(cell.text)
    if cell.location is None:
        return f'<td class="{kind}">{text}</td>'
    value = (
        f"<kbd>{escaped(cell.value)}</kbd>"
        if cell.value is not None
        else f"<i>{escaped(cell.why or '')}</i>"
    )
    return (
        f'<td class="{kind}"><details><summary>{text}</summary>{value}'
        f"<span>{escaped(cell.how)}</span><code>{escaped(str(cell.location))}</code></details></td>"
    )
