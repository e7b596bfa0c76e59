"""Choose what the recovery region would start, and say of each process where its values point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from megalint.project.apps import App
from megalint.project.failover.tables import homes
from megalint.project.launches.facts import Boot, Certainty, Launch
from megalint.project.linked import Project
from megalint.project.literals import RegionLiteral
from megalint.project.live.facts import LiveVersion
from megalint.project.live.linker import ROOT as LIVE
from megalint.project.terraform.placeholders import Placeholder
from megalint.rehearsal import Aside, Entry, Process, Rehearsal
from megalint.rehearsal.frozen import Frozen
from megalint.rehearsal.given import Given
from megalint.rehearsal.pointing import Judge
from megalint.report import Problem
from megalint.source import Location, Source


class _Chosen(Struct, frozen=True):
    """The launches that are rehearsed, each with its region, and those that are not."""

    launches: tuple[tuple[Launch, str | None], ...]
    asides: tuple[Aside, ...]


def rehearse(project: Project, primary: str, recovery: str, *, is_live: bool = False) -> Rehearsal:
    """Return what the processes of *recovery* would talk to while *primary* is down.

    With *is_live* the launch templates of the account say what is started, else those of the code.
    """
    tokens, replaced = project.config.placeholders, dict(_replaced(project))
    judge = Judge(primary, recovery, tokens, replaced, homes(project.checkout))
    chosen = _chosen(project, recovery, is_live=is_live)
    processes = tuple(_process(project, judge, *one) for one in chosen.launches)
    ordered = sorted(processes, key=lambda one: -one.verdict)
    unread = tuple(_unread(project))
    return Rehearsal(primary, recovery, tuple(ordered), chosen.asides, unread, is_live=is_live)


def _replaced(project: Project) -> Iterator[tuple[str, Location]]:
    for one in project.each(Placeholder):
        if one.replaced_at is not None:
            yield one.token, one.replaced_at


def _process(project: Project, judge: Judge, launch: Launch, region: str | None) -> Process:
    clients: frozenset[str] = frozenset()
    found: list[Entry] = []
    if launch.app is not None:
        clients = frozenset(_clients(project, launch.app))
        found += Frozen(project, launch.app, judge).entries(launch)
    found += Given(project, judge, launch, clients).entries()
    return Process(launch, tuple(sorted(found, key=lambda one: (-one.verdict, one.name))), region)


def _clients(project: Project, app: App) -> Iterator[str]:
    for one in project.each(RegionLiteral):
        if one.app == app and one.use == "client":
            yield one.region


# --- which launches ------------------------------------------------------------------------


def _chosen(project: Project, recovery: str, *, is_live: bool) -> _Chosen:
    """Choose what templates of the region start, then what nothing of it starts."""
    boots = {id(one): boot for boot in project.each(Boot) for one in boot.launches}
    used = set(_used(project))

    def is_own(launch: Launch) -> bool:
        boot = boots.get(id(launch))
        if boot is None:
            return False
        if is_live:
            return boot.user_data.location.source in used
        return boot.user_data.owner is not None and boot.user_data.region in {recovery, None}

    launches = list(project.each(Launch))
    chosen = [one for one in launches if is_own(one)]
    covered = {str(one.app.path) for one in chosen if one.app is not None}
    asides: list[Aside] = []
    for launch in launches:
        if not is_own(launch) and launch.location.source.path.parts[:1] != LIVE.parts:
            why = _why(launch, boots.get(id(launch)), covered, recovery)
            if why:
                asides.append(Aside(launch.process or launch.kind, launch.location, why))
            else:
                chosen.append(launch)
    asides += _idle(project, recovery, used, is_live=is_live)
    regions = ((one, boots.get(id(one))) for one in _last(chosen))
    found = ((one, None if boot is None else boot.user_data.region) for one, boot in regions)
    return _Chosen(tuple(found), tuple(asides))


def _idle(project: Project, recovery: str, used: set[Source], *, is_live: bool) -> Iterator[Aside]:
    """Yield the templates of the region from which no process starts that megalint knows."""
    for boot in project.each(Boot):
        data = boot.user_data
        is_own = data.location.source in used if is_live else data.region == recovery
        if data.owner is not None and is_own and not boot.launches:
            yield Aside(data.owner, data.location, data.refusal or "it starts no process")


def _unread(project: Project) -> Iterator[Problem]:
    """Yield the versions from which machines will start, and that nobody can read."""
    for version in project.each(LiveVersion):
        if version.fault is not None and any(not one.is_result for one in version.users):
            words = f"not rehearsed: {version.name} cannot be read: {version.fault}"
            yield Problem(str(version.location.source.path), words, is_unanswered=True)


def _used(project: Project) -> Iterator[Source]:
    """Yield the scripts of the account's versions from which machines will start."""
    for version in project.each(LiveVersion):
        starts = any(not one.is_result for one in version.users)
        is_meant = version.version.is_default and version.inventory.referrers is None
        if version.script is not None and (starts or is_meant):
            yield version.script


def _why(launch: Launch, boot: Boot | None, covered: set[str], recovery: str) -> str:
    """Return why a launch is left out; empty: it is not."""
    if boot is not None and boot.user_data.region not in {recovery, None}:
        return f"it starts in {boot.user_data.region}"
    if launch.starts is Certainty.NEVER:
        return f"it never starts: {launch.note}" if launch.note else "it never starts"
    if boot is not None and boot.user_data.owner is not None:
        return "the templates of the account are rehearsed, not this one"
    if launch.app is None or str(launch.app.path) in covered:
        return f"no launch template of {recovery} starts it"
    return ""


def _last(launches: Iterable[Launch]) -> Iterator[Launch]:
    """Yield each process once: a later start goes before an earlier one."""
    found: dict[tuple[str | None, ...], Launch] = {}
    for one in launches:
        key = (one.owner, one.process or str(one.location), one.kind, one.cwd)
        found.pop(key, None)
        found[key] = one
    yield from found.values()
