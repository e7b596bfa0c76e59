"""User data that CloudFormation, SAM and plain CDK code hand over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind, classify
from megalint.formats import cloudformation
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.launches.facts import UserData
from megalint.project.linked import Project
from megalint.source import Location, Source, Span
from megalint.text import Text, joined
from megalint.values import Unknown

_KINDS: Final = frozenset({Kind.YAML, Kind.JSON})
_NOT_ENCODED: Final = "CloudFormation hands it over as it is, and EC2 takes base64 only: Fn::Base64"
_HEAD: Final = "#!/bin/bash\n"


def user_data(project: Project) -> Iterator[UserData]:
    """Yield what the stacks of a checkout hand to their machines."""
    for source in project.checkout.of_kind(*_KINDS, Kind.JAVASCRIPT):
        kind = classify(source.path)
        if kind in _KINDS and cloudformation.is_template(source):
            for one in project.checkout.parsed(source, cloudformation.parse):
                is_script = one.text.flat.startswith("#")
                refusal = _NOT_ENCODED if is_script and not one.is_encoded else None
                if one.text:
                    yield UserData(one.text, one.location, one.resource, None, refusal)
        elif kind is Kind.JAVASCRIPT and source.mentions("UserData") and source.mentions("aws-cdk"):
            yield from _of_cdk(source)


# --- CDK ------------------------------------------------------------------------------------


def _of_cdk(source: Source) -> Iterator[UserData]:
    """Yield the scripts that ``UserData.custom`` and ``addCommands`` make of written texts."""
    added: dict[str, list[Text]] = {}
    places: dict[str, Location] = {}
    for node in walk(parse(source)):
        if not isinstance(node, js.Call) or not isinstance(node.callee, js.Member):
            continue
        place = Location(source, node.callee.property_span)
        owner = node.callee.object
        name = source[owner.span]
        if node.callee.property == "custom" and name.endswith("UserData") and node.arguments:
            yield UserData(_text(source, node.arguments[0]), place, "UserData.custom")
        elif node.callee.property == "addCommands" and "serData" in name:
            added.setdefault(name, []).extend(_text(source, one) for one in node.arguments)
            places.setdefault(name, place)
    for name, commands in added.items():
        end = Text.literal("\n")
        lines = (part for one in commands for part in (one, end))
        yield UserData(joined([Text.literal(_HEAD, places[name]), *lines]), places[name], name)


def _text(source: Source, node: js.Expression | js.Spread) -> Text:
    place = Location(source, node.span)
    if isinstance(node, js.Literal) and isinstance(node.value, str):
        inner = Span(node.span.start + 1, node.span.end - 1)
        if source[inner] == node.value:
            return Text.at(Location(source, inner))
        return Text.literal(node.value, place)
    if isinstance(node, js.Template) and not node.values:
        inner = Span(node.span.start + 1, node.span.end - 1)
        return Text.at(Location(source, inner))
    return Text.opaque(Unknown("computed by the CDK app"), place)
