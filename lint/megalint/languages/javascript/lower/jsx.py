"""Lower JSX."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import expressions as lower
from megalint.languages.javascript.lower.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node


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
        return js.Name(tree.span(node), tree.text(node))
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
    name = tree.text(parts[0])
    if len(parts) == 1:
        return js.JsxAttribute(span, name, js.Literal(span, True))
    return js.JsxAttribute(span, name, _value(tree, parts[1]))


def _value(tree: Tree, node: Node) -> js.Expression:
    if node.type == "string":
        return js.Literal(tree.span(node), html.unescape(tree.text(node)[1:-1]))
    return lower.expression(tree, node)


def _children(tree: Tree, node: Node) -> list[js.Expression]:
    """Lower what stands between the tags; neighbouring text is one child."""
    found: list[js.Expression] = []
    run: list[Node] = []
    for child in node.children:
        if child.type in {"jsx_text", "html_character_reference"}:
            run.append(child)
            continue
        _end_text(tree, run, found)
        if child.type == "jsx_expression":
            inner = lower.first(child)
            if inner is not None:
                found.append(lower.expression(tree, inner))
        elif child.type in {"jsx_element", "jsx_self_closing_element", "jsx_fragment"}:
            found.append(lower.expression(tree, child))
    _end_text(tree, run, found)
    return found


def _end_text(tree: Tree, run: list[Node], found: list[js.Expression]) -> None:
    if run:
        text = tree.slice(run[0].start_byte, run[-1].end_byte)
        lines = [line.strip(" \t") for line in text.splitlines()]
        joined = " ".join(line for line in lines if line)
        if joined and not re.fullmatch(r"\s*", text):
            found.append(js.Literal(tree.between(run[0], run[-1]), html.unescape(joined)))
        run.clear()
