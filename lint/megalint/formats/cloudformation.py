"""CloudFormation and SAM templates: the user data of their resources, as it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.formats.yaml_nodes import (
    MappingNode,
    Node,
    ScalarNode,
    Unreadable,
    composed,
    elements,
    get,
    members,
    plain,
    scalar,
    span,
)
from megalint.source import Location, Source, Span
from megalint.text import Text, separated
from megalint.values import Choice, Unknown

_HOLDERS: Final = {
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "UserData"),
    "AWS::EC2::Instance": ("UserData",),
    "AWS::AutoScaling::LaunchConfiguration": ("UserData",),
    "AWS::EC2::SpotFleet": ("UserData",),
}
_REFERENCE: Final = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^}]*)\}")
_MARKS: Final = ("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance", "::LaunchConfiguration")
_MAX_DEPTH: Final = 30


class StackUserData(Struct, frozen=True):
    """The user data of one resource; :attr:`is_encoded` says whether it is put into base64."""

    resource: str
    text: Text
    is_encoded: bool
    location: Location


def is_template(source: Source) -> bool:
    """Whether a file may hand over user data."""
    return source.mentions("UserData") and any(map(source.mentions, _MARKS))


def parse(source: Source) -> tuple[StackUserData, ...]:
    """Return the user data in *source*; nothing of what is no template."""
    found = stack(source)
    return () if found is None else tuple(found.user_data())


def stack(source: Source) -> Stack | None:
    """Return the resources in *source*, None for what is no YAML or JSON."""
    try:
        return Stack(source, composed(source.text))
    except Unreadable:
        return None


class Stack:
    """A template: its resources, and what the functions in them make of texts."""

    def __init__(self, source: Source, root: Node | None) -> None:
        self._source = source
        self._text = Text.of(source)
        self._root = root
        self._depth = 0

    def resources(self) -> Iterator[tuple[str, str, Node]]:
        """Yield the name, type and node of each resource."""
        for name, resource in members(get(self._root, "Resources")):
            yield name, plain(get(resource, "Type")), resource

    def defaults(self, kind: str) -> Node | None:
        """Return what the template gives all resources of a type of SAM."""
        name = kind.removeprefix("AWS::Serverless::")
        return None if name == kind else get(self._root, "Globals", name)

    def parameter_default(self, name: str) -> Node | None:
        """Return the default of a parameter."""
        return get(self._root, "Parameters", name, "Default")

    def user_data(self) -> Iterator[StackUserData]:
        """Yield the user data that resources hand over."""
        for name, kind, resource in self.resources():
            road = _HOLDERS.get(kind)
            node = None if road is None else get(resource, "Properties", *road)
            if node is None:
                continue
            is_encoded, inner = self._unwrapped(node)
            yield StackUserData(name, self.value(inner), is_encoded, self._place(node))

    def _place(self, node: Node) -> Location:
        line_start = self._source.text.rfind("\n", 0, node.start_mark.index) + 1
        head = self._source.text.find("UserData", line_start, node.start_mark.index)
        start = head if head >= 0 else node.start_mark.index
        end = start + len("UserData") if head >= 0 else min(start + 1, len(self._source.text))
        return Location(self._source, Span(start, end))

    def _unwrapped(self, node: Node) -> tuple[bool, Node]:
        """Take ``Fn::Base64`` off."""
        if node.tag == "!Base64":
            return True, _retagged(node)
        inner = get(node, "Fn::Base64")
        return (True, inner) if inner is not None else (False, node)

    # --- values ----------------------------------------------------------------------------

    def value(self, node: Node | None) -> Text:
        """Return the text that a node stands for."""
        self._depth += 1
        try:
            if node is None or self._depth > _MAX_DEPTH:
                return Text()
            name, argument = function(node)
            if name is None:
                return scalar(self._text, node)
            return self._called(name, argument, node)
        finally:
            self._depth -= 1

    def _called(self, name: str, argument: Node, node: Node) -> Text:
        place = Location(self._source, span(node))
        match name:
            case "Sub":
                return self._substituted(argument)
            case "Join":
                return self._joined(argument)
            case "Ref":
                return self._reference(plain(argument), place)
            case "Base64":
                return self.value(argument)
            case "GetAtt":
                name = plain(argument) or ".".join(plain(one) for one in elements(argument))
                return Text.opaque(Unknown(name, name=self._key(name)), place)
            case "If":
                return self._either(elements(argument), place)
            case "FindInMap":
                return self._mapped(elements(argument), place)
            case _:
                return Text.opaque(Unknown(f"Fn::{name}"), place)

    def _substituted(self, node: Node) -> Text:
        parts = elements(node)
        text = self.value(parts[0]) if parts else scalar(self._text, node)
        given = dict(members(parts[1])) if len(parts) > 1 else {}

        def one(match: re.Match[str]) -> Text:
            if match["literal"]:
                return (
                    text[match.start() : match.start() + 2] + text[match.start() + 3 : match.end()]
                )
            place = text.locate(Span(match.start(), match.end()))
            name = match["name"].strip()
            if name in given:
                return self.value(given[name])
            return Text() if place is None else self._reference(name, place)

        return text.replaced(_REFERENCE, one)

    def _joined(self, node: Node) -> Text:
        parts = elements(node)
        if len(parts) != 2:  # noqa: PLR2004 - a separator and a list
            return Text()
        mark = self.value(parts[0])
        return separated((self.value(one) for one in elements(parts[1])), mark)

    def _reference(self, name: str, place: Location) -> Text:
        default = self.parameter_default(name)
        if default is not None and isinstance(default, ScalarNode):
            choice = Choice((Unknown(f"the parameter {name}"), scalar(self._text, default).value))
            return Text.opaque(choice, place)
        if name.startswith("AWS::"):
            return Text.opaque(Unknown(f"the stack's {name[5:]}"), place)
        if get(self._root, "Parameters", name) is not None:
            return Text.opaque(Unknown(f"the parameter {name}"), place)
        return Text.opaque(Unknown(name, name=self._key(name)), place)

    def _key(self, name: str) -> str:
        """Return what no other attribute of the checkout has: of ``Name`` or ``Name.Attribute``."""
        return f"{self._source.path}:{name if '.' in name else f'{name}.Ref'}"

    def _either(self, parts: list[Node], place: Location) -> Text:
        if len(parts) != 3:  # noqa: PLR2004 - a condition and two values
            return Text()
        values = (self.value(parts[1]).value, self.value(parts[2]).value)
        return Text.opaque(Choice(values), place)

    def _mapped(self, parts: list[Node], place: Location) -> Text:
        keys = [self.value(one).known for one in parts]
        if None in keys:
            return Text.opaque(Unknown("an entry of a mapping"), place)
        found = get(self._root, "Mappings", *(key or "" for key in keys))
        unknown = Text.opaque(Unknown("an entry of a mapping"), place)
        return unknown if found is None else self.value(found)


def function(node: Node) -> tuple[str | None, Node]:
    """Return the function that a node calls, short or long, and its argument."""
    if node.tag.startswith("!") and len(node.tag) > 1:
        return node.tag[1:], _retagged(node)
    if isinstance(node, MappingNode) and len(node.value) == 1:
        ((name, argument),) = members(node)
        if name.startswith("Fn::") or name == "Ref":
            return name.removeprefix("Fn::"), argument
    return None, node


def _retagged(node: Node) -> Node:
    """Return the node without its short function."""
    kind = type(node)
    tag = {"ScalarNode": "str", "SequenceNode": "seq", "MappingNode": "map"}[kind.__name__]
    style = node.style if isinstance(node, ScalarNode) else node.flow_style
    return kind(f"tag:yaml.org,2002:{tag}", node.value, node.start_mark, node.end_mark, style)
