"""Regions and addresses of infrastructure that are written into code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from megalint.classify import Kind, classify
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.project.nextjs.graph import AppModule
from megalint.source import Location, Source, Span

REGION: Final = re.compile(
    r"\b(?:us|eu|ap|sa|ca|me|af|il)-(?:gov-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b"
)
_BALANCER: Final = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.elb(?:\.[a-z]{2}-[a-z-]+-\d)?\.amazonaws\.com|\b[\w-]+\.[a-z]{2}-[a-z-]+-\d\.elb\.amazonaws\.com"
)
_RESOURCE: Final = re.compile(r"\b(?:vpc|subnet|i)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b")
_ENDPOINT: Final = re.compile(r"^arn:aws[\w-]*:|\.amazonaws\.com\b")
_OF_CLIENTS: Final = frozenset({"region", "awsRegion", "AWS_REGION"})
_ASIDE: Final = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|e2e|fixtures|examples?|docs?|stories|scripts)/|\.(?:test|spec|stories)\.|\.config\."
)


@dataclass(frozen=True, slots=True)
class RegionLiteral:
    """A region in code that talks to it. :attr:`use` is client, arn or endpoint."""

    app: App
    region: str
    use: str
    location: Location


@dataclass(frozen=True, slots=True)
class InfrastructureLiteral:
    """The name of a load balancer, or the id of a network or a machine."""

    app: App
    kind: str
    text: str
    location: Location


def _link(project: Project) -> Iterator[RegionLiteral | InfrastructureLiteral]:
    for module in project.each(AppModule):
        source = module.source
        if _ASIDE.search(source.path.as_posix()):
            continue
        if REGION.search(source.text):
            yield from _regions(project.checkout.parsed(source, parse), module.app)
        if ".elb." in source.text or _RESOURCE.search(source.text):
            yield from _strings(project.checkout.parsed(source, parse), module.app)
    for app in project.each(App):
        yield from _outside_code(project, app)


def _outside_code(project: Project, app: App) -> Iterator[InfrastructureLiteral]:
    """Look into next.config and the env files of the app."""
    if app.config is not None and ".elb." in app.config.text:
        yield from _strings(project.checkout.parsed(app.config, parse), app)
    for source in project.checkout.below(app.path):
        if (
            classify(source.path) is Kind.DOTENV
            and source.path.parent == app.path
            and not _is_example(source.path)
        ):
            for match in _BALANCER.finditer(source.text):
                if not _is_comment(source, match.start()):
                    location = Location(source, Span(*match.span()))
                    yield InfrastructureLiteral(app, "load balancer", match.group(), location)


def _is_example(path: PurePosixPath) -> bool:
    return any(word in path.name for word in ("example", "sample", "template", "dist"))


def _is_comment(source: Source, place: int) -> bool:
    line, _ = source.line_column(place)
    return source.line_text(line).lstrip().startswith("#")


def _strings(module: js.Module, app: App) -> Iterator[InfrastructureLiteral]:
    for node in walk(module):
        for text in _texts(node):
            balancer, resource = _BALANCER.search(text), _RESOURCE.fullmatch(text)
            found = balancer or resource
            if found is not None and isinstance(node, js.Node):
                kind = (
                    "load balancer"
                    if balancer
                    else {"v": "VPC", "s": "subnet"}.get(text[0], "instance")
                )
                yield InfrastructureLiteral(
                    app, kind, found.group(), Location(module.source, node.span)
                )


def _texts(node: js.Node) -> tuple[str, ...]:
    if isinstance(node, js.Literal) and isinstance(node.value, str):
        return (node.value,)
    return node.strings if isinstance(node, js.Template) else ()


def _regions(module: js.Module, app: App) -> Iterator[RegionLiteral]:
    """Yield regions that a client is made for, and those inside ARNs and endpoints."""
    for node in walk(module):
        match node:
            case js.New(_, callee, (js.Object() as options, *_)) if _is_client(callee):
                yield from _client_region(options, module, app)
            case js.Call(
                _,
                js.Member(_, js.Member(_, js.Name(_, "AWS"), "config", _, _), "update", _, _),
                (js.Object() as options, *_),
                _,
            ):
                yield from _client_region(options, module, app)
            case js.Literal() | js.Template():
                text = "".join(_texts(node))
                found = REGION.search(text)
                if found is not None and _ENDPOINT.search(text):
                    use = "arn" if text.startswith("arn:") else "endpoint"
                    yield RegionLiteral(app, found.group(), use, Location(module.source, node.span))
            case _:
                pass


def _is_client(callee: js.Expression) -> bool:
    name = (
        callee.property
        if isinstance(callee, js.Member)
        else callee.text
        if isinstance(callee, js.Name)
        else ""
    )
    is_sdk = (
        isinstance(callee, js.Member)
        and isinstance(callee.object, js.Name)
        and callee.object.text == "AWS"
    )
    return is_sdk or name.endswith("Client")


def _client_region(options: js.Object, module: js.Module, app: App) -> Iterator[RegionLiteral]:
    for member in options.members:
        if (
            isinstance(member, js.Property)
            and isinstance(member.key, js.Literal)
            and member.key.value in _OF_CLIENTS
        ):
            value = member.value
            if (
                isinstance(value, js.Literal)
                and isinstance(value.value, str)
                and REGION.fullmatch(value.value)
            ):
                yield RegionLiteral(app, value.value, "client", Location(module.source, value.span))


LINKER = Linker((RegionLiteral, InfrastructureLiteral), _link)
