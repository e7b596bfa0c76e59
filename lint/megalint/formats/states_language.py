"""State machines in the Amazon States Language, wherever they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from megalint.formats.yaml_nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Unreadable,
    composed,
    elements,
    members,
    scalar,
    span,
)
from megalint.numerals import is_whole
from megalint.source import Location
from megalint.text import Text
from megalint.values import Unknown

_MAX_DEPTH: Final = 40
_TRUTHS: Final = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
_INSTANCE: Final = re.compile(r"\.\d+$")
"""Which one of those that ``count`` makes."""
_SDK: Final = ":states:::aws-sdk:"
_INVOKE: Final = ":states:::lambda:invoke"


class Part(Struct, frozen=True):
    """A value in a machine or a resource: a mapping, a list or a text, None where not known."""

    value: Mapping[str, Part] | tuple[Part, ...] | Text | None
    location: Location | None

    def get(self, *keys: str) -> Part | None:
        """Return what lies under *keys*."""
        found: Part | None = self
        for key in keys:
            held = None if found is None else found.value
            found = held.get(key) if isinstance(held, Mapping) else None
        return found

    def first(self, *keys: str) -> Part | None:
        """Return what lies under the first of *keys* that there is: dialects differ in words."""
        return next((one for key in keys if (one := self.get(key)) is not None), None)

    @property
    def text(self) -> str | None:
        """The text, where it is one and known."""
        return self.value.known if isinstance(self.value, Text) else None

    @property
    def reference(self) -> str | None:
        """The resource that it refers to, by what no other of the checkout has.

        That holds a path; a variable or a local of Terraform has none.
        """
        pieces = self.value.pieces if isinstance(self.value, Text) else ()
        unknown = pieces[0].unknown if len(pieces) == 1 else None
        name = unknown.name if isinstance(unknown, Unknown) else ""
        is_key = "/" in name or ":" in name
        return _INSTANCE.sub("", name.rpartition(".")[0]) if is_key else None

    @property
    def truth(self) -> bool | None:
        """The boolean, as YAML writes it, where it is one and known."""
        return _TRUTHS.get((self.text or "").lower())

    @property
    def number(self) -> int | None:
        """The whole number, where it is one and known."""
        text = self.text or ""
        return int(text) if is_whole(text) else None

    @property
    def items(self) -> tuple[Part, ...]:
        """The elements of a list; of anything else none."""
        return self.value if isinstance(self.value, tuple) else ()

    def walk(self, depth: int = 0) -> Iterator[Part]:
        """Yield the part and those in it."""
        yield self
        held = self.value
        inner = tuple(held.values()) if isinstance(held, Mapping) else held
        for one in inner if isinstance(inner, tuple) and depth < _MAX_DEPTH else ():
            yield from one.walk(depth + 1)


class Task(Struct, frozen=True):
    """A state that calls something.

    :attr:`operation` is that of an SDK integration (``createLaunchTemplateVersion``), or None;
    :attr:`function` names the Lambda function it invokes, as far as it is written;
    :attr:`arguments` are what it is given.
    """

    name: str
    operation: str | None
    function: str | None
    arguments: Part


def machines(text: Text) -> Iterator[Part]:
    """Yield the state machines in a JSON or YAML text, at any depth."""
    try:
        root = composed(text.flat)
    except Unreadable:
        return
    yield from _machines(text, root, 0)


def _machines(text: Text, node: Node | None, depth: int) -> Iterator[Part]:
    keys = {key for key, _ in members(node)}
    if {"StartAt", "States"} <= keys and node is not None:
        yield part(text, node)
        return
    if isinstance(node, ScalarNode) and '"StartAt"' in node.value:
        inner = scalar(text, node)
        if inner.flat.lstrip().startswith("{") and inner.flat != text.flat:
            yield from machines(inner)
    for one in [value for _, value in members(node)] or elements(node):
        if depth < _MAX_DEPTH:
            yield from _machines(text, one, depth + 1)


def part(text: Text, node: Node) -> Part:
    """Return a YAML node of *text* as a part."""
    place = text.locate(span(node))
    if isinstance(node, MappingNode) and node.tag.endswith(":map"):
        return Part({key: part(text, value) for key, value in members(node)}, place)
    if isinstance(node, SequenceNode) and node.tag.endswith(":seq"):
        return Part(tuple(part(text, one) for one in elements(node)), place)
    if isinstance(node, ScalarNode) and not node.tag.startswith("!"):
        return Part(scalar(text, node), place)
    return Part(None, place)


def unfolded(given: Part) -> Part | None:
    """Return a part as it is, one that is JSON or YAML in a text as what that says.

    None for a text that is neither.
    """
    if not isinstance(given.value, Text):
        return given
    try:
        root = composed(given.value.flat)
    except Unreadable:
        return None
    return None if root is None else part(given.value, root)


def states(scope: Part) -> Mapping[str, Part]:
    """Return the states of a machine or of a branch, by name."""
    held = scope.get("States")
    return held.value if held is not None and isinstance(held.value, Mapping) else {}


def tasks(machine: Part) -> Iterator[Task]:
    """Yield the states of a machine that call something, those of branches and maps too."""
    for one in machine.walk():
        for name, state in states(one).items():
            task = _task(name, state)
            if task is not None:
                yield task


def _task(name: str, state: Part) -> Task | None:
    resource = state.get("Resource")
    arn = "" if resource is None else (resource.text or "")
    given = state.get("Arguments") or state.get("Parameters")
    if given is None:
        return None
    if _SDK in arn:
        return Task(name, arn.partition(_SDK)[2].split(":")[-1].split(".")[0], None, given)
    payload = given.get("Payload") if _INVOKE in arn else given
    if payload is None:
        return None
    function = given.get("FunctionName") if _INVOKE in arn else resource
    written = "" if function is None or function.location is None else function.location.text
    return Task(name, None, written, payload)
