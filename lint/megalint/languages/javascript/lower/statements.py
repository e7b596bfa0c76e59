"""Lower statements and modules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.lower import expressions as lower
from megalint.languages.javascript.lower import functions
from megalint.languages.javascript.lower.tree import MAX_DEPTH, Tree
from megalint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node


def body(tree: Tree, node: Node | None) -> tuple[js.Statement, ...]:
    """Lower the statements below *node*."""
    if node is None:
        return ()
    return tuple(statement(tree, child) for child in lower.named(node))


def directives(statements: Sequence[js.Statement]) -> tuple[str, ...]:
    """Return the strings that stand alone at the top, such as ``use client``."""
    found: list[str] = []
    for one in statements:
        if not isinstance(one, js.ExpressionStatement) or not isinstance(
            one.expression, js.Literal
        ):
            break
        if isinstance(one.expression.value, str):
            found.append(one.expression.value)
    return tuple(found)


def statement(tree: Tree, node: Node | None) -> js.Statement:
    """Lower one statement; what has no meaning at run time is Empty."""
    if node is None:
        return js.Empty(Span(0, 0))
    handler = _HANDLERS.get(node.type)
    if handler is None:
        return _other(tree, node)
    if tree.depth >= MAX_DEPTH:
        return js.OpaqueStatement(tree.span(node), "nested too deeply")
    tree.depth += 1
    try:
        return handler(tree, node)
    finally:
        tree.depth -= 1


def _other(tree: Tree, node: Node) -> js.Statement:
    span = tree.span(node)
    if node.type in _WITHOUT_EFFECT:
        return js.Empty(span)
    if node.type == "ERROR":
        return js.OpaqueStatement(span, "syntax error")
    is_namespace = node.type in {"internal_module", "module"}
    return js.OpaqueStatement(span, "namespace" if is_namespace else node.type)


def _expression(tree: Tree, node: Node) -> js.Statement:
    inner = lower.first(node)
    if inner is not None and inner.type in {"internal_module", "module"}:
        return js.OpaqueStatement(tree.span(node), "namespace")
    using = lower.first(inner) if inner is not None and inner.type == "await_expression" else inner
    is_assignment = using is not None and using.type == "assignment_expression"
    if using is not None and is_assignment and using.children[0].type == "using":
        return _using(tree, node, using)
    return js.ExpressionStatement(tree.span(node), lower.expression(tree, inner))


def _using(tree: Tree, node: Node, assignment: Node) -> js.Statement:
    """Lower ``using x = y``, which TypeScript's grammar reads as an assignment."""
    target = lower.pattern(tree, lower.field(assignment, "left"))
    value = lower.expression(tree, lower.field(assignment, "right"))
    span = Span(target.span.start, value.span.end)
    return js.Declaration(tree.span(node), "const", (js.Declarator(span, target, value),))


def _declaration(tree: Tree, node: Node) -> js.Statement:
    kind = node.children[0].type if node.children else "var"
    declarators = [
        _declarator(tree, child)
        for child in lower.named(node)
        if child.type == "variable_declarator"
    ]
    return js.Declaration(tree.span(node), _kind(kind), tuple(declarators))


def _kind(keyword: str) -> str:
    return "const" if keyword in {"using", "await"} else keyword


def _declarator(tree: Tree, node: Node) -> js.Declarator:
    value = lower.field(node, "value")
    target = lower.pattern(tree, lower.field(node, "name"))
    lowered = None if value is None else lower.expression(tree, value)
    return js.Declarator(tree.span(node), target, lowered)


def _function(tree: Tree, node: Node) -> js.Statement:
    return js.FunctionDeclaration(tree.span(node), functions.function(tree, node))


def _class(tree: Tree, node: Node) -> js.Statement:
    return js.ClassDeclaration(tree.span(node), functions.class_(tree, node))


def _enum(tree: Tree, node: Node) -> js.Statement:
    name, members = lower.field(node, "name"), lower.field(node, "body")
    found = [] if members is None else [_enum_member(tree, one) for one in lower.named(members)]
    return js.Enum(tree.span(node), "" if name is None else tree.text(name), tuple(found))


def _enum_member(tree: Tree, node: Node) -> js.EnumMember:
    name = lower.field(node, "name") or node
    key, _ = lower.key(tree, name)
    text = str(key.value) if isinstance(key, js.Literal) else tree.text(name)
    value = lower.field(node, "value")
    lowered = None if value is None else lower.expression(tree, value)
    return js.EnumMember(tree.span(node), text, lowered)


def _block(tree: Tree, node: Node) -> js.Statement:
    return js.Block(tree.span(node), body(tree, node))


def _return(tree: Tree, node: Node) -> js.Statement:
    inner = lower.first(node)
    return js.Return(tree.span(node), None if inner is None else lower.expression(tree, inner))


def _throw(tree: Tree, node: Node) -> js.Statement:
    return js.Throw(tree.span(node), lower.expression(tree, lower.first(node)))


