"""Lower functions, classes and the members of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import expressions as lower
from megalint.languages.javascript.lower import statements
from megalint.languages.javascript.lower.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node


def function(tree: Tree, node: Node) -> js.Function:
    """Lower a function of any form."""
    name, body = lower.field(node, "name"), lower.field(node, "body")
    lowered = _body(tree, body)
    keywords = {child.type for child in node.children}
    return js.Function(
        tree.span(node),
        tree.text(name) if name is not None and node.type != "method_definition" else None,
        _parameters(tree, node),
        (*_parameter_properties(tree, node), *lowered),
        statements.directives(lowered),
        node.type == "arrow_function",
        "async" in keywords,
        "*" in keywords or node.type.startswith("generator"),
    )


def _body(tree: Tree, node: Node | None) -> tuple[js.Statement, ...]:
    if node is None:
        return ()
    if node.type == "statement_block":
        return statements.body(tree, node)
    return (js.Return(tree.span(node), lower.expression(tree, node)),)


def _parameters(tree: Tree, node: Node) -> tuple[js.Parameter, ...]:
    single = lower.field(node, "parameter")
    if single is not None:
        return (js.Parameter(tree.span(single), lower.pattern(tree, single)),)
    listed = lower.field(node, "parameters")
    nodes = [] if listed is None else lower.named(listed)
    found = (_parameter(tree, one) for one in nodes if one.type != "decorator")
    return tuple(one for one in found if not _is_this(one))


def _is_this(parameter: js.Parameter) -> bool:
    return isinstance(parameter.target, js.This)


def _parameter(tree: Tree, node: Node) -> js.Parameter:
    inner = lower.field(node, "pattern") or node
    target = lower.pattern(tree, inner)
    default = lower.field(node, "value")
    if default is not None:
        target = js.DefaultPattern(tree.span(node), target, lower.expression(tree, default))
    kind = lower.field(node, "type")
    annotation = None if kind is None else tree.text(kind).removeprefix(":").strip()
    return js.Parameter(tree.span(node), target, annotation, inner.type == "rest_pattern")


def _parameter_properties(tree: Tree, node: Node) -> tuple[js.Statement, ...]:
    """Lower ``constructor(private x)``: it assigns ``this.x``."""
    listed = lower.field(node, "parameters")
    if node.type != "method_definition" or listed is None:
        return ()
    found: list[js.Statement] = []
    for one in lower.named(listed):
        inner = lower.field(one, "pattern")
        is_property = any(
            child.type in {"accessibility_modifier", "readonly", "override_modifier"}
            for child in one.children
        )
        if is_property and inner is not None and inner.type == "identifier":
            span, name = tree.span(inner), tree.text(inner)
            target = js.Member(span, js.This(span), name, span)
            assignment = js.Assign(span, "=", target, js.Name(span, name))
            found.append(js.ExpressionStatement(span, assignment))
    return tuple(found)


def object_member(tree: Tree, node: Node) -> js.Property | js.Accessor | js.Spread | None:
    """Lower one member of an object literal."""
    span = tree.span(node)
    if node.type == "spread_element":
        return js.Spread(span, lower.expression(tree, lower.first(node)))
    if node.type == "pair":
        key, is_computed = lower.key(tree, lower.field(node, "key"))
        value = lower.expression(tree, lower.field(node, "value"))
        return js.Property(span, key, value, is_computed)
    if node.type in {"shorthand_property_identifier", "identifier"}:
        name = tree.text(node)
        return js.Property(span, js.Literal(span, name), js.Name(span, name), False, True)
    if node.type == "method_definition":
        key, is_computed = lower.key(tree, lower.field(node, "name"))
        kind = _accessor_kind(node)
        if kind is not None:
            return js.Accessor(span, kind, key, function(tree, node))
        return js.Property(span, key, function(tree, node), is_computed)
    return js.Spread(span, js.Opaque(span, "syntax error")) if node.type == "ERROR" else None


def _accessor_kind(node: Node) -> str | None:
    """Return ``get`` or ``set``; a method of such a name has it as a named node."""
    for child in node.children:
        if child.type in {"get", "set"}:
            return child.type
    return None


def _is_declared(node: Node) -> bool:
    return any(child.type in {"declare", "abstract"} for child in node.children)


def class_(tree: Tree, node: Node) -> js.Class:
    """Lower a class."""
    name, body = lower.field(node, "name"), lower.field(node, "body")
    nodes = [] if body is None else lower.named(body)
    members = (_class_member(tree, one) for one in nodes)
    return js.Class(
        tree.span(node),
        None if name is None else tree.text(name),
        _superclass(tree, node),
        tuple(one for one in members if one is not None),
    )


def _superclass(tree: Tree, node: Node) -> js.Expression | None:
    heritage = next((one for one in node.children if one.type == "class_heritage"), None)
    if heritage is None:
        return None
    clause = next((one for one in heritage.children if one.type == "extends_clause"), heritage)
    if clause is heritage and any(one.type == "implements_clause" for one in heritage.children):
        return None
    value = lower.field(clause, "value") or lower.first(clause)
    return None if value is None else lower.expression(tree, value)


def _class_member(
    tree: Tree, node: Node
) -> js.Field | js.Method | js.Accessor | js.StaticBlock | None:
    span = tree.span(node)
    is_static = any(child.type == "static" for child in node.children)
    if node.type == "method_definition":
        key, _ = lower.key(tree, lower.field(node, "name"))
        kind = _accessor_kind(node)
        lowered = function(tree, node)
        if kind is not None:
            return js.Accessor(span, kind, key, lowered, is_static)
        return js.Method(span, key, lowered, is_static)
    if node.type in {"public_field_definition", "field_definition"} and not _is_declared(node):
        name = lower.field(node, "name") or lower.field(node, "property")
        value = lower.field(node, "value")
        key, _ = lower.key(tree, name)
        lowered_value = None if value is None else lower.expression(tree, value)
        return js.Field(span, key, lowered_value, is_static)
    if node.type == "class_static_block":
        return js.StaticBlock(span, statements.body(tree, lower.field(node, "body")))
    return None
