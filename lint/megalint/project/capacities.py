"""Desired capacities that state machines and Python code set, by the group they name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.formats.states_language import Part, tasks
from megalint.project.checkout import Checkout
from megalint.project.python_machines import span_of, tree_of
from megalint.project.state_machines import definitions
from megalint.project.versions.contexts import is_test
from megalint.source import Location, Source

_OPERATIONS: Final = frozenset({"setDesiredCapacity", "updateAutoScalingGroup"})
_METHODS: Final = ("set_desired_capacity", "update_auto_scaling_group")
_GROUP: Final = "AutoScalingGroupName"
_WANTED: Final = "DesiredCapacity"
_LIMITS: Final = frozenset({"MinSize", "MaxSize", None})
"""What moves the limits in the same call; None: what is not written out."""
Wanted = tuple[str, int, Location]


def wanted(checkout: Checkout) -> Iterator[Wanted]:
    """Yield group, number and place; a group by its name, or by its key with ``.name`` behind."""
    yield from _of_machines(checkout)
    for source in checkout.of_kind(Kind.PYTHON):
        if any(source.mentions(one) for one in _METHODS) and not is_test(source):
            tree = checkout.parsed(source, tree_of)
            yield from () if tree is None else _of_python(source, tree)


def _of_machines(checkout: Checkout) -> Iterator[Wanted]:
    for definition in definitions(checkout):
        for task in tasks(definition.machine):
            given = task.arguments
            if task.operation not in _OPERATIONS or given.get("MaxSize") or given.get("MinSize"):
                continue
            name, number = _name(given.get(_GROUP)), given.get(_WANTED)
            if name and number is not None and number.number is not None and number.location:
                yield name, number.number, number.location


def _name(given: Part | None) -> str | None:
    if given is None or given.text is not None:
        return None if given is None else given.text
    return None if given.reference is None else f"{given.reference}.name"


# --- Python ---------------------------------------------------------------------------------


def _of_python(source: Source, tree: ast.Module) -> Iterator[Wanted]:
    constants = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        given = {one.arg: one.value for one in node.keywords}
        if node.func.attr not in _METHODS or _LIMITS & given.keys():
            continue
        name, number = _text(given.get(_GROUP), constants), given.get(_WANTED)
        if name and isinstance(number, ast.Constant) and type(number.value) is int:
            yield name, number.value, Location(source, span_of(source, number))


def _constants(tree: ast.Module) -> dict[str, str | None]:
    """Return the names of a module that are one text, and nothing else anywhere in it."""
    found: dict[str, str | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None if node.id in found else ""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                is_text = isinstance(target, ast.Name) and isinstance(node.value.value, str)
                if is_text and isinstance(target, ast.Name) and found.get(target.id) == "":
                    found[target.id] = str(node.value.value)
    return found


def _text(node: ast.expr | None, constants: dict[str, str | None]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants.get(node.id) or None if isinstance(node, ast.Name) else None
