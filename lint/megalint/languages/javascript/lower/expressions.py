"""Lower expressions and patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import functions, jsx
from megalint.languages.javascript.lower.literals import cooked, number, template_text
from megalint.languages.javascript.lower.tree import MAX_DEPTH, Tree
from megalint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_EXTRAS: Final = frozenset({"comment", "html_comment", "hash_bang_line"})
_LOGICAL: Final = frozenset({"&&", "||", "??"})


def expression(tree: Tree, node: Node | None) -> js.Expression:
    """Lower one expression; what is missing or too deep is Opaque."""
    if node is None:
        return js.Opaque(Span(0, 0), "missing")
    handler = _HANDLERS.get(node.type)
    if handler is None:
        return js.Opaque(tree.span(node), "syntax error" if node.is_error else node.type)
    if tree.depth >= MAX_DEPTH:
        return js.Opaque(tree.span(node), "nested too deeply")
    tree.depth += 1
    try:
        return handler(tree, node)
    finally:
        tree.depth -= 1


def named(node: Node) -> list[Node]:
    """Return the named children of *node*, comments left out."""
    return [child for child in node.named_children if child.type not in _EXTRAS]


def field(node: Node, name: str) -> Node | None:
    """Return the child in a field."""
    return node.child_by_field_name(name)


def first(node: Node) -> Node | None:
    """Return the first named child that is no comment."""
    children = named(node)
    return children[0] if children else None


def _literal(value: bool | None) -> Callable[[Tree, Node], js.Expression]:
    return lambda tree, node: js.Literal(tree.span(node), value)


def _string(tree: Tree, node: Node) -> js.Expression:
    return js.Literal(tree.span(node), string_value(tree, node))


def string_value(tree: Tree, node: Node) -> str:
    """Return the value of a string literal."""
    text = tree.text(node)
    closing = len(text) > 1 and text[-1] == text[0]
    return cooked(text[1 : -1 if closing else None])


def _number(tree: Tree, node: Node) -> js.Expression:
    return js.Literal(tree.span(node), number(tree.text(node)))


def _regex(tree: Tree, node: Node) -> js.Expression:
    pattern, flags = field(node, "pattern"), field(node, "flags")
    return js.RegularExpression(
        tree.span(node),
        "" if pattern is None else tree.text(pattern),
        "" if flags is None else tree.text(flags),
    )


def template(tree: Tree, node: Node) -> js.Template:
    """Lower a template literal."""
    texts: list[str] = []
    values: list[js.Expression] = []
    start = node.start_byte + 1
    for child in node.children:
        if child.type == "template_substitution":
            texts.append(template_text(tree.slice(start, child.start_byte)))
            values.append(expression(tree, first(child)))
            start = child.end_byte
    texts.append(template_text(tree.slice(start, max(node.end_byte - 1, start))))
    return js.Template(tree.span(node), tuple(texts), tuple(values))


def _name(tree: Tree, node: Node) -> js.Expression:
    if node.is_missing:
        return js.Opaque(tree.span(node), "missing")
    text = tree.text(node)
    # the grammar has no other node for the start of <this.a>
    return js.This(tree.span(node)) if text == "this" else js.Name(tree.span(node), text)


def _is_optional(tree: Tree, node: Node, holder: Node | None) -> bool:
    """Whether ``?.`` follows the *holder*; most often one look at the text tells."""
    start = node.start_byte if holder is None else holder.end_byte
    if not tree.has_question_mark(start, node.end_byte):
        return False
    return any(child.type in {"optional_chain", "?."} for child in node.children)


def _member(tree: Tree, node: Node) -> js.Expression:
    key = field(node, "property")
    holder = field(node, "object")
    if holder is not None and holder.type == "import":
        return js.ImportMeta(tree.span(node))
    if key is None:
        return js.Opaque(tree.span(node), "missing property")
    is_optional = _is_optional(tree, node, holder)
    base = expression(tree, holder)
    return js.Member(tree.span(node), base, tree.text(key), tree.span(key), is_optional)


def _meta(tree: Tree, node: Node) -> js.Expression:
    if node.children and node.children[0].type == "new":
        return js.Opaque(tree.span(node), "new.target")
    return js.ImportMeta(tree.span(node))


def _index(tree: Tree, node: Node) -> js.Expression:
    holder = field(node, "object")
    base = expression(tree, holder)
    index = expression(tree, field(node, "index"))
    return js.Index(tree.span(node), base, index, _is_optional(tree, node, holder))


def call_arguments(tree: Tree, node: Node | None) -> tuple[js.Expression, ...]:
    """Lower call arguments."""
    return () if node is None else tuple(expression(tree, child) for child in named(node))


def _call(tree: Tree, node: Node) -> js.Expression:
    callee, given = field(node, "function"), field(node, "arguments")
    if callee is not None and callee.type == "import":
        arguments = call_arguments(tree, given)
        if arguments:
            return js.ImportCall(tree.span(node), arguments[0])
        return js.Opaque(tree.span(node), "import without argument")
    if given is not None and given.type == "template_string":
        return _tagged(tree, node, callee, given)
    is_optional = _is_optional(tree, node, callee)
    return js.Call(
        tree.span(node), expression(tree, callee), call_arguments(tree, given), is_optional
    )


def _tagged(tree: Tree, node: Node, tag: Node | None, given: Node) -> js.Expression:
    """Lower a tagged template.

    With type arguments the grammar takes all that stands before them for the tag, such as
    ``x = await`` in ``x = await tag<T>`text```: the template goes to the end of that.
    """
    edge = typed_tag(tag)
    if edge is None or tag is None:
        return js.TaggedTemplate(tree.span(node), expression(tree, tag), template(tree, given))
    tree.templates[edge.id] = given
    return expression(tree, _without_gap(tag))


def _instantiation(tree: Tree, node: Node) -> js.Expression:
    given, operand = tree.templates.pop(node.id, None), first(node)
    if given is None:
        return js.Cast(tree.span(node), expression(tree, operand), "<>")
    is_await = operand is not None and operand.type == "await_expression"
    tag = first(operand) if operand is not None and is_await else operand
    span = tree.between(tag or node, given)
    tagged = js.TaggedTemplate(span, expression(tree, tag), template(tree, given))
    return js.Await(tree.between(node, given), tagged) if is_await else tagged


def typed_tag(tag: Node | None) -> Node | None:
    """Return the ``tag<T>`` at the end of what the grammar took for the tag of a template."""
    edge = None if tag is None else _without_gap(tag)
    while edge is not None and edge.type != "instantiation_expression":
        children = edge.named_children
        is_open = bool(children) and children[-1].end_byte == edge.end_byte
        edge = children[-1] if is_open else None
    return edge


def _without_gap(tag: Node) -> Node:
    """Drop the ``!`` that the grammar misses between type arguments and a template."""
    is_gap = tag.type == "non_null_expression" and tag.children[-1].is_missing
    return tag.children[0] if is_gap else tag


def _new(tree: Tree, node: Node) -> js.Expression:
    callee = expression(tree, field(node, "constructor"))
    return js.New(tree.span(node), callee, call_arguments(tree, field(node, "arguments")))


def _spread(tree: Tree, node: Node) -> js.Expression:
    return js.Spread(tree.span(node), expression(tree, first(node)))


def _unary(tree: Tree, node: Node) -> js.Expression:
    operator = field(node, "operator")
    text = "" if operator is None else tree.text(operator)
    return js.Unary(tree.span(node), text, expression(tree, field(node, "argument")))


def _comparison_tag(tree: Tree, node: Node) -> js.Expression | None:
    """Lower ``tag<T>`text```, which TypeScript's grammar reads as two comparisons."""
    left, text = field(node, "left"), field(node, "right")
    if left is None or text is None or text.type != "template_string" or not tree.is_typescript:
        return None
    operator, middle = field(node, "operator"), field(left, "operator")
    if operator is None or operator.type != ">" or middle is None or middle.type != "<":
        return None
    operand = field(left, "left")
    is_await = operand is not None and operand.type == "await_expression"
    tag = first(operand) if operand is not None and is_await else operand
    lowered, span = expression(tree, tag), tree.between(tag or node, node)
    tagged = js.TaggedTemplate(span, lowered, template(tree, text))
    return js.Await(tree.span(node), tagged) if is_await else tagged


