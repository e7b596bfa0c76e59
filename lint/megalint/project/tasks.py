"""Where turbo stands between an image and an app: what it is handed, and what the task sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.formats import package_json, turbo
from megalint.formats.dockerfile import Dockerfile, Instruction
from megalint.formats.package_json import Manifest
from megalint.formats.turbo import Task, Turbo
from megalint.project.apps import App
from megalint.project.commands import expanded, next_verbs, turbo_lines, turbo_tasks
from megalint.project.deployments import BuildProvision, Image, RuntimeProvision
from megalint.project.linked import Project
from megalint.source import Location

_LOOSE: Final = re.compile(r"--env-mode[= ]loose|TURBO_ENV_MODE")
_WRITES_FILE: Final = re.compile(r"\.env\b|\bprintenv\b")
_STANDS_IN: Final = re.compile(r"dummy|placeholder|fake|changeme|build[-_]?only", re.IGNORECASE)
_ENV_FILES: Final = (".env", ".env.local", ".env.production", ".env.production.local")


class Handover(Struct, frozen=True):
    """A line of an image that runs a task through turbo: its name and what turbo was given.

    :attr:`given` holds the place of each variable by name; :attr:`is_build`: the task runs
    ``next build``, else ``next start`` or the server.
    """

    name: str
    task: Task
    given: dict[str, Location]
    is_build: bool


def handovers(project: Project, app: App) -> Iterator[Handover]:
    """Yield where the images of *app* build or start it through turbo."""
    root = _root(project, app)
    images = [one for one in project.each(Image) if one.app == app]
    for image in images if root is not None else ():
        if root is not None:
            yield from _of_image(project, image, root)


def _of_image(project: Project, image: Image, root: Turbo) -> Iterator[Handover]:
    app, file = image.app, image.dockerfile
    if file.source.mentions(_LOOSE):
        return
    given = [one for one in project.each(BuildProvision) if _is_of(one, image)]
    build = given[0].build if given else None
    if build is not None and not _writes_env_file(file, build):
        kept = {one.name: one.location for one in given if not _STANDS_IN.search(one.value)}
        handed = _outside_files(project, app, kept)
        yield from _through(project, app, root, build.command, handed, is_build=True)
    launch = list(file.final("CMD", "ENTRYPOINT"))[-1:]
    both = {one.name: one.location for one in _lasting(given, file)}
    for late in project.each(RuntimeProvision):
        if late.app == app and late.channel != "env-file":
            both[late.name] = late.location
    for one in launch:
        yield from _through(project, app, root, one.command, both, is_build=False)


def _lasting(given: list[BuildProvision], file: Dockerfile) -> list[BuildProvision]:
    """Leave out what the running process does not have: ARGs, and the ENVs of other stages."""
    kept = {one.location for one in file.final("ENV")}
    return [one for one in given if one.location in kept]


def _is_of(one: BuildProvision, image: Image) -> bool:
    return one.app == image.app and one.location.source == image.dockerfile.source


def _writes_env_file(file: Dockerfile, build: Instruction) -> bool:
    """Whether the image writes an env file before or while it builds: Next reads that by itself."""
    before = (*file.before(build, "RUN"), build)
    return any(_WRITES_FILE.search(one.command) for one in before)


def _outside_files(project: Project, app: App, given: dict[str, Location]) -> dict[str, Location]:
    """Leave out what the app's own env files bring."""
    found = (project.checkout.get(app.path / name) for name in _ENV_FILES)
    texts = [one.text for one in found if one is not None]
    return {
        name: place
        for name, place in given.items()
        if not any(
            re.search(rf"^[^\S\n]*(?:export\s+)?{name}\s*=", text, re.MULTILINE) for text in texts
        )
    }


def _through(
    project: Project,
    app: App,
    root: Turbo,
    command: str,
    given: dict[str, Location],
    *,
    is_build: bool,
) -> Iterator[Handover]:
    checkout = project.checkout
    manifest = checkout.parsed(app.manifest, package_json.parse)
    top = checkout.get(root.source.path.parent / "package.json")
    top_manifest = manifest if top is None else checkout.parsed(top, package_json.parse)
    lines = list(turbo_lines(command, top_manifest))
    if any(_LOOSE.search(line) for line in lines):
        return
    for name in dict.fromkeys(task for line in lines for task in turbo_tasks(line)):
        task = root.task(name, app.name, _own(project, app, root))
        if task is not None and _runs(manifest, name, "build" if is_build else "start"):
            yield Handover(name, task, given, is_build)
            return


def _runs(manifest: Manifest, name: str, verb: str) -> bool:
    script = manifest.script(name)
    if script is None:
        return False
    texts = list(expanded(script.command, (manifest,)))
    is_server = verb == "start" and any("server.js" in text for text in texts)
    return is_server or verb in next_verbs(texts)


def _root(project: Project, app: App) -> Turbo | None:
    """Return the turbo.json of the repository that holds *app*, or None."""
    folders = (app.path, *app.path.parents)
    files = (_file(project, folder) for folder in folders)
    return next((one for one in files if one is not None and one.is_root), None)


def _own(project: Project, app: App, root: Turbo) -> Turbo | None:
    found = _file(project, app.path)
    return None if found is None or found.source == root.source else found


def _file(project: Project, folder: PurePosixPath) -> Turbo | None:
    checkout = project.checkout
    found = checkout.get(folder / "turbo.json") or checkout.get(folder / "turbo.jsonc")
    return None if found is None else checkout.parsed(found, turbo.parse)
