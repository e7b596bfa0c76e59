"""Launches that no script makes: compose services, images, ecosystem files, systemd units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from megalint.classify import Kind, classify
from megalint.formats import compose, dockerfile, dotenv, package_json, systemd
from megalint.formats.compose import Entry, Service
from megalint.languages.shell.state import either
from megalint.project import deployments, ecosystems
from megalint.project.apps import App
from megalint.project.commands import expanded, next_verbs
from megalint.project.deployments import Image
from megalint.project.launches import ecosystem
from megalint.project.launches.facts import Certainty, Channel, Injection, Launch
from megalint.project.launches.placement import Placement
from megalint.project.linked import Project
from megalint.source import Location, Source, Span
from megalint.text import Text
from megalint.values import Unknown

_SERVES: Final = re.compile(r"\bnext\b|server\.js|\b(?:npm|yarn|pnpm|bun)\b|\bpm2\b|\bnode\b")


def launches(project: Project, place: Placement) -> Iterator[Launch]:
    """Yield the launches that files declare."""
    images = list(project.each(Image)) if place.apps else []
    composed: set[Source] = set()
    for source in project.checkout:
        if classify(source.path) is Kind.COMPOSE:
            for launch, image in _compose(project, source, list(place.apps), images):
                composed |= {image.dockerfile.source} if image is not None else set()
                yield launch
        elif ecosystems.is_ecosystem(source.path):
            yield from _ecosystem(source, place)
        elif source.path.suffix == ".service":
            yield from _unit(source)
    for image in images:
        if image.dockerfile.source not in composed:
            yield from _image(image)


# --- compose --------------------------------------------------------------------------------


def _compose(
    project: Project, source: Source, apps: list[App], images: list[Image]
) -> Iterator[tuple[Launch, Image | None]]:
    for service in project.checkout.parsed(source, compose.parse).services:
        for app in deployments.built_by(source, service, apps, images):
            if not _is_for_development(project, service, app):
                image = next((one for one in images if one.app == app), None)
                yield _service(project, source, service, app, image), image


def _is_for_development(project: Project, service: Service, app: App) -> bool:
    manifests = (project.checkout.parsed(app.manifest, package_json.parse),)
    verbs = next_verbs(expanded(" ".join(service.command), manifests))
    return "dev" in verbs or "dev" in (service.target or "")


def _service(
    project: Project, source: Source, service: Service, app: App, image: Image | None
) -> Launch:
    environment = {} if image is None else dict(_of_image(image))
    is_open = False
    for name in service.env_files:
        path = PurePosixPath(normpath(str(source.path.parent / name)))
        file = project.checkout.get(path)
        if file is None:
            is_open = True
            continue
        for entry in dotenv.parse(Text.of(file)):
            place = entry.location or service.location
            how = f"from {name}"
            environment[entry.name] = Injection(
                entry.name, entry.raw, Channel.ENV_FILE, Certainty.ALWAYS, place, how
            )
    for one in service.environment:
        environment[one.name] = _entry(one)
    return Launch(
        service.location,
        "compose",
        service.name,
        None,
        None,
        Certainty.ALWAYS,
        environment,
        effective=environment,
        app=app,
        is_open=is_open,
    )


def _entry(entry: Entry) -> Injection:
    if entry.value is None:
        value = Text.opaque(Unknown("from the shell that runs compose"), entry.location)
    else:

        def get(name: str) -> Text:
            unknown = Unknown(f"the variable {name} of the shell that runs compose")
            return Text.opaque(unknown, entry.location)

        written = Text.literal(entry.value, entry.location)
        value = compose.interpolated(written, get, either)
    return Injection(
        entry.name, value, Channel.PROCESS, Certainty.ALWAYS, entry.location, "in compose"
    )


# --- images ---------------------------------------------------------------------------------


def _of_image(image: Image) -> Iterator[tuple[str, Injection]]:
    for one in image.dockerfile.final("ENV"):
        known = image.dockerfile.variables(one)
        for name, value in one.assignments.items():
            plain = dockerfile.substituted(value, known)
            text = Text.literal(plain, one.location)
            if "$" in plain:
                text = Text.opaque(Unknown("an argument of the build"), one.location)
            yield (
                name,
                Injection(name, text, Channel.IMAGE, Certainty.ALWAYS, one.location, "ENV"),
            )


def _image(image: Image) -> Iterator[Launch]:
    """Yield the launch of an image that somebody else runs, with variables nobody can see."""
    file = image.dockerfile
    last = [one for word in ("CMD", "ENTRYPOINT") for one in list(file.final(word))[-1:]]
    if not last:
        return
    environment = dict(_of_image(image))
    yield Launch(
        last[0].location,
        "docker",
        None,
        None,
        file.workdir(last[0]),
        Certainty.ALWAYS,
        environment,
        effective=environment,
        app=image.app,
        is_open=True,
    )


# --- ecosystem files and units --------------------------------------------------------------


def _ecosystem(source: Source, place: Placement) -> Iterator[Launch]:
    for app in ecosystem.apps(Text.of(source), str(source.path)):
        words = " ".join(word.flat for word in app.words)
        if app.location is None or not _SERVES.search(words):
            continue
        environment = {
            entry.name: _of_block(entry, app.location)
            for name in ("env", "env_production")
            for entry in app.blocks.get(name, ())
        }
        folder = PurePosixPath(normpath(str(source.path.parent / (app.folder or "."))))
        at = next((one for one in place.apps if one.path == folder), None)
        at = at or place.app_at(app.folder)
        yield Launch(
            app.location,
            "ecosystem",
            app.name,
            None,
            app.folder,
            Certainty.ALWAYS,
            environment,
            effective=environment,
            app=at,
            is_open=True,
        )


def _of_block(entry: ecosystem.Entry, place: Location) -> Injection:
    value = entry.value
    at = entry.location or place
    if value is None or entry.reads is not None:
        unknown = Unknown(f"the variable {entry.reads} of who starts PM2")
        value = Text.opaque(unknown, at)
    how = "in the ecosystem file"
    return Injection(entry.name, value, Channel.PROCESS, Certainty.ALWAYS, at, how)


def _unit(source: Source) -> Iterator[Launch]:
    unit = systemd.parse([Text.of(source)])
    command = unit.last("ExecStart")
    if command is None or not _SERVES.search(command.flat):
        return
    environment: Mapping[str, Injection] = {
        one.name: Injection(
            one.name,
            one.value,
            Channel.PROCESS,
            Certainty.ALWAYS,
            one.location or Location(source, Span(0, 0)),
            "Environment= of the unit",
        )
        for one in unit.environment()
    }
    folder, user = unit.last("WorkingDirectory"), unit.last("User")
    yield Launch(
        command.location or Location(source, Span(0, 0)),
        "systemd",
        source.path.stem,
        None if user is None else user.known,
        None if folder is None else folder.known,
        Certainty.ALWAYS,
        environment,
        effective=environment,
        is_open=bool(unit.all("EnvironmentFile")),
    )
