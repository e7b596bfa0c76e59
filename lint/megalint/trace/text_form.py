"""The trace as text: per app its reads, then the matrix of variables and launches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.project.nextjs.facts import AppConfig, EnvironmentRead, Phase
from megalint.trace import Trace
from megalint.trace.json_form import by_phase

_SHOWN_SINKS: Final = 6
_WORDS: Final = {
    Phase.BUILD: "frozen at build",
    Phase.REVALIDATE: "frozen until revalidated",
    Phase.START: "read at server start",
    Phase.REQUEST: "read per request",
    Phase.BROWSER: "read in the browser",
    Phase.NEVER: "never takes effect",
}


def to_text(trace: Trace, *, is_coloured: bool = False) -> str:
    """Return what people read: per app and variable, each read and where it ends."""
    return (
        "\n".join(line for config in trace.apps for line in _app_lines(config, trace, is_coloured))
        + "\n"
    )


def _app_lines(config: AppConfig, trace: Trace, is_coloured: bool) -> Iterator[str]:
    app = config.app
    facts = [f"next {app.version or 'of unknown version'}", app.bundler.value]
    yield _bold(
        f"{app.path} ({', '.join(facts + ([config.output] if config.output else []))})", is_coloured
    )
    reads: dict[str, list[EnvironmentRead]] = {}
    for read in trace.reads:
        if read.app == app:
            reads.setdefault(read.read.name, []).append(read)
    width = max((len(name) for name in reads), default=0)
    for name in sorted(reads):
        for place, read in enumerate(reads[name]):
            yield from _read_lines(name if not place else "", width, read)
    if not reads:
        yield "  no reads of the environment"
    yield ""


def _read_lines(name: str, width: int, read: EnvironmentRead) -> Iterator[str]:
    words = "inlined at build" if read.is_inlined else _words(read)
    default = "" if read.default is None else f", default {read.default!r}"
    yield f"  {name:{width}}  {words:24}  {read.read.location}{default}"
    shown = [one for one in by_phase(read) if one.sink.location != read.read.location]
    for capture in shown[:_SHOWN_SINKS]:
        sink = capture.sink
        subject = f" {sink.subject}" if sink.subject else ""
        yield f"  {'':{width}}  {'':24}  -> {sink.kind}{subject} ({sink.location})"
    if len(shown) > _SHOWN_SINKS:
        yield f"  {'':{width}}  {'':24}  -> and {len(shown) - _SHOWN_SINKS} more"


def _words(read: EnvironmentRead) -> str:
    only = bool(read.captures) and all(
        capture.sink.only_standalone
        for capture in read.captures
        if capture.sink.phase is read.phase
    )
    return "frozen in standalone" if only and read.phase is Phase.BUILD else _WORDS[read.phase]


def _bold(text: str, is_coloured: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if is_coloured else text