def _binary(tree: Tree, node: Node) -> js.Expression:
    """Lower a chain of operators from its left end, without recursion on the left."""
    tagged = _comparison_tag(tree, node)
    if tagged is not None:
        return tagged
    chain = [node]
    left = field(node, "left")
    while left is not None and left.type == "binary_expression":
        chain.append(left)
        left = field(left, "left")
    result = expression(tree, left)
    for one in reversed(chain):
        operator = field(one, "operator")
        text = "" if operator is None else tree.text(operator)
        right = expression(tree, field(one, "right"))
        kind = js.Logical if text in _LOGICAL else js.Binary
        result = kind(tree.span(one), text, result, right)
    return result


def _conditional(tree: Tree, node: Node) -> js.Expression:
    return js.Conditional(
        tree.span(node),
        expression(tree, field(node, "condition")),
        expression(tree, field(node, "consequence")),
        expression(tree, field(node, "alternative")),
    )


def _assign(tree: Tree, node: Node) -> js.Expression:
    operator = field(node, "operator")
    text = "=" if operator is None else tree.text(operator)
    target = pattern(tree, field(node, "left"))
    return js.Assign(tree.span(node), text, target, expression(tree, field(node, "right")))


def _update(tree: Tree, node: Node) -> js.Expression:
    operator, operand = field(node, "operator"), field(node, "argument")
    text = "++" if operator is None else tree.text(operator)
    is_prefix = operator is not None and operator.start_byte == node.start_byte
    return js.Update(tree.span(node), text, expression(tree, operand), is_prefix)


