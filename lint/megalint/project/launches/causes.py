"""Why a process lacks a variable that its script sets all the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from megalint.formats import dotenv
from megalint.languages.shell.state import File, Machine, Missed
from megalint.project.launches.facts import Certainty, Injection, Launch
from megalint.source import Location, Span

_PROFILE: Final = re.compile(
    r"/(?:\.bashrc|\.bash_profile|\.bash_login|\.profile|\.zshrc|\.zprofile)$"
    r"|^/etc/(?:environment|profile|bash\.bashrc|bashrc|profile\.d/[^/]+)$"
)
_ENV_FILE: Final = re.compile(r"/(?:\.env[\w.-]*|[\w.-]*\.env)$")


def cause_of(launch: Launch, name: str, later: Machine | None = None) -> Missed | None:
    """Return why *launch* lacks *name*; None where the script never gives it.

    The kinds are those of :class:`Missed`, and: empty, profile, other-file, after-start.
    """
    if launch.starts is Certainty.NEVER:
        return None
    given = launch.effective.get(name)
    if given is not None and given.value.known == "" and is_expanded(given):
        return Missed(name, "empty", given.location, launch.location, given.how)
    missed = launch.missed.get(name)
    if missed is not None and missed.kind in {"other-command", "user-switch", "turbo"}:
        return missed
    return next(_in_files(launch, name), None) or _after(launch, name, later) or missed


def causes_of(
    launch: Launch, kinds: Collection[str], later: Machine | None = None
) -> tuple[Missed, ...]:
    """Return the causes of these kinds, in the order of what *launch* lacks."""
    causes = (cause_of(launch, name, later) for name in launch.lacks)
    return tuple(one for one in causes if one is not None and one.kind in kinds)


def is_expanded(given: Injection) -> bool:
    """Whether something was expanded to an empty value: one that is written out is meant."""
    place = given.location
    following = place.source.text[place.span.end : place.span.end + 1]
    return "$" in place.text or "`" in place.text or following in {"$", "`"}


def _in_files(launch: Launch, name: str) -> Iterator[Missed]:
    read = {file.path for file in launch.env_files}
    for kind, pattern in (("profile", _PROFILE), ("other-file", _ENV_FILE)):
        for path, place in assigned(launch.files, name):
            if pattern.search(path) and path not in read:
                yield Missed(name, kind, place, launch.location, path)


def _after(launch: Launch, name: str, later: Machine | None) -> Missed | None:
    """Return the env file of the process that is written only after it was started."""
    if later is None or launch.cwd is None or launch.kind == "standalone":
        return None
    wanted = {f"{launch.cwd.rstrip('/')}/{file}" for file in dotenv.NEXT_FILES}
    read = {file.path for file in launch.env_files if name in file.entries}
    for path, place in assigned(later.files, name):
        if path in wanted - read:
            return Missed(name, "after-start", place, launch.location, path)
    return None


def assigned(files: Mapping[str, File], name: str) -> Iterator[tuple[str, Location]]:
    """Yield each file that the script wrote and that sets *name*, with the place."""
    before = r"^[ \t]*(?:export[ \t]+)?(?:[A-Za-z_]\w*=\S*[ \t]+)*"
    line = re.compile(before + re.escape(name) + "=", re.MULTILINE)
    for path, file in files.items():
        match = None if file.content is None else line.search(file.content.flat)
        if match is not None and file.content is not None:
            place = file.content.locate(Span(match.start(), match.end()))
            if place is not None:
                yield path, place
