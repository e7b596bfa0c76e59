"""What ``megalint trace`` shows: who reads the environment, and what each launch gives."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch

from msgspec import Struct

from megalint.project.launches.facts import Launch, Need
from megalint.project.linked import Project
from megalint.project.nextjs.facts import AppConfig, EnvironmentRead, Route
from megalint.project.nextjs.middleware import Middleware


class Trace(Struct, frozen=True):
    """The facts that a trace is made of; :attr:`variables` are the globs that were asked for."""

    apps: tuple[AppConfig, ...] = ()
    reads: tuple[EnvironmentRead, ...] = ()
    routes: tuple[Route, ...] = ()
    middleware: tuple[Middleware, ...] = ()
    launches: tuple[Launch, ...] = ()
    needs: tuple[Need, ...] = ()
    variables: tuple[str, ...] = ()
    language: str = "en"
    """What the words for people are in."""

    def shows(self, name: str) -> bool:
        """Whether a variable was asked for."""
        return not self.variables or any(fnmatch(name, one) for one in self.variables)


def collect(project: Project, variables: Sequence[str] = ()) -> Trace:
    """Return the trace of *variables* (globs), or of all."""
    wanted = Trace(variables=tuple(variables))
    return Trace(
        tuple(project.each(AppConfig)),
        tuple(one for one in project.each(EnvironmentRead) if wanted.shows(one.read.name)),
        tuple(project.each(Route)),
        tuple(project.each(Middleware)),
        tuple(project.each(Launch)),
        tuple(one for one in project.each(Need) if wanted.shows(one.name)),
        tuple(variables),
    )