def _if(tree: Tree, node: Node) -> js.Statement:
    """Lower a chain of ``else if`` from its end, without recursion on the else."""
    chain: list[Node] = [node]
    last = _else(node)
    while last is not None and last.type == "if_statement":
        chain.append(last)
        last = _else(last)
    result = None if last is None else statement(tree, last)
    for one in reversed(chain):
        test = lower.expression(tree, lower.field(one, "condition"))
        yes = statement(tree, lower.field(one, "consequence"))
        result = js.If(tree.span(one), test, yes, result)
    assert result is not None
    return result


def _else(node: Node) -> Node | None:
    clause = lower.field(node, "alternative")
    return None if clause is None else lower.first(clause)


def _for(tree: Tree, node: Node) -> js.Statement:
    start = lower.field(node, "initializer")
    test = lower.field(node, "condition")
    step = lower.field(node, "increment")
    if test is not None and test.type == "expression_statement":
        test = lower.first(test)
    is_test = test is not None and test.type not in {"empty_statement", ";"}
    return js.For(
        tree.span(node),
        None if start is None else _start(tree, start),
        lower.expression(tree, test) if is_test else None,
        None if step is None else lower.expression(tree, step),
        statement(tree, lower.field(node, "body")),
    )


def _start(tree: Tree, node: Node) -> js.Statement:
    if node.type in _HANDLERS or node.type in _WITHOUT_EFFECT:
        return statement(tree, node)
    return js.ExpressionStatement(tree.span(node), lower.expression(tree, node))


def _for_each(tree: Tree, node: Node) -> js.Statement:
    kind, operator = lower.field(node, "kind"), lower.field(node, "operator")
    return js.ForEach(
        tree.span(node),
        None if kind is None else _kind(tree.text(kind)),
        lower.pattern(tree, lower.field(node, "left")),
        "of" if operator is None else tree.text(operator),
        lower.expression(tree, lower.field(node, "right")),
        statement(tree, lower.field(node, "body")),
    )


def _while(tree: Tree, node: Node) -> js.Statement:
    test = lower.expression(tree, lower.field(node, "condition"))
    inner = statement(tree, lower.field(node, "body"))
    return js.While(tree.span(node), test, inner, node.type == "do_statement")


def _switch(tree: Tree, node: Node) -> js.Statement:
    inner = lower.field(node, "body")
    cases = (
        []
        if inner is None
        else [_case(tree, one) for one in lower.named(inner) if one.type.startswith("switch_")]
    )
    value = lower.expression(tree, lower.field(node, "value"))
    return js.Switch(tree.span(node), value, tuple(cases))


def _case(tree: Tree, node: Node) -> js.Case:
    test = lower.field(node, "value")
    statements = node.children_by_field_name("body")
    lowered = tuple(
        statement(tree, one) for one in statements if one.is_named and one.type != "comment"
    )
    return js.Case(tree.span(node), None if test is None else lower.expression(tree, test), lowered)


def _try(tree: Tree, node: Node) -> js.Statement:
    handler, finalizer = lower.field(node, "handler"), lower.field(node, "finalizer")
    parameter = None if handler is None else lower.field(handler, "parameter")
    return js.Try(
        tree.span(node),
        _inner_block(tree, lower.field(node, "body"), node),
        None if parameter is None else lower.pattern(tree, parameter),
        None if handler is None else _inner_block(tree, lower.field(handler, "body"), handler),
        None
        if finalizer is None
        else _inner_block(tree, lower.field(finalizer, "body"), finalizer),
    )


def _inner_block(tree: Tree, node: Node | None, around: Node) -> js.Block:
    return js.Block(tree.span(node or around), body(tree, node))


def _jump(tree: Tree, node: Node) -> js.Statement:
    label = lower.field(node, "label")
    keyword = node.type.removesuffix("_statement")
    return js.Jump(tree.span(node), keyword, None if label is None else tree.text(label))


def _labelled(tree: Tree, node: Node) -> js.Statement:
    label = lower.field(node, "label")
    inner = statement(tree, lower.field(node, "body"))
    return js.Labelled(tree.span(node), "" if label is None else tree.text(label), inner)


# --- modules -------------------------------------------------------------------------------


def _specifier(tree: Tree, node: Node) -> str | None:
    source = lower.field(node, "source")
    return None if source is None else lower.string_value(tree, source)


def _is_type_only(node: Node) -> bool:
    return any(child.type in {"type", "typeof"} or is_type_star(child) for child in node.children)


def is_type_star(node: Node) -> bool:
    """Whether an error is the ``type`` of ``export type *``, which the grammar does not know."""
    is_error = node.is_error and node.parent is not None and node.parent.type == "export_statement"
    return is_error and [child.type for child in node.children] == ["type"]


