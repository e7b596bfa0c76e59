"""Link launches: run what boots a machine, read what declares a process, hold both to the needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from megalint.classify import Kind
from megalint.config import Service
from megalint.project import stacks
from megalint.project.apps import App
from megalint.project.launches import declared, placement, workflows
from megalint.project.launches.facts import Boot, Certainty, Launch, UserData
from megalint.project.launches.families import AMAZON, DEBIAN, Family
from megalint.project.launches.interpret import boot, by_somebody
from megalint.project.launches.needs import needs_of
from megalint.project.launches.placement import Placement
from megalint.project.linked import Linker, Project
from megalint.project.live import linker as live
from megalint.project.terraform.linker import TerraformUserData
from megalint.project.terraform.templates import TemplateCall
from megalint.source import Location, Source, Span
from megalint.text import OPAQUE, Text
from megalint.values import TemplateVar

_USER_DATA: Final = re.compile(
    r"user[-_.]?data|cloud[-_.]?(?:init|config)|launch[-_]?template", re.IGNORECASE
)
_STARTS: Final = re.compile(
    r"\bpm2(?:-runtime)?\s|\bnext\s+start\b|\bnode\s+\S|\bdocker\s+(?:container\s+)?run\b"
    r"|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?\S*start|\bsystemctl\s[^\n]*start|\bsystemctl\s+enable"
)
_UBUNTU: Final = re.compile(
    r"\bubuntu\b|\bdebian\b|\bapt(?:-get)?\s+(?:-\w+\s+)*(?:install|update)"
)
_AMAZON: Final = re.compile(r"\bec2-user\b|\b(?:yum|dnf)\s|amazon-linux-extras")
_TEMPLATE_VARIABLE: Final = re.compile(r"(?<![\\$])\$\{([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\}")
_HAS_NVM: Final = ".nvm"
_TOKEN: Final = re.compile(
    r"[A-Z0-9_]*PLACEHOLDER[A-Z0-9_]*|__[A-Z0-9_]+__|\{\{\w+\}\}|@@\w+@@|CHANGE_?ME"
)


def _link_user_data(project: Project) -> Iterator[UserData]:
    """Yield what launch templates hand over, then the scripts that nothing refers to."""
    for found in project.each(TerraformUserData):
        if found.user_data.text:
            yield found.user_data
    yield from stacks.user_data(project)
    yield from live.user_data(project)
    handed = {call.template for call in project.each(TemplateCall)}
    for source in project.checkout.of_kind(Kind.SHELL):
        if _is_user_data(source) and source not in handed:
            yield UserData(loose(source), Location(source, Span(0, 0)))


def loose(source: Source) -> Text:
    """Return a script that nothing refers to, as far as it is known.

    ``${lower_case}`` that the script never sets is taken for a variable of a template.
    """
    text = Text.of(source)

    def one(match: re.Match[str]) -> Text:
        name = match[1]
        if re.search(rf"\b{name}\+?=|\bread\b[^\n]*\b{name}\b|\bfor {name}\b", text.flat):
            return text[match.start() : match.end()]
        return Text.opaque(TemplateVar(name), text.locate(Span(match.start(), match.end())))

    return text.replaced(_TEMPLATE_VARIABLE, one)


def _is_user_data(source: Source) -> bool:
    return _USER_DATA.search(source.path.name) is not None and source.path.suffix != ".service"


def _link(project: Project) -> Iterator[Launch | Boot]:
    apps = tuple(project.each(App))
    written = workflows.written(project.checkout)
    place = Placement(project.checkout, apps, project.config.image.root, written)
    links = _Links(project, place)
    booted: set[Source] = set()
    for data in project.each(UserData):
        booted |= {piece.location.source for piece in data.text.pieces if piece.location}
        found = links.booted(data)
        yield found
        yield from found.launches
    for source in project.checkout.of_kind(Kind.SHELL):
        is_left = source not in booted and source.path.suffix != ".service"
        if is_left and source.mentions(_STARTS):
            yield from links.run_by_somebody(source)
    for launch in declared.launches(project, place):
        yield links.linked(launch)


class _Links:
    """Links the launches of one project."""

    def __init__(self, project: Project, place: Placement) -> None:
        self._project = project
        self._place = place
        texts = [one.text for one in project.checkout.of_kind(Kind.SHELL, Kind.DOCKERFILE)]
        self._scripts = place.scripts(has_node=placement.has_node(texts))
        self._has_nvm = any(_HAS_NVM in text for text in texts)

    def booted(self, data: UserData) -> Boot:
        """Return the boot of user data, its launches linked; nothing starts what is refused."""
        outcome = boot(
            data.text, self._family(data.text.flat), self._scripts, has_nvm=self._has_nvm
        )
        broken = {event.subject for event in outcome.events if event.kind == "sed-refused"}
        launches = tuple(self.linked(self._of(data, one), broken) for one in outcome.launches)
        return Boot(data, launches, outcome.events, outcome.machine)

    def _of(self, data: UserData, launch: Launch) -> Launch:
        launch = replace(launch, owner=data.owner)
        if data.refusal is not None:
            launch = replace(launch, starts=Certainty.NEVER, note=data.refusal)
        return launch

    def run_by_somebody(self, source: Source) -> Iterator[Launch]:
        """Yield the launches of a script that people or other tools start."""
        family = self._family(source.text)
        for one in by_somebody(Text.of(source), family, self._scripts, has_nvm=self._has_nvm):
            yield self.linked(one)

    def _family(self, text: str) -> Family:
        chosen = self._project.config.image.os
        if chosen is not None:
            return DEBIAN if chosen == "debian" else AMAZON
        return DEBIAN if _UBUNTU.search(text) and not _AMAZON.search(text) else AMAZON

    def linked(self, launch: Launch, broken: Iterable[str] = ()) -> Launch:
        """Return the launch with its app and with what it lacks."""
        app = launch.app or self._app_of(launch)
        names = self._needed(app, launch)
        lacks = tuple(name for name in names if not _is_delivered(launch, name, set(broken)))
        return replace(launch, app=app, lacks=() if launch.is_open else lacks)

    def _app_of(self, launch: Launch) -> App | None:
        found = self._place.app_at(launch.cwd)
        if found is not None:
            return found
        service = self._service(None, launch)
        for app in self._place.apps:
            if service is not None and str(app.path) == (service.app.rstrip("/") or "."):
                return app
        if launch.process is None:
            return None
        named = [app for app in self._place.apps if launch.process in {app.name, app.path.name}]
        return named[0] if len(named) == 1 else None

    def _service(self, app: App | None, launch: Launch) -> Service | None:
        for service in self._project.config.services:
            if service.process is not None and service.process == launch.process:
                return service
            if app is not None and service.process is None and service.app == str(app.path):
                return service
        return None

    def _needed(self, app: App | None, launch: Launch) -> list[str]:
        needs = needs_of(self._project, app).values()
        names = dict.fromkeys(
            need.name for need in needs if need.is_needed and need.source == "inferred"
        )
        service = self._service(app, launch)
        if service is not None:
            names |= dict.fromkeys(service.require)
        return list(names)


def _is_delivered(launch: Launch, name: str, broken: set[str]) -> bool:
    if launch.starts is Certainty.NEVER:
        return False
    found = launch.effective.get(name)
    if found is None or found.value.known == "":
        return False
    if OPAQUE in found.value.flat:
        return True
    is_broken = any(file.path in broken and name in file.entries for file in launch.env_files)
    return not (is_broken and _TOKEN.search(found.value.flat))


USER_DATA_LINKER: Final = Linker((UserData,), _link_user_data)
LINKER: Final = Linker((Launch, Boot), _link)
