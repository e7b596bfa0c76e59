"""Versions in Terraform: groups, fleets, machines, node groups, and modules that make them.

Terraform knows ``aws_launch_template.x.latest_version`` at apply. ``$Latest`` and ``$Default`` are
left to EC2, which reads them whenever a machine starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.languages.hcl.syntax import (
    Argument,
    Attribute,
    Block,
    File,
)
from megalint.languages.hcl.values import HclValue, OneOf, Open
from megalint.project.linked import Project
from megalint.project.terraform.linker import roots
from megalint.project.terraform.module import Module, Resource
from megalint.project.versions.facts import (
    LATEST,
    Dialect,
    TemplateDefinition,
    Use,
    VersionReference,
    Written,
)
from megalint.project.versions.quoting import quoted
from megalint.source import Location
from megalint.text import Text

_HOLDERS: Final = frozenset({"launch_template", "launch_template_specification"})
_NAMES: Final = ("id", "name", "launch_template_id", "launch_template_name")
_TEMPLATE: Final = "aws_launch_template"
_MODULE_ARGUMENT: Final = "launch_template_version"


class _Holder(Struct, frozen=True):
    """A block that names a template, in the resource it belongs to."""

    module: Module
    file: File
    block: Block
    address: str


def references(project: Project) -> Iterator[VersionReference | TemplateDefinition]:
    """Yield the templates of the Terraform of a checkout, and the versions that it names."""
    for module in roots(project):
        yield from _of_module(module)


def _of_module(module: Module) -> Iterator[VersionReference | TemplateDefinition]:
    for resource in module.resources(_TEMPLATE):
        body = resource.block.body
        moves = body.get("update_default_version")
        value = None if moves is None else module.value(moves.expression, resource.file)
        yield TemplateDefinition(
            Dialect.TERRAFORM,
            _name_of(module, resource),
            resource.file.place(resource.block.head),
            moves_default=value not in {None, False} or body.get("default_version") is not None,
            prefix=_text_of(module, resource, "name_prefix"),
        )
    for file, block in module.blocks("resource"):
        address = module.path + ".".join(block.labels)
        for inner in _holders(block):
            yield from _reference(_Holder(module, file, inner, address))
        default = block.body.get("default_version")
        if block.labels[:1] == (_TEMPLATE,) and default is not None:
            yield _named(_Holder(module, file, block, address), default, Use.ACTIVATE)
    for file, block in module.blocks("module"):
        child = module.called(file, block)
        if child is not None:
            yield from _of_module(child)
            continue
        version = block.body.get(_MODULE_ARGUMENT)
        if version is not None:
            address = f"{module.path}module.{'.'.join(block.labels)}"
            yield _named(_Holder(module, file, block, address), version, Use.START)


def _holders(block: Block) -> Iterator[Block]:
    """Yield the blocks that refer to a template, at any depth."""
    for inner in block.body.blocks:
        kind = inner.labels[0] if inner.kind == "dynamic" and inner.labels else inner.kind
        bodies = inner.body.all("content") if inner.kind == "dynamic" else (inner,)
        for one in bodies:
            if kind in _HOLDERS and any(one.body.get(name) for name in _NAMES):
                yield one
            yield from _holders(one)


def _reference(holder: _Holder) -> Iterator[VersionReference]:
    version = holder.block.body.get("version")
    if version is not None:
        yield _named(holder, version, Use.START)
        return
    place = holder.file.place(holder.block.head)
    yield VersionReference(
        Dialect.TERRAFORM,
        Use.START,
        holder.address,
        "version",
        place,
        template=_template(holder),
        is_absent=True,
    )


def _named(holder: _Holder, argument: Argument, use: Use) -> VersionReference:
    place = holder.file.place(argument.expression.span)
    value = holder.module.value(argument.expression, holder.file)
    written = _written(holder, argument, value)
    return VersionReference(
        Dialect.TERRAFORM,
        use,
        holder.address,
        argument.name,
        place,
        tuple(written),
        _template(holder),
    )


def _written(holder: _Holder, argument: Argument, value: HclValue) -> Iterator[Written]:
    is_choice = isinstance(value, OneOf)
    for one in value.alternatives if isinstance(value, OneOf) else (value,):
        text, place = _version(one), holder.module.written_at(argument.expression, holder.file)
        if isinstance(one, Text) and one.location is not None:
            place = one.location
        if text:
            is_here = place.source == holder.file.source and _is_within(place, argument)
            instead = _instead(holder) if is_here else f'"{LATEST}"'
            yield Written(text, quoted(place), instead, is_fallback=is_choice)


def _is_within(place: Location, argument: Argument) -> bool:
    span = argument.expression.span
    return span.start <= place.span.start and place.span.end <= span.end


def _version(value: HclValue) -> str | None:
    if isinstance(value, Text):
        return value.known
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else None


def _template(holder: _Holder) -> str | None:
    value = _identity(holder)
    if isinstance(value, Text):
        return value.known
    name = value.name if isinstance(value, Open) else ""
    for resource in holder.module.resources(_TEMPLATE):
        if name.startswith(f"{holder.module.key}{resource.address}."):
            return _name_of(holder.module, resource)
    return name or None


def _name_of(module: Module, resource: Resource) -> str:
    """Return the name of a template, its address where it has none that is written out."""
    return _text_of(module, resource, "name") or f"{module.path}{resource.address}"


def _text_of(module: Module, resource: Resource, name: str) -> str | None:
    argument = resource.block.body.get(name)
    value = None if argument is None else module.value(argument.expression, resource.file)
    return value.known if isinstance(value, Text) else None


def _identity(holder: _Holder) -> HclValue:
    for name in _NAMES:
        argument = holder.block.body.get(name)
        if argument is not None:
            return holder.module.value(argument.expression, holder.file)
    return None


def _instead(holder: _Holder) -> str | None:
    """Return the attribute of the template that the block refers to, as this file writes it."""
    for name in _NAMES:
        argument = holder.block.body.get(name)
        node = None if argument is None else argument.expression
        if isinstance(node, Attribute):
            owner = holder.file.source[node.object.span]
            if owner.removeprefix("data.").startswith("aws_launch_template."):
                return f"{owner}.latest_version"
    return f'"{LATEST}"'
