"""Lower JSX."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import expressions as lower
from megalint.languages.javascript.lower.literals import MAX_CODE_POINT
from megalint.languages.javascript.lower.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_ENTITY: Final = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{1,10}));")
_CHILDREN: Final = frozenset({"jsx_element", "jsx_self_closing_element", "jsx_fragment", "ERROR"})
_SURROGATES: Final = range(0xD800, 0xE000)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def element(tree: Tree, node: Node) -> js.Jsx:
    """Lower an element or a fragment."""
    opening = lower.field(node, "open_tag") or node
    name = None if opening.type == "jsx_fragment" else lower.field(opening, "name")
    attributes = [
        attribute
        for child in lower.named(opening)
        if (attribute := _attribute(tree, child)) is not None
    ]
    children = [] if opening is node and node.type != "jsx_fragment" else _children(tree, node)
    tag = None if name is None else _tag(tree, name)
    return js.Jsx(tree.span(node), tag, tuple(attributes), tuple(children))


def _tag(tree: Tree, node: Node) -> js.Expression:
    text = tree.text(node)
    if node.type == "identifier" and not text[:1].islower():
        return js.Name(tree.span(node), text)
    if node.type == "member_expression":
        return lower.expression(tree, node)
    if node.type == "nested_identifier":
        return _nested(tree, node)
    return js.Literal(tree.span(node), text)


def _nested(tree: Tree, node: Node) -> js.Expression:
    if node.type != "nested_identifier":
        return lower.expression(tree, node)
    parts = lower.named(node)
    base = _nested(tree, parts[0])
    last = parts[-1]
    return js.Member(tree.span(node), base, tree.text(last), tree.span(last))


def _attribute(tree: Tree, node: Node) -> js.JsxAttribute | js.Spread | None:
    span = tree.span(node)
    if node.type == "jsx_expression":
        inner = lower.first(node)
        is_spread = inner is not None and inner.type == "spread_element"
        return (
            js.Spread(span, lower.expression(tree, lower.first(inner)))
            if is_spread and inner is not None
            else None
        )
    if node.type != "jsx_attribute":
        return None
    parts = lower.named(node)
    name = tree.text(parts[0]) if parts else ""
    if len(parts) <= 1:
        return js.JsxAttribute(span, name, js.Literal(span, True))
    return js.JsxAttribute(span, name, _value(tree, parts[1]))


def _value(tree: Tree, node: Node) -> js.Expression:
    if node.type == "string":
        return js.Literal(tree.span(node), unescaped(tree.text(node)[1:-1]))
    return lower.expression(tree, node)


def _children(tree: Tree, node: Node) -> list[js.Expression]:
    """Lower what stands between the tags; neighbouring text is one child."""
    found: list[js.Expression] = []
    run: list[Node] = []
    for child in node.children:
        if child.type in {"jsx_text", "html_character_reference"} or is_text(child):
            run.append(child)
            continue
        _end_text(tree, run, found)
        if child.type == "jsx_expression":
            inner = lower.first(child)
            if inner is not None:
                found.append(lower.expression(tree, inner))
        elif child.type in _CHILDREN:
            found.append(lower.expression(tree, child))
    _end_text(tree, run, found)
    return found


def _end_text(tree: Tree, run: list[Node], found: list[js.Expression]) -> None:
    if run:
        text = tree.slice(run[0].start_byte, run[-1].end_byte)
        if text and not text.isspace():
            found.append(js.Literal(tree.between(run[0], run[-1]), unescaped(_trimmed(text))))
        run.clear()


def _trimmed(text: str) -> str:
    """Return the text that React keeps: blanks around line ends go, lines join with one space."""
    lines = _LINE_END.split(text)
    last = len(lines) - 1
    for number, line in enumerate(lines):
        start = line if number == 0 else line.lstrip(" \t")
        lines[number] = start if number == last else start.rstrip(" \t")
    return " ".join(line for line in lines if line)


def unescaped(text: str) -> str:
    """Return *text* with its character references resolved; JSX demands their semicolons."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        code = 0x27 if name == "apos" else name2codepoint.get(name)
    else:
        code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = code is not None and code <= MAX_CODE_POINT and code not in _SURROGATES
    return chr(code) if code is not None and is_character else match[0]


def is_text(node: Node) -> bool:
    """Whether an error is a bare ``&`` in text or in an attribute, which is valid JSX."""
    if node.type != "ERROR" or node.parent is None:
        return False
    text = node.text or b""
    is_place = node.parent.type in {"jsx_element", "jsx_fragment", "string"}
    return is_place and text[:1] == b"&" and not any(mark in text for mark in b"{}<>")
