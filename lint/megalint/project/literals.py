"""Regions and addresses of infrastructure that are written into code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.classify import Kind
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.constants import Bound, Constants, Outside, member
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.project.nextjs.graph import AppModule
from megalint.source import Location, Needle, Source, Span

_AREA: Final = "(?:us|eu|ap|sa|ca|me|af|il)"
REGION: Final = re.compile(
    rf"\b{_AREA}-(?:gov-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b"
)
_BALANCER: Final = re.compile(
    r"(?<![\w-])[\w-]{1,63}(?:(?:\.[\w-]{1,63}){0,8}\.elb(?:\.[a-z]{2}-[a-z-]{1,20}-\d)?"
    r"|\.[a-z]{2}-[a-z-]{1,20}-\d\.elb)\.amazonaws\.com"
)
_RESOURCE: Final = re.compile(r"\b(?:vpc|subnet|i)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b")
_NAMES_REGION: Final = Needle(
    (f"-{side}", rf"\b{_AREA}-(?:gov-)?{side}(?:east|west)?-\d\b")
    for side in ("north", "south", "east", "west", "central")
)
_NAMES_RESOURCE: Final = Needle(
    (
        (".elb.", r"\.elb\."),
        *(
            (f"{kind}-", rf"{kind}-(?<=\b{kind}-)(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})\b")
            for kind in ("vpc", "subnet", "i")
        ),
    )
)
_ENDPOINT: Final = re.compile(r"^arn:aws[\w-]*:|\.amazonaws\.com\b")
_GLOBAL_ARN: Final = re.compile(
    r"arn:aws[\w-]*:(?:iam|cloudfront|route53|organizations|globalaccelerator):"
    r"|arn:aws[\w-]*:(?:acm|lambda|wafv2):us-east-1:"
)
"""Services without regions, and those that CloudFront wants in us-east-1."""
_OF_CLIENTS: Final = ("region",)
_WITHOUT_REGIONS: Final = frozenset(
    {
        "Route53",
        "Route53Domains",
        "IAM",
        "CloudFront",
        "Organizations",
        "Budgets",
        "Pricing",
        "CostExplorer",
        "Shield",
        "GlobalAccelerator",
        "Support",
        "WAFV2",
        "ACM",
        "Account",
        "CostandUsageReportService",
        "Health",
        "MarketplaceMetering",
        "ECRPUBLIC",
        "ARCRegionSwitch",
        "Route53RecoveryControlConfig",
        "Route53RecoveryCluster",
        "Route53RecoveryReadiness",
    }
)
"""Clients of services that are reached in one region only, wherever the caller runs."""
_LABELS: Final = frozenset(
    {"placeholder", "title", "label", "description", "alt", "helperText", "hint", "example"}
    | {"tooltip", "aria-label", "defaultMessage", "message", "text"}
)
_TESTS: Final = frozenset({"includes", "startsWith", "endsWith", "indexOf", "replace", "match"})
_DEPLOYS: Final = frozenset({Kind.TERRAFORM, Kind.SHELL, Kind.COMPOSE})
_ASIDE: Final = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|e2e|fixtures|examples?|docs?|stories|scripts)/|\.(?:test|spec|stories)\.|\.config\."
)


class RegionLiteral(Struct, frozen=True):
    """A region in code that talks to it. :attr:`use` is client, arn or endpoint."""

    app: App
    region: str
    use: str
    location: Location


class InfrastructureLiteral(Struct, frozen=True):
    """The name of a load balancer, or the id of a network or a machine."""

    app: App
    kind: str
    text: str
    location: Location


class SeveralRegions(Struct, frozen=True):
    """Deployment files that name more than one region, with the first place of each."""

    locations: tuple[Location, ...]


def _link(project: Project) -> Iterator[RegionLiteral | InfrastructureLiteral | SeveralRegions]:
    yield from _deployed(project)
    for module in project.each(AppModule):
        source = module.source
        if _ASIDE.search(source.path.as_posix()):
            continue
        if source.mentions(_NAMES_REGION):
            yield from _regions(project.checkout.parsed(source, parse), module.app)
        if source.mentions(_NAMES_RESOURCE):
            yield from _strings(project.checkout.parsed(source, parse), module.app)
    for app in project.each(App):
        yield from _outside_code(project, app)


def _outside_code(project: Project, app: App) -> Iterator[InfrastructureLiteral]:
    """Look into next.config and the env files of the app."""
    if app.config is not None and app.config.mentions(".elb."):
        yield from _strings(project.checkout.parsed(app.config, parse), app)
    for source in project.checkout.of_kind(Kind.DOTENV):
        if source.path.parent == app.path and not _is_example(source.path):
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


# --- regions -------------------------------------------------------------------------------


def _regions(module: js.Module, app: App) -> Iterator[RegionLiteral]:
    """Yield regions that a client is made for, and those inside ARNs and endpoints."""
    constants = Constants()
    shown = _shown(module)
    for node in walk(module):
        match node:
            case js.New(_, callee, (js.Object() as options, *_)):
                if _is_client(module, constants, callee):
                    yield from _client_region(options, module, app, constants)
            case js.Call(
                _,
                js.Member(_, js.Member(_, js.Name(_, "AWS"), "config", _, _), "update", _, _),
                (js.Object() as options, *_),
                _,
            ):
                yield from _client_region(options, module, app, constants)
            case js.Literal() | js.Template() if node.span not in shown:
                text = "".join(_texts(node))
                found = REGION.search(text)
                if found is not None and _is_address(text):
                    use = "arn" if text.startswith("arn:") else "endpoint"
                    yield RegionLiteral(app, found.group(), use, Location(module.source, node.span))
            case _:
                pass


def _is_address(text: str) -> bool:
    """Whether code can use *text* as it stands: no sentence, and of no service without regions."""
    return (
        _ENDPOINT.search(text) is not None
        and not re.search(r"\s", text)
        and not _GLOBAL_ARN.match(text)
    )


def _shown(module: js.Module) -> set[Span]:
    """Return the places of what people only read: text, labels and tests of equality."""
    found: set[Span] = set()
    for node in walk(module):
        match node:
            case js.Jsx(_, _, attributes, children):
                found |= {one.span for one in children if isinstance(one, js.Literal)}
                found |= {
                    one.value.span
                    for one in attributes
                    if isinstance(one, js.JsxAttribute) and one.name in _LABELS
                }
            case js.Property(_, js.Literal(_, str(key)), value) if key in _LABELS:
                found.add(value.span)
            case js.Binary(_, "==" | "===" | "!=" | "!==", left, right):
                found |= {left.span, right.span}
            case js.Case(_, js.Expression(span)):
                found.add(span)
            case js.Call(_, js.Member(_, _, name), arguments) if name in _TESTS:
                found |= {one.span for one in arguments}
            case _:
                pass
    return found


def _is_client(module: js.Module, constants: Constants, callee: js.Expression) -> bool:
    """Whether *callee* is a client of the AWS SDK whose service has regions."""
    holder = callee.object if isinstance(callee, js.Member) else callee
    if not isinstance(holder, js.Name):
        return False
    target = constants.target(module, holder)
    name = callee.property if isinstance(callee, js.Member) else holder.text
    if isinstance(target, Outside):
        if not target.specifier.startswith(("@aws-sdk/", "aws-sdk")):
            return False
        name = target.name if target.name not in {"default", "*"} else name
    elif holder.text != "AWS":
        return False
    return name.removesuffix("Client") not in _WITHOUT_REGIONS


def _client_region(
    options: js.Object, module: js.Module, app: App, constants: Constants
) -> Iterator[RegionLiteral]:
    if member(options, "endpoint") is not None:
        return  # another service that speaks the same protocol: the region means nothing to it
    for key in _OF_CLIENTS:
        value = member(options, key)
        if isinstance(value, js.Name):
            target = constants.target(module, value)
            value = target.expression if isinstance(target, Bound) else None
        if isinstance(value, js.Literal) and REGION.fullmatch(str(value.value)):
            place = Location(module.source, value.span)
            yield RegionLiteral(app, str(value.value), "client", place)


# --- deployments ---------------------------------------------------------------------------


def _deployed(project: Project) -> Iterator[SeveralRegions]:
    """Yield the first place of each region that deployment files name, where they name two."""
    places: dict[str, Location] = {}
    for source in project.checkout.of_kind(*_DEPLOYS):
        if not _ASIDE.search(source.path.as_posix()):
            for match in REGION.finditer(source.text):
                if not _is_comment(source, match.start()):
                    places.setdefault(match.group(), Location(source, Span(*match.span())))
    if len(places) > 1:
        yield SeveralRegions(tuple(places.values()))


LINKER = Linker((RegionLiteral, InfrastructureLiteral, SeveralRegions), _link)
