"""How apps are put on machines: images, start lines, and the variables they are given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from msgspec import Struct

from megalint.classify import Kind, classify
from megalint.formats import compose, dockerfile, lockfile, package_json
from megalint.formats.compose import Service
from megalint.formats.dockerfile import Dockerfile, Instruction, substituted
from megalint.formats.package_json import Manifest
from megalint.project import ecosystems
from megalint.project.apps import App
from megalint.project.commands import expanded, next_verbs, plain
from megalint.project.linked import Linker, Project
from megalint.source import Location, Source, Span

_START: Final = re.compile(
    r"\bpm2(?:-runtime)?\s+start\b|\bnext\s+start\b|\.next/standalone|\bnode\s+\S*server\.js\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?start\b"
)
_BUILD: Final = re.compile(
    r"\bnext\s+build\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?build\b|\bturbo\s[^\n]*\bbuild\b"
)
_ASSIGNED: Final = re.compile(
    r"""(?:^|[\s"'`\\])(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]{2,})=(?P<value>[^\s"']*)""",
    re.MULTILINE,
)
_DOTENV: Final = re.compile(
    r"^[^\S\n]*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=(?P<value>[^\n]*)", re.MULTILINE
)
_SHELLS: Final = frozenset({Kind.SHELL, Kind.TERRAFORM})
_SERVER: Final = re.compile(r"\.next/standalone/(?P<path>(?:[\w.@-]+/)*server\.js)\b")
_STANDALONE: Final = ".next/standalone"
_NODE: Final = re.compile(r"\b(?:node|pm2|bun)\b")


class SelfHosting(Struct, frozen=True):
    """Evidence that an app is built into an image or started on a machine of one's own."""

    app: App
    location: Location


class RuntimeProvision(Struct, frozen=True):
    """A variable that is given to the running process: it comes too late for a build.

    :attr:`channel` is image, process or env-file.
    """

    app: App
    name: str
    value: str
    location: Location
    channel: str


class BuildProvision(Struct, frozen=True):
    """A variable that an image's build is given. :attr:`value` is empty for an ARG without default.

    :attr:`build` is the RUN that builds the app.
    """

    app: App
    name: str
    value: str
    location: Location
    build: Instruction


class Start(Struct, frozen=True):
    """A line that starts an app: :attr:`kind` is next-start or standalone."""

    app: App
    kind: str
    location: Location


class StandaloneUse(Struct, frozen=True):
    """A line that starts or copies the standalone server. :attr:`kind` is start or copy.

    :attr:`server` is the file that is started, relative to the standalone folder; None where the
    text does not tell. :attr:`image` is the Dockerfile that the line is part of.
    """

    app: App
    kind: str
    text: str
    location: Location
    server: str | None = None
    image: Dockerfile | None = None


class Image(Struct, frozen=True):
    """A Dockerfile that builds or starts an app."""

    app: App
    dockerfile: Dockerfile


def _link(project: Project) -> Iterator[object]:
    apps = list(project.each(App))
    sources = list(project.checkout) if apps else []
    images: list[Image] = []
    for source in project.checkout.of_kind(Kind.DOCKERFILE) if apps else ():
        images.extend(_images(project, source, apps))
    for image in images:
        yield from _Image(project, image).facts()
    for source in sources:
        kind = classify(source.path)
        if kind is Kind.COMPOSE and source.mentions("build"):
            yield from _compose(project, source, apps, images)
        elif ecosystems.is_ecosystem(source.path):
            yield from _ecosystem(project, source, apps)
        elif kind in _SHELLS and source.mentions(_START):
            yield from _shell(source, apps)
    for app in apps:
        yield from _scripts(project, app)


def _manifests(project: Project, app: App) -> tuple[Manifest, ...]:
    """Return the package.json files whose scripts commands about *app* may name."""
    folders = (app.path, *app.path.parents)
    found = (project.checkout.get(folder / "package.json") for folder in folders)
    return tuple(project.checkout.parsed(one, package_json.parse) for one in found if one)


def _images(project: Project, source: Source, apps: list[App]) -> Iterator[Image]:
    file = project.checkout.parsed(source, dockerfile.parse)
    for app in _apps_of_image(project, file, apps):
        image = Image(app, file)
        if _Image(project, image).is_about_app:
            yield image


def _apps_of_image(project: Project, file: Dockerfile, apps: list[App]) -> list[App]:
    source = file.source
    text = "\n".join(one.command for one in file.instructions)
    named = [app for app in apps if _isbuilt_by(app, text)]
    inside = [app for app in apps if app.path.parts and source.path.is_relative_to(app.path)]
    if inside or named:
        return inside[-1:] or named
    folder = next(
        one
        for one in source.path.parents
        if one == PurePosixPath() or one / "package.json" in project.checkout
    )
    is_of_other_package = bool(folder.parts) and all(app.path != folder for app in apps)
    return [] if is_of_other_package else _apps_of(source, apps)


def _isbuilt_by(app: App, text: str) -> bool:
    """Whether a text handles the app's build or its package, more than by copying a manifest."""
    path = re.escape(str(app.path))
    if app.path.parts and re.search(
        rf"(?<![\w-]){path}/(?:\.next|server\.js)|\b(?:cd|--cwd)\s+\S*{path}(?![\w/-])", text
    ):
        return True
    name = re.escape(app.name)
    return (
        re.search(rf"(?:--filter[= ]|-F |workspace |prune )['\"]?{name}(?![\w/-])", text)
        is not None
    )


def _apps_of(source: Source, apps: list[App]) -> list[App]:
    """Return the apps that a file is about: the one it lies in, those it names, or the only one."""
    inside = [app for app in apps if app.path.parts and source.path.is_relative_to(app.path)]
    if inside:
        return inside
    named = [
        app
        for app in apps
        if app.path.parts
        and str(app.path) in source.text
        and re.search(rf"(?<![\w-]){re.escape(str(app.path))}(?![\w-])", source.text)
    ]
    return named or (apps if len(apps) == 1 else [])


class _Image:
    """Reads what one Dockerfile does with one app."""

    def __init__(self, project: Project, image: Image) -> None:
        self._image = image
        self._app = image.app
        self._file = image.dockerfile
        self._scripts = _manifests(project, image.app)
        self._checkout = project.checkout
        self._build = self._find_build()
        self._launches = [
            one for word in ("CMD", "ENTRYPOINT") for one in list(self._file.final(word))[-1:]
        ]

    def _verbs(self, one: Instruction) -> set[str]:
        return next_verbs(expanded(one.command, self._scripts))

    def _find_build(self) -> Instruction | None:
        runs = [one for one in self._file.instructions if one.word == "RUN"]
        return next((one for one in runs if "build" in self._verbs(one)), None)

    @property
    def is_about_app(self) -> bool:
        """Whether the image holds the built app; one that runs ``next dev`` does not count."""
        verbs = {verb for one in self._launches for verb in self._verbs(one)}
        if "dev" in verbs:
            return False
        has_build = any(".next" in one.command for one in self._file.instructions)
        return self._build is not None or has_build or "start" in verbs

    def facts(self) -> Iterator[object]:
        """Yield what the image says."""
        yield self._image
        yield SelfHosting(self._app, self._head())
        given = list(self._given_to_build())
        yield from given
        known = {(one.name, one.value) for one in given}
        for one in self._given_to_process():
            if (one.name, one.value) not in known:
                yield one
        yield from self._standalone()
        for launch in self._launches:
            if "start" in self._verbs(launch):
                yield Start(self._app, "next-start", launch.location)

    def _head(self) -> Location:
        last = self._launches or list(self._file.instructions)
        return last[-1].location if last else Location(self._file.source, Span(0, 0))

    def _given_to_build(self) -> Iterator[BuildProvision]:
        build = self._build
        for one in () if build is None else self._file.before(build, "ARG", "ENV"):
            if build is not None and (one.word == "ENV" or one.stage == build.stage):
                for name, value in one.assignments.items():
                    yield BuildProvision(self._app, name, value, one.location, build)

    def _given_to_process(self) -> Iterator[RuntimeProvision]:
        build = self._build
        seen = set() if build is None else set(self._file.before(build, "ENV"))
        for one in self._file.final("ENV"):
            if one not in seen:
                for name, value in one.assignments.items():
                    yield RuntimeProvision(self._app, name, value, one.location, "image")

    def _standalone(self) -> Iterator[StandaloneUse]:
        text = "\n".join(one.command for one in self._file.instructions)
        if _STANDALONE not in text:
            return
        for one in self._file.final("COPY", "RUN", "CMD", "ENTRYPOINT"):
            if one.word in {"COPY", "RUN"} and _STANDALONE in one.command:
                yield self._use("copy", one)
            elif one in self._launches and re.search(r"server\.js\b", one.command):
                yield self._use("start", one, self._server(one))

    def _use(self, kind: str, one: Instruction, server: str | None = None) -> StandaloneUse:
        return StandaloneUse(self._app, kind, one.text, one.location, server, self._file)

    def _server(self, launch: Instruction) -> str | None:
        """Return the started file relative to the standalone folder that was copied."""
        written = _SERVER.search(plain(launch.command))
        if written is not None:
            return written["path"]
        copies = [one for one in self._file.final("COPY") if _STANDALONE in one.command]
        script = re.search(r"(?<!\S)[\w./@-]*server\.js(?!\S)", plain(launch.command))
        folder = self._file.workdir(launch)
        if (
            len(copies) != 1
            or script is None
            or folder is None
            or self._has_other_server(copies[0])
        ):
            return None
        home = self._copied_to(copies[0])
        path = normpath(
            f"{folder}/{script.group()}" if script.group()[0] != "/" else script.group()
        )
        if home is None or not path.startswith(home.rstrip("/") + "/"):
            return None
        return path[len(home.rstrip("/")) + 1 :]

    def _has_other_server(self, copy: Instruction) -> bool:
        """Whether something else may put a server.js into the image or move things about."""
        others = (one for one in self._file.final("COPY", "ADD", "RUN") if one is not copy)
        return any(
            "server.js" in one.command
            or (one.word == "RUN" and re.search(r"\b(?:mv|cp|ln)\s", one.command))
            or (one.word == "COPY" and one.command.split()[:1] in (["."], ["./"]))
            for one in others
        )

    def _copied_to(self, copy: Instruction) -> str | None:
        """Return the folder that a copy of the whole standalone folder of a monorepo fills."""
        known = self._file.variables(copy)
        words = [substituted(word, known) for word in copy.words]
        folder = self._file.workdir(copy)
        if len(words) != 2 or "$" in "".join(words) or folder is None:  # noqa: PLR2004
            return None
        source, target = words[0].rstrip("/").removesuffix("/."), words[1]
        place = self._app.path / ".next" / "standalone"
        if not f"/{source}".endswith(f"/{place}") or not self._keeps_layout(source, place):
            return None
        return normpath(target if target.startswith("/") else f"{folder}/{target}")

    def _keeps_layout(self, source: str, place: PurePosixPath) -> bool:
        """Whether the stage that builds has the lock file above the app, as the checkout has it."""
        above = source[: -len(str(place))]
        brings = [one.command for one in self._file.instructions if one.word in {"COPY", "ADD"}]
        names = (*lockfile.NAMES, "bun.lockb", "*")
        return bool(above) and any(
            command.split()[:1] in (["."], ["./"]) or any(name in command for name in names)
            for command in brings
        )


def _compose(
    project: Project, source: Source, apps: list[App], images: list[Image]
) -> Iterator[RuntimeProvision]:
    """Read ``environment`` of services that build an app of this checkout."""
    for service in project.checkout.parsed(source, compose.parse).services:
        for app in built_by(source, service, apps, images):
            verbs = next_verbs(expanded(" ".join(service.command), _manifests(project, app)))
            if "dev" not in verbs and "dev" not in (service.target or ""):
                yield from _service(project, source, service, app)


def built_by(
    source: Source, service: Service, apps: list[App], images: list[Image]
) -> Iterator[App]:
    """Yield the apps that a service of a compose file builds."""
    if service.context is None or "$" in service.context or "://" in service.context:
        return
    context = normpath(str(source.path.parent / service.context))
    file = PurePosixPath(normpath(f"{context}/{service.dockerfile or 'Dockerfile'}"))
    found = [image.app for image in images if image.dockerfile.source.path == file]
    yield from found or (app for app in apps if app.path.parts and str(app.path) == context)


def _service(
    project: Project, source: Source, service: Service, app: App
) -> Iterator[RuntimeProvision]:
    at_build = {(one.name, one.value) for one in service.arguments}
    for one in service.environment:
        if (one.name, one.value) not in at_build:
            yield RuntimeProvision(app, one.name, one.value or "", one.location, "process")
    for name in service.env_files:
        path = PurePosixPath(normpath(str(source.path.parent / name)))
        file = project.checkout.get(path)
        if file is not None and path.parent != app.path:
            for match in _DOTENV.finditer(file.text):
                place = _place(file, match)
                yield RuntimeProvision(
                    app, match["name"], match["value"].strip(), place, "env-file"
                )


def _shell(source: Source, apps: list[App]) -> Iterator[object]:
    start = _START.search(source.text)
    build = _BUILD.search(source.text)
    for app in _apps_of(source, apps):
        if start is not None:
            yield SelfHosting(app, Location(source, Span(*start.span())))
        for match in _ASSIGNED.finditer(source.text):
            if build is None or match.start() > build.start():
                place = _place(source, match)
                yield RuntimeProvision(app, match["name"], match["value"], place, "process")
        yield from _standalone_lines(source, app)
        found = re.search(r"(?<![^\n])[^\n]*\bnext\s+start\b[^\n]*", source.text)
        if found is not None and not found.group().lstrip().startswith("#"):
            yield Start(app, "next-start", Location(source, Span(*found.span())))


def _standalone_lines(source: Source, app: App) -> Iterator[StandaloneUse]:
    for line in re.finditer(r"(?<![^\n])[^\n]*\.next/standalone[^\n]*", source.text):
        if line.group().lstrip().startswith(("#", "//")):
            continue
        location = Location(source, Span(*line.span()))
        kind = "start" if _NODE.search(line.group()) else "copy"
        yield StandaloneUse(app, kind, line.group(), location, _server_in(line.group()))


def _server_in(text: str) -> str | None:
    found = _SERVER.search(text)
    return None if found is None else found["path"]


def _ecosystem(project: Project, source: Source, apps: list[App]) -> Iterator[object]:
    for process in ecosystems.processes(source):
        for app in _apps_of_process(source, process, apps):
            yield SelfHosting(app, process.location)
            for name, value, location in process.environment:
                yield RuntimeProvision(app, name, value, location, "process")
            if _STANDALONE in process.command:
                server = _server_in(process.command)
                yield StandaloneUse(app, "start", process.command, process.location, server)
            elif "start" in next_verbs(expanded(process.command, _manifests(project, app))):
                yield Start(app, "next-start", process.location)


def _apps_of_process(source: Source, process: ecosystems.Process, apps: list[App]) -> Iterable[App]:
    if not process.may_be_next:
        return ()
    folder = normpath(process.folder or ".")
    named = [app for app in apps if app.path.parts and f"/{folder}/".endswith(f"/{app.path}/")]
    named = named or [app for app in apps if app.path.parts and str(app.path) in process.command]
    return named or (_apps_of(source, apps) if folder == "." or len(apps) == 1 else ())


def _scripts(project: Project, app: App) -> Iterator[object]:
    manifest = project.checkout.parsed(app.manifest, package_json.parse)
    for script in manifest.scripts:
        if _STANDALONE in script.command:
            kind = "start" if _NODE.search(script.command) else "copy"
            if kind == "start":
                yield SelfHosting(app, script.location)
            server = _server_in(script.command)
            yield StandaloneUse(app, kind, script.command, script.location, server)
        elif re.search(r"\bpm2\b", script.command):
            yield SelfHosting(app, script.location)


def _place(source: Source, match: re.Match[str]) -> Location:
    return Location(source, Span(match.start("name"), match.end("value")))


LINKER = Linker((SelfHosting, RuntimeProvision, BuildProvision, Start, StandaloneUse, Image), _link)
