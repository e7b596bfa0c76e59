"""From what was seen while something ran to where the values of its reads take effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from megalint.finding import Confidence
from megalint.languages.javascript.evaluate import FunctionValue, JsValue
from megalint.project.nextjs.facts import Captured, Phase, Sink
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source, Span
from megalint.values import Flow, Scope


class Verdict(Struct, frozen=True):
    """How something is answered: prerendered, revalidated or per-request, and why."""

    rendering: str
    why: str = ""

    @property
    def phase(self) -> Phase:
        """When what it puts out is computed."""
        return {
            "prerendered": Phase.BUILD,
            "revalidated": Phase.REVALIDATE,
        }.get(self.rendering, Phase.REQUEST)


PER_REQUEST = "per-request"
PRERENDERED = "prerendered"
REVALIDATED = "revalidated"


class Place(Struct, frozen=True):
    """What values take effect in: kind and subject of a sink, and the code it stands for."""

    kind: str
    subject: str
    head: Location


def head_of(source: Source, value: JsValue) -> Location:
    """Return the first line of a function, or of the file."""
    start = 0
    if isinstance(value, FunctionValue) and value.source == source:
        start = value.syntax.span.start
    line, _ = source.line_column(start)
    return Location(source, Span(start, max(source.line_span(line).end, start)))


def phase_of(flow: Flow, frozen: Phase | None) -> Phase:
    """Return when the read of *flow* runs: in frozen output, at start, or per request."""
    if frozen is not None:
        return frozen
    return Phase.START if flow.scope is Scope.MODULE else Phase.REQUEST


def captures(
    flows: Iterable[Flow], place: Place, frozen: Phase | None, *, is_certain: bool = True
) -> Iterator[Captured]:
    """Yield what takes effect at *place*; *frozen* is the phase of the whole, None when live."""
    confidence = Confidence.HIGH if is_certain else Confidence.MEDIUM
    for flow in flows:
        last = flow.steps[-1] if len(flow.steps) > 1 else place.head
        sink = Sink(place.kind, last, phase_of(flow, frozen), place.subject, confidence)
        yield Captured(flow.read, flow, sink)


def live_reads(session: Session, place: Place) -> Iterator[Captured]:
    """Yield the reads that ran while something was answered per request."""
    reads = [flow for flow in session.reads if flow.scope is Scope.CALL]
    yield from captures(reads, place, None)
