"""The trace as text: per app its reads, then the matrix of variables and launches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from megalint.output.plain import expanded, width
from megalint.project.launches.facts import Certainty
from megalint.project.nextjs.facts import AppConfig, EnvironmentRead, Phase
from megalint.trace import Trace
from megalint.trace.json_form import by_phase
from megalint.trace.matrix import PHASES, Column, Matrix, Row, State, matrices
from megalint.translation.catalogue import Catalogue, catalogue_of

_SHOWN_SINKS: Final = 6
_COLUMNS: Final = 100
_PHASE: Final = 24
_GAP: Final = 2
_COLOURS: Final = {
    State.GIVEN: "32",
    State.SOMETIMES: "33",
    State.LACKING: "31",
    State.EMPTY: "31",
    State.NO_EFFECT: "33",
}
LEGEND: Final = (
    "✓ given  ~ given on some runs  ✗ lacking  ∅ given empty  - no effect: the build has its own"
    "  . not given, not needed"
)


def to_text(trace: Trace, *, is_coloured: bool = False, columns: int = _COLUMNS) -> str:
    """Return what people read: per app its matrix, then each read and where it ends."""
    return "\n".join(_lines(trace, is_coloured, columns)) + "\n"


def _lines(trace: Trace, is_coloured: bool, columns: int) -> Iterator[str]:
    shown = list(matrices(trace))
    words = catalogue_of(trace.language)
    for matrix in shown:
        yield _bold(_title(matrix, trace), is_coloured)
        yield from _matrix(matrix, is_coloured, columns)
        yield ""
    if shown:
        yield words.fill(LEGEND)
        yield ""
        yield from _launches(shown, words, is_coloured)
    for config in trace.apps:
        yield from _app_lines(config, trace, is_coloured)


def _title(matrix: Matrix, trace: Trace) -> str:
    words = catalogue_of(trace.language)
    if matrix.app is None:
        return words.fill("launches of no app of this checkout")
    config = next(one for one in trace.apps if one.app == matrix.app)
    return _app_title(config, words)


def _app_title(config: AppConfig, words: Catalogue) -> str:
    app = config.app
    version = f"next {app.version}" if app.version else words.fill("next of unknown version")
    facts = [version, app.bundler.value]
    return f"{app.path} ({', '.join(facts + ([config.output] if config.output else []))})"


# --- the matrix -----------------------------------------------------------------------------


def _matrix(matrix: Matrix, is_coloured: bool, columns: int) -> Iterator[str]:
    """Yield the lines of a matrix; launches that do not fit beside the others follow below."""
    names = max((width(expanded(row.name)) for row in matrix.rows), default=0)
    phases = max((width(row.phase) for row in matrix.rows), default=0)
    room = columns - names - phases - 2 - 2 * _GAP
    for block in _blocks(matrix, room):
        head = [f"  {'':{names}}  {'':{phases}}"]
        places = list(head)
        for index in block:
            column = matrix.columns[index]
            wide = _width(matrix, index)
            head.append(_padded(expanded(column.title), wide))
            places.append(_padded(_place(column), wide))
        yield "  ".join(head).rstrip()
        yield "  ".join(places).rstrip()
        for row in matrix.rows:
            yield _row(matrix, row, block, names, phases, is_coloured)


def _place(column: Column) -> str:
    location = column.launch.location
    return expanded(f"{location.source.path.name}:{location.line}")


def _width(matrix: Matrix, index: int) -> int:
    column = matrix.columns[index]
    texts = [
        expanded(column.title),
        _place(column),
        *(row.cells[index].text for row in matrix.rows),
    ]
    return max(width(one) for one in texts)


def _blocks(matrix: Matrix, room: int) -> Iterator[list[int]]:
    block: list[int] = []
    used = 0
    for index in range(len(matrix.columns)):
        wide = _width(matrix, index) + _GAP
        if block and used + wide > room:
            yield block
            block, used = [], 0
        block.append(index)
        used += wide
    yield block


def _row(
    matrix: Matrix,
    row: Row,
    block: Sequence[int],
    names: int,
    phases: int,
    is_coloured: bool,
) -> str:
    parts = [f"  {_padded(expanded(row.name), names)}  {_padded(row.phase, phases)}"]
    for index in block:
        cell = row.cells[index]
        text = _padded(cell.text, _width(matrix, index))
        colour = _COLOURS.get(cell.state)
        parts.append(f"\x1b[{colour}m{text}\x1b[0m" if is_coloured and colour else text)
    return "  ".join(parts).rstrip()


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))


# --- the launches ---------------------------------------------------------------------------


def _launches(shown: Sequence[Matrix], words: Catalogue, is_coloured: bool) -> Iterator[str]:
    for matrix in shown:
        for index, column in enumerate(matrix.columns):
            launch = column.launch
            yield _bold(f"{column.title}  {column.place}", is_coloured)
            yield expanded(f"  {_facts(column, words)}")
            if launch.note is not None or launch.starts is not Certainty.ALWAYS:
                note = f": {words.say(launch.note)}" if launch.note else ""
                yield expanded(f"  {words.fill(f'starts {launch.starts.value}')}{note}")
            if launch.is_open:
                unseen = "and what cannot be seen: a file of the image, or who starts it"
                yield f"  {words.fill(unseen)}"
            for row in matrix.rows:
                cell = row.cells[index]
                if cell.location is not None:
                    value = repr(cell.value) if cell.value is not None else f"({cell.why})"
                    yield expanded(f"  {row.name} = {value}  {cell.how}, {cell.location}")
            yield ""


def _facts(column: Column, words: Catalogue) -> str:
    launch = column.launch
    parts = [launch.kind]
    if launch.user is not None:
        parts.append(words.fill("as {0}", launch.user))
    if launch.cwd is not None:
        parts.append(words.fill("in {0}", launch.cwd))
    if launch.owner is not None:
        parts.append(words.fill("user data of {0}", launch.owner))
    return ", ".join(parts)


# --- the reads ------------------------------------------------------------------------------


def _app_lines(config: AppConfig, trace: Trace, is_coloured: bool) -> Iterator[str]:
    app, words = config.app, catalogue_of(trace.language)
    yield _bold(words.fill("{0}: reads", _app_title(config, words)), is_coloured)
    reads: dict[str, list[EnvironmentRead]] = {}
    for read in trace.reads:
        if read.app == app:
            reads.setdefault(read.read.name, []).append(read)
    wide = max((len(name) for name in reads), default=0)
    for name in sorted(reads):
        for place, read in enumerate(reads[name]):
            yield from _read_lines(name if not place else "", wide, read, words)
    if not reads:
        yield f"  {words.fill('no reads of the environment')}"
    yield ""


def _read_lines(name: str, wide: int, read: EnvironmentRead, words: Catalogue) -> Iterator[str]:
    when = words.fill("inlined at build" if read.is_inlined else _phase(read))
    default = "" if read.default is None else words.fill(", default {0}", repr(read.default))
    yield expanded(f"  {name:{wide}}  {_padded(when, _PHASE)}  {read.read.location}{default}")
    indent = f"  {'':{wide}}  {'':{_PHASE}}  "
    shown = [one for one in by_phase(read) if one.sink.location != read.read.location]
    for capture in shown[:_SHOWN_SINKS]:
        sink = capture.sink
        subject = f" {sink.subject}" if sink.subject else ""
        yield expanded(f"{indent}-> {sink.kind}{subject} ({sink.location})")
    if len(shown) > _SHOWN_SINKS:
        yield f"{indent}-> {words.fill('and {0} more', len(shown) - _SHOWN_SINKS)}"


def _phase(read: EnvironmentRead) -> str:
    only = bool(read.captures) and all(
        capture.sink.only_standalone
        for capture in read.captures
        if capture.sink.phase is read.phase
    )
    return "frozen in standalone" if only and read.phase is Phase.BUILD else PHASES[read.phase]


def _bold(text: str, is_coloured: bool) -> str:
    text = expanded(text)
    return f"\x1b[1m{text}\x1b[0m" if is_coloured else text
