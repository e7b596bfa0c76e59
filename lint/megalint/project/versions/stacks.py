"""Versions in CloudFormation and SAM templates, YAML or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.classify import Kind
from megalint.formats import cloudformation
from megalint.formats.cloudformation import Stack
from megalint.formats.yaml_nodes import Node, elements, get, members, plain, span
from megalint.project.linked import Project
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import (
    Dialect,
    TemplateDefinition,
    Use,
    VersionReference,
    Written,
)
from megalint.source import Location, Source

_HOLDERS: Final = frozenset({"LaunchTemplate", "LaunchTemplateSpecification"})
_NAMES: Final = ("LaunchTemplateId", "LaunchTemplateName", "Id", "Name")
_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
_MAX_DEPTH: Final = 20


def references(project: Project) -> Iterator[VersionReference | TemplateDefinition]:
    """Yield the versions that the stacks of a checkout name."""
    for source in speaking(project.checkout, Kind.YAML, Kind.JSON):
        if source.mentions("Resources") and source.mentions("AWS::"):
            stack = project.checkout.parsed(source, cloudformation.stack)
            if stack is not None:
                yield from _Reader(source, stack).references()


class _Reader(Struct, frozen=True):
    source: Source
    stack: Stack

    def references(self) -> Iterator[VersionReference | TemplateDefinition]:
        for name, kind, resource in self.stack.resources():
            if kind == _TEMPLATE:
                place = self._place(resource)
                yield TemplateDefinition(Dialect.CLOUDFORMATION, name, place, moves_default=False)
            elif kind.startswith("AWS::"):
                for holder in _holders(resource, 0):
                    yield self._reference(name, holder)

    def _reference(self, name: str, holder: Node) -> VersionReference:
        version = get(holder, "Version")
        identity = next((one for key in _NAMES if (one := get(holder, key))), None)
        template = self._template(identity)
        written: tuple[Written, ...] = ()
        if version is not None:
            written = tuple(self._written(version, self._instead(template), is_fallback=False))
        return VersionReference(
            Dialect.CLOUDFORMATION,
            Use.START,
            name,
            "Version",
            self._place(version or holder),
            written,
            template,
            is_absent=version is None,
        )

    def _written(self, node: Node, instead: str | None, *, is_fallback: bool) -> Iterator[Written]:
        name, argument = cloudformation.function(node)
        if name == "If":
            for one in elements(argument)[1:]:
                yield from self._written(one, instead, is_fallback=True)
            return
        if name == "Ref":
            default = self.stack.parameter_default(plain(argument))
            if default is not None:
                yield from self._written(default, None, is_fallback=True)
            return
        text = self.stack.value(node)
        if text.known and text.location is not None:
            place = self._place(node) if name is None else text.location
            yield Written(text.known, place, instead if name is None else None, is_fallback)

    def _template(self, node: Node | None) -> str | None:
        """Return the resource or the name that a reference means."""
        if node is None:
            return None
        name, argument = cloudformation.function(node)
        return plain(argument) if name == "Ref" else self.stack.value(node).known

    def _instead(self, template: str | None) -> str | None:
        own = {name for name, kind, _ in self.stack.resources() if kind == _TEMPLATE}
        if template not in own:
            return None
        if self.source.text.lstrip().startswith("{"):
            return f'{{"Fn::GetAtt": ["{template}", "LatestVersionNumber"]}}'
        return f"!GetAtt {template}.LatestVersionNumber"

    def _place(self, node: Node) -> Location:
        return Location(self.source, span(node))


def _holders(node: Node, depth: int) -> Iterator[Node]:
    """Yield the mappings that name a template, at any depth."""
    inner = [value for _, value in members(node)] or elements(node)
    for key, value in members(node):
        if key in _HOLDERS and any(get(value, name) is not None for name in _NAMES):
            yield value
    for one in inner if depth < _MAX_DEPTH else ():
        yield from _holders(one, depth + 1)