def _sequence(tree: Tree, node: Node) -> js.Expression:
    return js.Sequence(tree.span(node), tuple(expression(tree, child) for child in named(node)))


def _await(tree: Tree, node: Node) -> js.Expression:
    return js.Await(tree.span(node), expression(tree, first(node)))


def _yield(tree: Tree, node: Node) -> js.Expression:
    operand = first(node)
    is_delegate = any(child.type == "*" for child in node.children)
    lowered = None if operand is None else expression(tree, operand)
    return js.Yield(tree.span(node), lowered, is_delegate)


def _parenthesized(tree: Tree, node: Node) -> js.Expression:
    """Drop parentheses, however many, without recursion."""
    inner: Node | None = node
    while inner is not None and inner.type == "parenthesized_expression":
        inner = first(inner)
    return expression(tree, inner)


def _cast(tree: Tree, node: Node) -> js.Expression:
    kind = {
        "non_null_expression": "!",
        "satisfies_expression": "satisfies",
        "type_assertion": "<>",
    }.get(node.type, "as")
    children = named(node)
    operand = children[-1] if node.type == "type_assertion" and children else first(node)
    if kind == "as" and len(children) == 1:
        kind = "as const"
    return js.Cast(tree.span(node), expression(tree, operand), kind)


def _array(tree: Tree, node: Node) -> js.Expression:
    elements: list[js.Expression | None] = []
    is_hole = True
    for child in node.children[1:-1]:
        if child.type == ",":
            if is_hole:
                elements.append(None)
            is_hole = True
        elif child.type != "comment":
            elements.append(expression(tree, child))
            is_hole = False
    return js.Array(tree.span(node), tuple(elements))


def key(tree: Tree, node: Node | None) -> tuple[js.Expression, bool]:
    """Lower a property name, and say whether it is computed."""
    if node is None:
        return js.Opaque(Span(0, 0), "missing"), False
    if node.type == "computed_property_name":
        return expression(tree, first(node)), True
    if node.type in {"string", "number"}:
        return expression(tree, node), False
    return js.Literal(tree.span(node), tree.text(node)), False


def _object(tree: Tree, node: Node) -> js.Expression:
    members = (functions.object_member(tree, child) for child in named(node))
    return js.Object(tree.span(node), tuple(one for one in members if one is not None))


# --- patterns ------------------------------------------------------------------------------


def pattern(tree: Tree, node: Node | None) -> js.Pattern:
    """Lower a binding or assignment target."""
    if node is None:
        return js.Opaque(Span(0, 0), "missing")
    if tree.depth >= MAX_DEPTH:
        return js.Opaque(tree.span(node), "nested too deeply")
    tree.depth += 1
    try:
        return _pattern(tree, node)
    finally:
        tree.depth -= 1


