"""What a process is given when it starts: by user data, env files, the image, or the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.languages.shell.state import likely
from megalint.project.launches.facts import REGION_VARIABLES, Channel, Injection, Launch
from megalint.project.linked import Project
from megalint.project.nextjs.facts import AppConfig, EnvironmentRead, Phase
from megalint.rehearsal import Entry, Kind, Origin, Verdict
from megalint.rehearsal.frozen import is_frozen
from megalint.rehearsal.pointing import REGION, Judge, Pointing, kind_of, shown
from megalint.secrets import masked
from megalint.source import Location
from megalint.text import OPAQUE

_LIVE: Final = (Phase.BUILD, Phase.REVALIDATE, Phase.START, Phase.REQUEST)
_CHANNELS: Final = {Channel.ENV_FILE: Origin.ENV_FILE, Channel.IMAGE: Origin.IMAGE}


class _Wanted(Struct, frozen=True):
    """A variable that the code reads when it runs: its default, and what depends on it."""

    default: str | None
    uses: tuple[str, ...]
    location: Location


class Given(Struct, frozen=True):
    """Finds what one launch gives its process. :attr:`clients` are the regions in the code."""

    project: Project
    judge: Judge
    launch: Launch
    clients: frozenset[str] = frozenset()

    def entries(self) -> Iterator[Entry]:
        """Yield what is given, what is lacking, and what another value hides."""
        wanted = dict(self._wanted())
        inlined = self._inlined() - wanted.keys()
        for name, one in self.launch.effective.items():
            if name not in inlined:
                yield from self._given(one, wanted.get(name))
        for name in dict.fromkeys((*self.launch.lacks, *wanted)):
            if name not in self.launch.effective:
                yield from self._absent(name, wanted.get(name))
        yield from self._hidden(inlined)

    @property
    def region(self) -> str | None:
        """The region in which clients of the process ask, where it is known."""
        for name in REGION_VARIABLES:
            one = self.launch.effective.get(name)
            if one is not None:
                known = one.value.known
                own = {known} if known and REGION.fullmatch(known) else set()
                found = self.clients | own
                return next(iter(found)) if len(found) == 1 else None
        return next(iter(self.clients)) if len(self.clients) == 1 else None

    # --- what the code reads ---------------------------------------------------------------

    def _reads(self) -> Iterator[EnvironmentRead]:
        for read in self.project.each(EnvironmentRead):
            if read.app == self.launch.app:
                yield read

    def _inlined(self) -> set[str]:
        return {one.read.name for one in self._reads() if one.is_inlined}

    def _wanted(self) -> Iterator[tuple[str, _Wanted]]:
        configs = self.project.each(AppConfig)
        output = next((one.output for one in configs if one.app == self.launch.app), None)
        seen: dict[str, _Wanted] = {}
        for read in self._reads():
            sinks = [
                one.sink
                for one in read.captures
                if one.sink.phase in _LIVE and not is_frozen(one.sink, self.launch, output)
            ]
            if not sinks or read.is_inlined:
                continue
            uses = tuple(f"{one.kind} {one.subject}".strip() for one in sinks)
            known = seen.get(read.read.name)
            if known is None:
                known = _Wanted(read.default, (), read.read.location)
            default = known.default if known.default is not None else read.default
            uses = tuple(dict.fromkeys((*known.uses, *uses)))
            seen[read.read.name] = replace(known, default=default, uses=uses)
        yield from seen.items()

    # --- what is given ---------------------------------------------------------------------

    def _given(self, one: Injection, wanted: _Wanted | None) -> Iterator[Entry]:
        uses = () if wanted is None else wanted.uses
        if one.value.known == "":
            if kind_of(one.name, "") is not None or one.name in self.launch.lacks:
                yield self._lacking(one.name, one.location, "given empty", uses)
            return
        kind = kind_of(one.name, likely(one.value) or one.value.flat.replace(OPAQUE, "*"))
        if kind is None and one.name not in self.launch.lacks:
            return
        found = self.judge.of_text(one.value, kind or Kind.VALUE, self.region)
        yield self._entry(one, kind or Kind.VALUE, found, uses)

    def _entry(
        self, one: Injection, kind: Kind, found: Pointing, uses: tuple[str, ...] = ()
    ) -> Entry:
        return Entry(
            one.name,
            kind,
            shown(one.name, one.value),
            self._origin(one),
            one.location,
            found.verdict,
            found.region,
            found.why,
            uses,
        )

    def _origin(self, one: Injection) -> Origin:
        ordinary = Origin.PROCESS if self.launch.owner is None else Origin.USER_DATA
        return _CHANNELS.get(one.channel, ordinary)

    # --- what is not -----------------------------------------------------------------------

    def _absent(self, name: str, wanted: _Wanted | None) -> Iterator[Entry]:
        is_lacking = name in self.launch.lacks
        default = None if wanted is None else wanted.default
        uses = () if wanted is None else wanted.uses
        place = self.launch.location if wanted is None else wanted.location
        kind = kind_of(name, default or "")
        if default and kind is not None and not self.launch.is_open:
            found = self.judge.of(default, kind, self.region)
            if is_lacking and found.verdict is not Verdict.DOWN:
                found = Pointing(Verdict.LACKING, found.region, self._why(name))
            yield Entry(
                name,
                kind,
                masked(name, default),
                Origin.DEFAULT,
                place,
                found.verdict,
                found.region,
                found.why,
                uses,
            )
        elif is_lacking:
            yield self._lacking(name, self._lost(name) or place, self._why(name), uses)
        elif self.launch.is_open and kind is not None:
            why = "a file of the image, or who starts it, may give it"
            yield Entry(
                name, kind, None, Origin.NOWHERE, place, Verdict.UNKNOWN, why=why, uses=uses
            )

    def _lacking(self, name: str, place: Location, why: str, uses: tuple[str, ...]) -> Entry:
        kind = kind_of(name, "") or Kind.VALUE
        return Entry(name, kind, None, Origin.NOWHERE, place, Verdict.LACKING, None, why, uses)

    def _why(self, name: str) -> str:
        missed = self.launch.missed.get(name)
        return "not given" if missed is None else f"set at {missed.set_at}, and lost on the way"

    def _lost(self, name: str) -> Location | None:
        missed = self.launch.missed.get(name)
        return None if missed is None else missed.lost_at

    def _hidden(self, inlined: set[str]) -> Iterator[Entry]:
        """Yield what an env file holds of the region that is down, where another value is used."""
        for file in self.launch.env_files:
            for name, one in file.entries.items():
                used = self.launch.effective.get(name)
                is_used = used is None or used.location == one.location or name in inlined
                kind = kind_of(name, likely(one.value) or "")
                if is_used or kind is None or used is None:
                    continue
                found = self.judge.of_text(one.value, kind)
                if found.verdict is Verdict.DOWN:
                    why = f"hidden by the value at {used.location}"
                    yield self._entry(one, kind, Pointing(Verdict.HIDDEN, found.region, why))
