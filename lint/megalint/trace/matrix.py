"""The matrix of a trace: per app, what each launch gives of each variable."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from megalint.languages.shell.state import likely
from megalint.project.apps import App
from megalint.project.launches.facts import Certainty, Channel, Injection, Launch
from megalint.project.nextjs.facts import EnvironmentRead, Phase
from megalint.secrets import masked
from megalint.source import Location
from megalint.trace import Trace
from megalint.translation.catalogue import Catalogue, catalogue_of


class State(Enum):
    """What a launch does about a variable: the sign in the matrix, and its words."""

    GIVEN = "✓"
    SOMETIMES = "~"
    LACKING = "✗"
    EMPTY = "∅"
    NO_EFFECT = "-"
    ABSENT = "."

    @property
    def words(self) -> str:
        """The sign in words."""
        return self.name.lower().replace("_", " ")


class Cell(Struct, frozen=True):
    """A variable in a launch: its state, and the value or why it is not known.

    :attr:`label` is the state in words of the language of the trace.
    """

    state: State
    label: str
    channels: tuple[str, ...] = ()
    value: str | None = None
    why: str | None = None
    location: Location | None = None
    how: str = ""

    @property
    def text(self) -> str:
        """What stands in the matrix."""
        if self.state in {State.GIVEN, State.SOMETIMES}:
            return f"{self.state.value} {', '.join(self.channels)}"
        return (
            self.state.value if self.state is State.ABSENT else f"{self.state.value} {self.label}"
        )


class Row(Struct, frozen=True):
    """A variable: what reads it and when, and its cell in each launch."""

    name: str
    phase: str
    reads: tuple[EnvironmentRead, ...]
    cells: tuple[Cell, ...]


class Column(Struct, frozen=True):
    """A launch and how it is called in the head of the matrix."""

    launch: Launch
    title: str

    @property
    def place(self) -> str:
        """Where it starts."""
        return str(self.launch.location)


class Matrix(Struct, frozen=True):
    """The rows and columns of one app; :attr:`app` None: of launches that no app claims."""

    app: App | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


PHASES = {
    Phase.BUILD: "frozen at build",
    Phase.REVALIDATE: "frozen until revalidated",
    Phase.START: "read at server start",
    Phase.REQUEST: "read per request",
    Phase.BROWSER: "read in the browser",
    Phase.NEVER: "never takes effect",
}


def matrices(trace: Trace) -> Iterator[Matrix]:
    """Yield a matrix for each app that is launched, then one for the other launches."""
    for config in trace.apps:
        launches = [one for one in trace.launches if one.app == config.app]
        if launches:
            yield _matrix(trace, config.app, launches)
    others = [one for one in trace.launches if one.app is None]
    if others:
        yield _matrix(trace, None, others)


def _matrix(trace: Trace, app: App | None, launches: list[Launch]) -> Matrix:
    reads: dict[str, list[EnvironmentRead]] = {}
    for read in trace.reads:
        if app is not None and read.app == app:
            reads.setdefault(read.read.name, []).append(read)
    needed = {one.name for one in trace.needs if one.app == app and one.is_needed}
    names = dict.fromkeys([*sorted(needed), *sorted(reads)])
    words = catalogue_of(trace.language)
    for launch in launches:
        names |= dict.fromkeys(launch.lacks)
        names |= dict.fromkeys(launch.effective)
    rows = [
        Row(
            name,
            words.fill(phase_of(reads.get(name, []))),
            tuple(reads.get(name, ())),
            tuple(_cell(name, one, reads.get(name, []), words) for one in launches),
        )
        for name in names
        if trace.shows(name)
    ]
    columns = tuple(Column(one, one.process or one.kind) for one in launches)
    return Matrix(app, columns, tuple(rows))


def phase_of(reads: list[EnvironmentRead]) -> str:
    """Return the words for when a variable is read, the latest of its reads."""
    if not reads:
        return "not read"
    if all(one.is_inlined for one in reads):
        return "inlined at build"
    live = [one for one in reads if not one.is_inlined]
    phases = [one.sink.phase for read in live for one in read.captures]
    at_run_time = [one for one in phases if Phase.REVALIDATE <= one <= Phase.REQUEST]
    return PHASES[max(at_run_time, default=min(phases, default=Phase.NEVER))]


def _cell(name: str, launch: Launch, reads: list[EnvironmentRead], words: Catalogue) -> Cell:
    given = launch.effective.get(name)
    if given is None:
        state = State.LACKING if name in launch.lacks else State.ABSENT
        return Cell(state, words.fill(state.words))
    value = likely(given.value)
    shown = None if value is None else masked(name, value)
    state = _state(name, given, launch, reads)
    why = given.value.why
    return Cell(
        state,
        words.fill(state.words),
        tuple(map(words.fill, _channels(name, launch, given))),
        shown,
        None if why is None else words.say(why),
        given.location,
        words.say(given.how),
    )


def _state(name: str, given: Injection, launch: Launch, reads: list[EnvironmentRead]) -> State:
    if launch.starts is Certainty.NEVER:
        return State.LACKING
    if given.value.known == "":
        return State.EMPTY
    if reads and all(one.is_inlined for one in reads):
        return State.NO_EFFECT
    if name in launch.lacks:
        return State.LACKING
    is_certain = given.certainty is Certainty.ALWAYS and launch.starts is Certainty.ALWAYS
    return State.GIVEN if is_certain else State.SOMETIMES


def _channels(name: str, launch: Launch, given: Injection) -> Iterator[str]:
    if name in launch.environment:
        channel = launch.environment[name].channel
        yield "image" if channel is Channel.IMAGE else "process"
    for file in launch.env_files:
        if name in file.entries:
            is_image = file.entries[name].channel is Channel.IMAGE
            yield "image file" if is_image else "file"
            break
    else:
        if name not in launch.environment:
            yield given.channel.value
