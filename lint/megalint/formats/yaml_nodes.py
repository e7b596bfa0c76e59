"""YAML as nodes that know their place: read, never constructed, so no tag runs anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from megalint.source import Span
from megalint.text import Text, joined

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode"]
MAX_SIZE: Final = 1_000_000
"""In characters; a longer file is none that people wrote."""
MAX_DEPTH: Final = 200
MAX_NODES: Final = 500_000
_FLOW: Final = re.compile(r"[\[\]{}]")


class Unreadable(Exception):
    """The text is no YAML; :attr:`at` is the offset of the error."""

    def __init__(self, at: int) -> None:
        super().__init__("no YAML")
        self.at = at


def composed(text: str) -> Node | None:
    """Return the root node, None where there is none or too much; raises :class:`Unreadable`."""
    if len(text) > MAX_SIZE or _depth(text) > MAX_DEPTH:
        return None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return root if _size(root, {}) <= MAX_NODES else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(mark.index if mark is not None else 0) from error


def _depth(text: str) -> int:
    """Return how deep flow collections nest at most: reading takes the square of it."""
    depth = deepest = 0
    for sign in _FLOW.findall(text):
        depth = max(depth + (1 if sign in "[{" else -1), 0)
        deepest = max(deepest, depth)
    return deepest


def _size(node: Node | None, known: dict[int, int]) -> int:
    """Return how many nodes there are when every alias is followed; endless for a circle."""
    if not isinstance(node, MappingNode | SequenceNode):
        return 1
    if id(node) not in known:
        known[id(node)] = MAX_NODES + 1
        pairs = node.value if isinstance(node, MappingNode) else [node.value]
        inner = sum(_size(one, known) for pair in pairs for one in pair)
        known[id(node)] = min(inner + 1, MAX_NODES + 1)
    return known[id(node)]


def span(node: Node) -> Span:
    """Return where a node stands in the text."""
    return Span(node.start_mark.index, node.end_mark.index)


def members(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a mapping whose keys are texts."""
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if isinstance(key, ScalarNode):
            yield key.value, value


def get(node: Node | None, *names: str) -> Node | None:
    """Return what lies under *names*, or None."""
    for name in names:
        node = next((value for key, value in members(node) if key == name), None)
    return node


def plain(node: Node | None) -> str:
    """Return the text of a scalar; empty for anything else."""
    return str(node.value) if isinstance(node, ScalarNode) else ""


def elements(node: Node | None) -> list[Node]:
    """Return the elements of a sequence."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def scalar(text: Text, node: Node | None) -> Text:
    """Return a scalar of *text*; a literal block keeps the place of each line."""
    if not isinstance(node, ScalarNode):
        return Text()
    whole = text[span(node)]
    if node.style == "|" and (found := _block(whole, node.value)) is not None:
        return found
    at = whole.flat.find(node.value) if node.value else -1
    if at >= 0:
        return whole[at : at + len(node.value)]
    return Text.literal(node.value, whole.location)


def _block(whole: Text, value: str) -> Text | None:
    """Return the lines of a literal block without their indentation; None where they differ."""
    lines = iter(list(whole.lines())[1:])
    end = Text.literal("\n")
    parts: list[Text] = []
    for wanted in value.split("\n"):
        line = next(lines, None)
        if line is None or not line.flat.endswith(wanted):
            if wanted:
                return None
            line = Text()
        parts += [line[len(line) - len(wanted) :] if wanted else Text(), end]
    made = joined(parts)[: len(value)]
    return made if made.flat == value else None