def _pattern(tree: Tree, node: Node) -> js.Pattern:
    if node.type == "object_pattern":
        return _object_pattern(tree, node)
    if node.type == "array_pattern":
        return _array_pattern(tree, node)
    if node.type in {"assignment_pattern", "object_assignment_pattern"}:
        target = pattern(tree, field(node, "left"))
        return js.DefaultPattern(tree.span(node), target, expression(tree, field(node, "right")))
    if node.type in {"shorthand_property_identifier_pattern", "shorthand_property_identifier"}:
        return js.Name(tree.span(node), tree.text(node))
    if node.type == "rest_pattern":
        return pattern(tree, first(node))
    return expression(tree, node)


def _object_pattern(tree: Tree, node: Node) -> js.ObjectPattern:
    properties: list[js.PatternProperty] = []
    rest: js.Pattern | None = None
    for child in named(node):
        if child.type == "rest_pattern":
            rest = pattern(tree, first(child))
        elif child.type == "pair_pattern":
            name, is_computed = key(tree, field(child, "key"))
            target = pattern(tree, field(child, "value"))
            properties.append(js.PatternProperty(tree.span(child), name, target, is_computed))
        else:
            properties.append(_shorthand(tree, child))
    return js.ObjectPattern(tree.span(node), tuple(properties), rest)


def _shorthand(tree: Tree, node: Node) -> js.PatternProperty:
    target = pattern(tree, node)
    inner = target.target if isinstance(target, js.DefaultPattern) else target
    name = inner.text if isinstance(inner, js.Name) else ""
    return js.PatternProperty(tree.span(node), js.Literal(inner.span, name), target)


def _array_pattern(tree: Tree, node: Node) -> js.ArrayPattern:
    elements: list[js.Pattern | None] = []
    rest: js.Pattern | None = None
    is_hole = True
    for child in node.children[1:-1]:
        if child.type == ",":
            if is_hole:
                elements.append(None)
            is_hole = True
        elif child.type == "rest_pattern":
            rest, is_hole = pattern(tree, first(child)), False
        elif child.type != "comment":
            elements.append(pattern(tree, child))
            is_hole = False
    return js.ArrayPattern(tree.span(node), tuple(elements), rest)


def patterns(tree: Tree, nodes: Iterable[Node]) -> tuple[js.Pattern, ...]:
    """Lower several patterns."""
    return tuple(pattern(tree, node) for node in nodes)


def _function(tree: Tree, node: Node) -> js.Expression:
    return functions.function(tree, node)


def _class(tree: Tree, node: Node) -> js.Expression:
    return functions.class_(tree, node)


def _element(tree: Tree, node: Node) -> js.Expression:
    return jsx.element(tree, node)


def _wrapped(tree: Tree, node: Node) -> js.Expression:
    return expression(tree, first(node))


_HANDLERS: Final[dict[str, Callable[[Tree, Node], js.Expression]]] = {
    "string": _string,
    "number": _number,
    "true": _literal(True),
    "false": _literal(False),
    "null": _literal(None),
    "undefined": _name,
    "regex": _regex,
    "template_string": template,
    "identifier": _name,
    "shorthand_property_identifier": _name,
    "property_identifier": _name,
    "private_property_identifier": _name,
    "this": lambda tree, node: js.This(tree.span(node)),
    "super": lambda tree, node: js.Super(tree.span(node)),
    "meta_property": _meta,
    "member_expression": _member,
    "subscript_expression": _index,
    "call_expression": _call,
    "new_expression": _new,
    "spread_element": _spread,
    "unary_expression": _unary,
    "binary_expression": _binary,
    "ternary_expression": _conditional,
    "assignment_expression": _assign,
    "augmented_assignment_expression": _assign,
    "update_expression": _update,
    "sequence_expression": _sequence,
    "await_expression": _await,
    "yield_expression": _yield,
    "parenthesized_expression": _parenthesized,
    "as_expression": _cast,
    "satisfies_expression": _cast,
    "non_null_expression": _cast,
    "type_assertion": _cast,
    "instantiation_expression": _instantiation,
    "array": _array,
    "object": _object,
    "arrow_function": _function,
    "function_expression": _function,
    "function": _function,
    "function_declaration": _function,
    "generator_function": _function,
    "generator_function_declaration": _function,
    "class": _class,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "jsx_element": _element,
    "jsx_self_closing_element": _element,
    "jsx_fragment": _element,
    "jsx_expression": _wrapped,
}
