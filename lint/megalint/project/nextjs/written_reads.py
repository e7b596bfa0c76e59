"""Reads of the environment as they are written, whether or not anything runs them."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.walk import walk
from megalint.source import Location
from megalint.values import Flow, Form, Read, Scope


def find(module: js.Module) -> Iterator[Flow]:
    """Yield the reads of ``process.env`` that name their variable on the spot."""
    inside: set[int] = set()
    for node in walk(module):
        if isinstance(node, js.Function):
            inside.update(
                id(inner)
                for inner in walk(node)
                if isinstance(inner, js.Member | js.Index | js.Declarator)
            )
    for node in walk(module):
        scope = Scope.CALL if id(node) in inside else Scope.MODULE
        for name, form, place in _named(node):
            location = Location(module.source, place.span)
            read = Read(location, name, form)
            yield Flow(read, scope, (location.labelled("read here"),))


def _named(node: js.Node) -> Iterator[tuple[str, Form, js.Node]]:
    match node:
        case js.Member(_, base, name, _, optional) if _is_environment(base):
            yield name, _form(base, optional=optional), node
        case js.Index(_, base, js.Literal(_, str() as name), _) if _is_environment(base):
            yield name, Form.STRING, node
        case js.Declarator(_, js.ObjectPattern(_, properties, _), js.Expression() as value) if (
            _is_environment(value)
        ):
            for one in properties:
                if isinstance(one.key, js.Literal) and isinstance(one.key.value, str):
                    yield one.key.value, Form.DESTRUCTURED, one
        case _:
            pass


def _is_environment(node: js.Expression) -> bool:
    while isinstance(node, js.Cast):
        node = node.operand
    return (
        isinstance(node, js.Member)
        and node.property == "env"
        and isinstance(node.object, js.Name)
        and node.object.text == "process"
    )


def _form(base: js.Expression, *, optional: bool) -> Form:
    while isinstance(base, js.Cast):
        base = base.operand
    if isinstance(base, js.Member) and base.optional:
        return Form.OPTIONAL_PROCESS
    return Form.OPTIONAL if optional else Form.MEMBER
