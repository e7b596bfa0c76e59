"""Blocks and expressions of Terraform as parts: mappings, lists and texts with their places."""

from __future__ import annotations

from collections.abc import Mapping

from megalint.formats.states_language import Part
from megalint.languages.hcl.syntax import Block, Call, Expression, File, Object, Template, Variable
from megalint.languages.hcl.syntax import Tuple as List
from megalint.languages.hcl.values import HclValue, text_of
from megalint.project.terraform.module import Module
from megalint.source import Location

Names = Mapping[str, HclValue]


def part_of(node: Expression, module: Module, file: File, names: Names | None = None) -> Part:
    """Return an expression as a part: an object as the mapping that ``jsonencode`` makes of it."""
    place = file.place(node.span)
    if isinstance(node, Object):
        entries = ((_key(key, module, file), value) for key, value in node.items)
        return Part({k: part_of(v, module, file, names) for k, v in entries if k}, place)
    if isinstance(node, Call) and node.name == "jsonencode" and node.arguments:
        return part_of(node.arguments[0], module, file, names)
    if isinstance(node, List):
        return Part(tuple(part_of(one, module, file, names) for one in node.items), place)
    return _valued(module.value(node, file, names), place)


def body_of(block: Block, module: Module, file: File, names: Names) -> Part:
    """Return what a block says; blocks in it are lists of mappings, dynamic ones unknown."""
    found = {one.name: part_of(one.expression, module, file, names) for one in block.body.arguments}
    for kind in dict.fromkeys(one.kind for one in block.body.blocks if one.kind != "dynamic"):
        inner = (body_of(one, module, file, names) for one in block.body.all(kind))
        found[kind] = Part(tuple(inner), None)
    for one in block.body.all("dynamic"):
        found |= {label: Part(None, file.place(one.head)) for label in one.labels}
    return Part(found, file.place(block.head))


def _valued(value: HclValue, place: Location) -> Part:
    if isinstance(value, tuple):
        return Part(tuple(_valued(one, place) for one in value), place)
    if isinstance(value, Mapping):
        return Part({key: _valued(one, place) for key, one in value.items()}, place)
    return Part(text_of(value, place), place)


def _key(node: Expression, module: Module, file: File) -> str | None:
    if isinstance(node, Variable):
        return node.name
    value = module.value(node, file) if isinstance(node, Template) else None
    text = None if value is None else text_of(value, file.place(node.span))
    return None if text is None else text.known
