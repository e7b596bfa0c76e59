"""How apps are put on machines: images, start lines, and the variables given at run time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from megalint.classify import Kind, classify
from megalint.formats import dockerfile, package_json
from megalint.formats.dockerfile import Dockerfile, Instruction
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.source import Location, Source, Span

_START: Final = re.compile(
    r"\bpm2(?:-runtime)?\s+start\b|\bnext\s+start\b|\.next/standalone|\bnode\s+\S*server\.js\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?start\b"
)
_ASSIGNED: Final = re.compile(
    r"""(?:^|[\s"'`\\])(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]{2,})=(?P<value>[^\s"']*)""",
    re.MULTILINE,
)
_COMPOSE_VARIABLE: Final = re.compile(
    r"""^\s+(?:-\s*["']?)?(?P<name>[A-Z][A-Z0-9_]{2,})\s*[:=]\s*(?P<value>[^\n]*)""", re.MULTILINE
)
_ECOSYSTEM: Final = re.compile(r"(?:ecosystem|pm2)\.config\.(?:js|cjs|mjs|json)$")
_OBJECT_VARIABLE: Final = re.compile(
    r"""^\s*["']?(?P<name>[A-Z][A-Z0-9_]{2,})["']?\s*:\s*(?P<value>[^\n,]*)""", re.MULTILINE
)
_SHELLS: Final = frozenset({Kind.SHELL, Kind.TERRAFORM})


@dataclass(frozen=True, slots=True)
class SelfHosting:
    """Evidence that an app is built into an image or started on a machine of one's own."""

    app: App
    location: Location


@dataclass(frozen=True, slots=True)
class RuntimeProvision:
    """A variable that is given to the running process: it comes too late for a build."""

    app: App
    name: str
    value: str
    location: Location
    channel: str


@dataclass(frozen=True, slots=True)
class StandaloneUse:
    """A line that starts or copies the standalone server. :attr:`kind` is start or copy."""

    app: App
    kind: str
    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class Image:
    """A Dockerfile that belongs to an app."""

    app: App
    dockerfile: Dockerfile


def _link(project: Project) -> Iterator[object]:
    apps = list(project.each(App))
    for source in project.checkout if apps else ():
        kind = classify(source.path)
        if kind is Kind.DOCKERFILE:
            yield from _dockerfile(project.checkout.parsed(source, dockerfile.parse), apps)
        elif kind is Kind.COMPOSE:
            yield from _compose(source, apps)
        elif kind in _SHELLS and _START.search(source.text):
            yield from _shell(source, apps)
        elif _ECOSYSTEM.search(source.path.name):
            yield from _ecosystem(source, apps)
    for app in apps:
        yield from _scripts(project, app)


def _apps_of(source: Source, apps: list[App]) -> list[App]:
    """Return the apps that a file is about: the one it lies in, those it names, or the only one."""
    inside = [app for app in apps if app.path.parts and source.path.is_relative_to(app.path)]
    if inside:
        return inside
    named = [
        app
        for app in apps
        if app.path.parts
        and re.search(rf"(?<![\w-]){re.escape(str(app.path))}(?![\w-])", source.text)
    ]
    return named or (apps if len(apps) == 1 else [])


def _dockerfile(file: Dockerfile, apps: list[App]) -> Iterator[object]:
    text = file.source.text
    if not re.search(r"\bnext\b|\.next\b|\bnode\b|\b(?:npm|pnpm|yarn|bun)\b", text):
        return
    for app in _apps_of(file.source, apps):
        yield Image(app, file)
        yield SelfHosting(app, _head(file.instructions, file.source))
        for one in file.final("ENV"):
            for name, value in one.assignments.items():
                yield RuntimeProvision(app, name, value, one.location, "image")
        if ".next/standalone" in text:
            for one in file.final("COPY", "CMD", "ENTRYPOINT", "RUN"):
                yield from _standalone(app, one.word, one.text, one.location)


def _head(instructions: tuple[Instruction, ...], source: Source) -> Location:
    last = [one for one in instructions if one.word in {"CMD", "ENTRYPOINT"}] or list(instructions)
    return last[-1].location if last else Location(source, source.line_span(1))


def _standalone(app: App, word: str, text: str, location: Location) -> Iterator[StandaloneUse]:
    if ".next/standalone" in text and word in {"COPY", "RUN"}:
        yield StandaloneUse(app, "copy", text, location)
    if word in {"CMD", "ENTRYPOINT"} and re.search(r"server\.js\b", text):
        yield StandaloneUse(app, "start", text, location)


def _compose(source: Source, apps: list[App]) -> Iterator[object]:
    """Read ``environment`` of services that build an app of this checkout."""
    if not re.search(r"^\s+build:", source.text, re.MULTILINE):
        return
    for app in _apps_of(source, apps):
        for match in _COMPOSE_VARIABLE.finditer(source.text):
            if not _is_build_argument(source.text, match.start()):
                location = _place(source, match)
                yield RuntimeProvision(
                    app, match["name"], match["value"].strip(), location, "process"
                )


def _is_build_argument(text: str, place: int) -> bool:
    """Whether the nearest section above is ``args:``."""
    sections = re.findall(r"^\s+(\w+):\s*$", text[:place], re.MULTILINE)
    return bool(sections) and sections[-1] == "args"


def _shell(source: Source, apps: list[App]) -> Iterator[object]:
    start = _START.search(source.text)
    for app in _apps_of(source, apps):
        if start is not None:
            yield SelfHosting(app, Location(source, Span(*start.span())))
        for match in _ASSIGNED.finditer(source.text):
            yield RuntimeProvision(
                app, match["name"], match["value"], _place(source, match), "process"
            )
        for line in re.finditer(r"[^\n]*\.next/standalone[^\n]*", source.text):
            location = Location(source, Span(*line.span()))
            kind = "start" if re.search(r"\bnode\b|\bpm2\b", line.group()) else "copy"
            yield StandaloneUse(app, kind, line.group(), location)


def _ecosystem(source: Source, apps: list[App]) -> Iterator[object]:
    for app in _apps_of(source, apps):
        yield SelfHosting(app, Location(source, source.line_span(1)))
        for match in _OBJECT_VARIABLE.finditer(source.text):
            value = match["value"].strip().strip("\"'")
            yield RuntimeProvision(app, match["name"], value, _place(source, match), "process")
        for line in re.finditer(r"[^\n]*\.next/standalone[^\n]*", source.text):
            yield StandaloneUse(app, "start", line.group(), Location(source, Span(*line.span())))


def _scripts(project: Project, app: App) -> Iterator[object]:
    manifest = project.checkout.parsed(app.manifest, package_json.parse)
    for script in manifest.scripts:
        if ".next/standalone" in script.command:
            kind = "start" if re.search(r"\bnode\b|\bpm2\b", script.command) else "copy"
            if kind == "start":
                yield SelfHosting(app, script.location)
            yield StandaloneUse(app, kind, script.command, script.location)
        elif re.search(r"\bpm2\b", script.command):
            yield SelfHosting(app, script.location)


def _place(source: Source, match: re.Match[str]) -> Location:
    return Location(source, Span(match.start("name"), match.end("value")))


LINKER = Linker((SelfHosting, RuntimeProvision, StandaloneUse, Image), _link)
