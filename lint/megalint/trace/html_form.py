"""The trace as one HTML file that asks nobody for anything: to print, mail, put on a wall."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from megalint.output.page import page
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
        f"<section><h2>{escape(title)} <small>{escape(version)}</small></h2>"
        f'<div class="scroll"><table id="m{number}"><thead><tr><th scope="col">Variable</th>'
        f'<th scope="col">Read</th>{head}</tr></thead><tbody>\n{rows}\n</tbody>'
        "</table></div></section>"
    )


def _head(column: Column) -> str:
    launch = column.launch
    facts = [launch.kind, f"as {launch.user}" if launch.user else "", launch.cwd or ""]
    shown = " · ".join(escape(one) for one in facts if one)
    owner = f"<span>{escape(launch.owner)}</span>" if launch.owner else ""
    starts = ""
    if launch.starts is not Certainty.ALWAYS:
        words = f"starts {launch.starts.value}" + (f": {launch.note}" if launch.note else "")
        starts = f'<span class="warn">{escape(words)}</span>'
    if launch.is_open:
        starts += "<span>and what cannot be seen</span>"
    return (
        f'<th scope="col"><b>{escape(column.title)}</b><code>{escape(column.place)}</code>'
        f"<span>{shown}</span>{owner}{starts}</th>"
    )


def _row(matrix: Matrix, row: Row) -> str:
    states = " ".join(sorted({cell.state.words.replace(" ", "-") for cell in row.cells}))
    cells = "".join(
        _cell(cell, column) for cell, column in zip(row.cells, matrix.columns, strict=True)
    )
    places = "<br>".join(f"<code>{escape(one)}</code>" for one in _places(row))
    reads = (
        f"<details><summary>{escape(row.phase)}</summary>{places}</details>"
        if places
        else escape(row.phase)
    )
    return (
        f'<tr data-name="{escape(row.name)}" data-states="{states}">'
        f'<th scope="row"><code>{escape(row.name)}</code></th><td>{reads}</td>{cells}</tr>'
    )


def _places(row: Row) -> Iterator[str]:
    for read in row.reads:
        default = "" if read.default is None else f" (default {read.default!r})"
        yield f"{read.read.location}{default}"


def _cell(cell: Cell, column: Column) -> str:
    kind = cell.state.words.replace(" ", "-")
    text = escape(cell.text)
    if cell.location is None:
        return f'<td class="{kind}">{text}</td>'
    value = (
        f"<kbd>{escape(cell.value)}</kbd>"
        if cell.value is not None
        else f"<i>{escape(cell.why or '')}</i>"
    )
    return (
        f'<td class="{kind}"><details><summary>{text}</summary>{value}'
        f"<span>{escape(cell.how)}</span><code>{escape(str(cell.location))}</code></details></td>"
    )