def _import(tree: Tree, node: Node) -> js.Statement:
    span = tree.span(node)
    required = next((one for one in node.children if one.type == "import_require_clause"), None)
    if _is_type_only(node):
        return js.Empty(span)
    if required is not None:
        name, specifier = lower.first(required), _specifier(tree, required)
        return js.ImportRequire(span, "" if name is None else tree.text(name), specifier or "")
    specifier = _specifier(tree, node) or ""
    clause = next((one for one in node.children if one.type == "import_clause"), None)
    return js.Import(span, specifier) if clause is None else _clause(tree, node, clause, specifier)


def _clause(tree: Tree, node: Node, clause: Node, specifier: str) -> js.Statement:
    default: str | None = None
    namespace: str | None = None
    names: list[js.ImportedName] = []
    for part in lower.named(clause):
        if part.type == "identifier":
            default = tree.text(part)
        elif part.type == "namespace_import":
            inner = lower.first(part)
            namespace = None if inner is None else tree.text(inner)
        elif part.type == "named_imports":
            names += (_imported(tree, one) for one in lower.named(part) if not _is_type_only(one))
    if default is None and namespace is None and not names and lower.named(clause):
        has_names = any(lower.named(part) for part in lower.named(clause))
        return js.Empty(tree.span(node)) if has_names else js.Import(tree.span(node), specifier)
    return js.Import(tree.span(node), specifier, default, namespace, tuple(names))


def _imported(tree: Tree, node: Node) -> js.ImportedName:
    name, alias = lower.field(node, "name"), lower.field(node, "alias")
    imported = "" if name is None else _export_name(tree, name)
    return js.ImportedName(
        tree.span(node), imported, imported if alias is None else tree.text(alias)
    )


def _export_name(tree: Tree, node: Node) -> str:
    return lower.string_value(tree, node) if node.type == "string" else tree.text(node)


def _export(tree: Tree, node: Node) -> js.Statement:
    span = tree.span(node)
    keywords = {child.type for child in node.children}
    if _is_type_only(node) and "default" not in keywords:
        return js.Empty(span)
    declaration, value = lower.field(node, "declaration"), lower.field(node, "value")
    exported = value or declaration
    if "default" in keywords and exported is not None:
        if exported.type in _WITHOUT_EFFECT:
            return js.Empty(span)
        return js.ExportDefault(span, lower.expression(tree, exported))
    if "=" in keywords:
        return js.ExportAssignment(span, lower.expression(tree, lower.first(node)))
    if declaration is not None:
        return _export_declaration(tree, node, declaration)
    return _export_clause(tree, node)


def _export_declaration(tree: Tree, node: Node, declaration: Node) -> js.Statement:
    lowered = statement(tree, declaration)
    kinds = (js.Declaration, js.FunctionDeclaration, js.ClassDeclaration, js.Enum)
    return js.ExportDeclaration(tree.span(node), lowered) if isinstance(lowered, kinds) else lowered


def _export_clause(tree: Tree, node: Node) -> js.Statement:
    span, specifier = tree.span(node), _specifier(tree, node)
    for part in node.children:
        if part.type == "export_clause":
            names = tuple(
                _exported(tree, one) for one in lower.named(part) if not _is_type_only(one)
            )
            return js.ExportNames(span, names, specifier)
        if part.type == "namespace_export" and specifier is not None:
            inner = lower.first(part)
            return js.ExportAll(
                span, specifier, None if inner is None else _export_name(tree, inner)
            )
    if specifier is not None:
        return js.ExportAll(span, specifier)
    inner = next((one for one in lower.named(node) if one.type == "import_statement"), None)
    return js.Empty(span) if inner is None else statement(tree, inner)


def _exported(tree: Tree, node: Node) -> js.ExportedName:
    name, alias = lower.field(node, "name"), lower.field(node, "alias")
    local = "" if name is None else _export_name(tree, name)
    return js.ExportedName(
        tree.span(node), local, local if alias is None else _export_name(tree, alias)
    )


_WITHOUT_EFFECT: Final = frozenset(
    {
        "empty_statement",
        "type_alias_declaration",
        "interface_declaration",
        "ambient_declaration",
        "function_signature",
        "hash_bang_line",
        "debugger_statement",
        "import_alias",
        "comment",
    }
)
_HANDLERS: Final[dict[str, Callable[[Tree, Node], js.Statement]]] = {
    "expression_statement": _expression,
    "variable_declaration": _declaration,
    "lexical_declaration": _declaration,
    "using_declaration": _declaration,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "enum_declaration": _enum,
    "statement_block": _block,
    "return_statement": _return,
    "throw_statement": _throw,
    "if_statement": _if,
    "for_statement": _for,
    "for_in_statement": _for_each,
    "while_statement": _while,
    "do_statement": _while,
    "switch_statement": _switch,
    "try_statement": _try,
    "break_statement": _jump,
    "continue_statement": _jump,
    "labeled_statement": _labelled,
    "import_statement": _import,
    "export_statement": _export,
}
