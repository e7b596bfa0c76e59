"""What the image holds as the build in the primary region had it, and what the code says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.formats import dotenv
from megalint.project.apps import App
from megalint.project.deployments import BuildProvision
from megalint.project.evidence import describes_build
from megalint.project.launches.facts import Launch
from megalint.project.linked import Project
from megalint.project.literals import InfrastructureLiteral, RegionLiteral
from megalint.project.nextjs.facts import (
    AppConfig,
    ConfigValue,
    EnvironmentRead,
    Phase,
    Redirect,
    Rewrite,
    Sink,
)
from megalint.rehearsal import Entry, Kind, Origin, Verdict
from megalint.rehearsal.pointing import Judge, Pointing, kind_of, regions_in, shown
from megalint.secrets import masked
from megalint.source import Location
from megalint.text import Text
from megalint.values import sketch

_BUILDS: Final = re.compile(r"^[^#\n]*\b(?:next|run|yarn|pnpm|turbo)\s+build\b", re.MULTILINE)
_ELSEWHERE: Final = re.compile(r"(?:https?:)?//")
_USES: Final = {"client": "AWS client", "arn": "ARN", "endpoint": "endpoint"}
_INLINED: Final = frozenset({"public", "browser"})
"""Sinks that are the read itself, wherever the bundler put its value."""
_ROUTING: Final = frozenset({"rewrite", "redirect"})


def is_frozen(sink: Sink, launch: Launch, output: str | None) -> bool:
    """Whether a process that *launch* starts serves what the build had at a sink."""
    if not sink.phase.is_frozen:
        return False
    reads_again = launch.kind in {"next-start", "npm-script"} or output != "standalone"
    return not (sink.only_standalone and launch.kind != "standalone" and reads_again)


class Frozen(Struct, frozen=True):
    """Finds what is frozen in the image of one app."""

    project: Project
    app: App
    judge: Judge

    def entries(self, launch: Launch) -> Iterator[Entry]:
        """Yield the variables that were frozen, then the addresses that the code says."""
        yield from self._variables(launch)
        yield from self._routes()
        yield from self._literals()

    # --- variables -------------------------------------------------------------------------

    def _variables(self, launch: Launch) -> Iterator[Entry]:
        output = next((o.output for o in self.project.each(AppConfig) if o.app == self.app), None)
        sinks: dict[str, list[Sink]] = {}
        defaults: dict[str, str | None] = {}
        for read in self.project.each(EnvironmentRead):
            if read.app != self.app or describes_build(read.read.name):
                continue
            held = [one.sink for one in read.captures if is_frozen(one.sink, launch, output)]
            if held:
                sinks.setdefault(read.read.name, []).extend(held)
                defaults.setdefault(read.read.name, read.default)
        for name, found in sinks.items():
            entry = self._variable(name, sorted(found, key=_order), defaults[name])
            if entry is not None:
                yield self._at_boot(entry, launch) if _builds(launch) else entry

    def _at_boot(self, entry: Entry, launch: Launch) -> Entry:
        """Return what a build that runs when the machine boots freezes: what it is given there."""
        given = launch.effective.get(entry.name)
        if given is None:
            found = Pointing(Verdict.UNKNOWN, None, "it is built at boot, and not given there")
            return replace(entry, verdict=found.verdict, region=None, why=found.why)
        found = self.judge.of_text(given.value, entry.kind)
        return replace(
            entry,
            value=shown(entry.name, given.value),
            location=given.location,
            verdict=found.verdict,
            region=found.region,
            why=found.why,
        )

    def _variable(self, name: str, sinks: list[Sink], default: str | None) -> Entry | None:
        built = self._built(name)
        text = built[0] if built is not None else ""
        kind = kind_of(name, text or default or "")
        if kind is None and any(self._is_address(name, sink) for sink in sinks):
            kind = Kind.HOST
        if kind is None:
            return None
        found = Pointing(Verdict.DOWN, self.judge.primary)
        if built is not None:
            found = self.judge.of(text, kind)
        return Entry(
            name,
            kind,
            None if built is None else masked(name, text),
            Origin.FROZEN if sinks[0].phase is Phase.BUILD else Origin.REVALIDATED,
            sinks[0].location if built is None else built[1],
            found.verdict,
            found.region,
            found.why,
            tuple(dict.fromkeys(_use(one) for one in sinks if one.kind not in _INLINED)),
        )

    def _is_address(self, name: str, sink: Sink) -> bool:
        """Whether a rule of next.config sends requests to what the variable holds."""
        if sink.kind not in _ROUTING:
            return False
        values = (one.value for one in self.project.each(ConfigValue) if one.sink == sink)
        return any(sketch(one).startswith((f"${{{name}}}", "http", "//")) for one in values)

    def _built(self, name: str) -> tuple[str, Location] | None:
        """Return what the checkout gives the build, and where: the Dockerfile, or env files."""
        for one in self.project.each(BuildProvision):
            if one.app == self.app and one.name == name and one.value and "$" not in one.value:
                return one.value, one.location
        files = ((str(self.app.path / one), one) for one in dotenv.NEXT_FILES)
        held = ((path, self.project.checkout.get(self.app.path / one)) for path, one in files)
        texts = [(path, Text.of(source)) for path, source in held if source is not None]
        found = dotenv.load(texts, {}).get(name)
        if found is None or found.entry is None or found.entry.location is None:
            return None
        return None if not found.value.known else (found.value.known, found.entry.location)

    # --- what the code says ----------------------------------------------------------------

    def _routes(self) -> Iterator[Entry]:
        """Yield the rules of next.config that lead to an address which is written there."""
        for one in self._rules():
            target = sketch(one.destination)
            is_meant = bool(regions_in(target)) or not one.captures
            if one.app == self.app and _ELSEWHERE.match(target) and is_meant:
                word = "rewrite" if isinstance(one, Rewrite) else "redirect"
                name = f"{word} {sketch(one.source)}"
                yield self._written(name, Kind.HOST, target, Origin.FROZEN, one.location)

    def _rules(self) -> Iterator[Rewrite | Redirect]:
        yield from self.project.each(Rewrite)
        yield from self.project.each(Redirect)

    def _literals(self) -> Iterator[Entry]:
        """Yield clients, ARNs and load balancers in the code; none twice, and no defaults."""
        reads = (one for one in self.project.each(EnvironmentRead) if one.app == self.app)
        seen = {one.default_location for one in reads if one.default_location is not None}
        seen |= {one.location for one in self._rules() if one.app == self.app}
        for region in self.project.each(RegionLiteral):
            if region.app == self.app and _is_new(region.location, seen):
                text = region.location.text.strip("'\"`")
                kind = kind_of("", text) or Kind.HOST
                name = _USES[region.use]
                yield self._written(name, kind, text, Origin.CODE, region.location)
        for one in self.project.each(InfrastructureLiteral):
            is_code = one.location.source.path.suffix not in {"", ".local", ".production"}
            is_host = one.kind == "load balancer" and is_code
            if one.app == self.app and is_host and _is_new(one.location, seen):
                yield self._written(one.kind, Kind.HOST, one.text, Origin.CODE, one.location)

    def _written(
        self, name: str, kind: Kind, text: str, origin: Origin, location: Location
    ) -> Entry:
        found = self.judge.of(text, kind)
        shown = masked("", text)
        return Entry(name, kind, shown, origin, location, found.verdict, found.region, found.why)


def _builds(launch: Launch) -> bool:
    """Whether the script that starts the app on a machine builds it there as well."""
    return launch.owner is not None and _BUILDS.search(launch.location.source.text) is not None


def _is_new(place: Location, seen: set[Location]) -> bool:
    """Whether a place lies in none of those seen; it is one of them then."""
    for one in seen:
        inner, outer = place.span, one.span
        if one.source == place.source and outer.start <= inner.start and inner.end <= outer.end:
            return False
    seen.add(place.labelled(""))
    return True


def _order(sink: Sink) -> tuple[int, bool, str]:
    return sink.phase, sink.kind in _INLINED, str(sink.location)


def _use(sink: Sink) -> str:
    return f"{sink.kind} {sink.subject}".strip()
