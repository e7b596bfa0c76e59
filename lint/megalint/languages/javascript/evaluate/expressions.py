"""Evaluate expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import access, classes, globals_, patterns
from megalint.languages.javascript.evaluate.arithmetic import add, compute, joined, ways
from megalint.languages.javascript.evaluate.objects import (
    FALSE,
    NULL,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Either,
    ElementValue,
    EnvironmentValue,
    External,
    FunctionValue,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import (
    deep_flows,
    either,
    flows_of,
    via,
    with_flows,
)
from megalint.languages.javascript.evaluate.truth import is_nullish, truth, type_name
from megalint.values import EnvRead, Known, Unknown, settled

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter


def evaluate(interpreter: Interpreter, node: js.Expression, context: Context) -> JsValue:
    """Return the value of *node*."""
    interpreter.burn()
    handler = _HANDLERS.get(type(node))
    if handler is None:
        return Unknown("syntax without a meaning here")
    return handler(interpreter, node, context)


def bare(node: js.Expression | None) -> js.Expression | None:
    """Return *node* without the casts around it."""
    while isinstance(node, js.Cast):
        node = node.operand
    return node


def closure(function: js.Function, context: Context) -> FunctionValue:
    """Return *function* with the names it sees; an arrow keeps the ``this`` around it."""
    return FunctionValue(
        syntax=function,
        source=context.source,
        scope=context.scope,
        this=context.frame.this if function.is_arrow else UNDEFINED,
        location=context.at(function),
    )


def defaulted(value: JsValue, other: JsValue) -> JsValue:
    """Return *value*, or *other* where it is unset."""
    if isinstance(value, EnvRead) and value.default is None:
        if isinstance(other, Known):
            return replace(value, default=other)
        if isinstance(other, EnvRead):
            return either((replace(value, default=other.default), other), value.flows)
    return either((value, other), flows_of(value))


def _literal(_: Interpreter, node: js.Literal, __: Context) -> JsValue:
    return Known(node.value)


def _regular_expression(_: Interpreter, node: js.RegularExpression, __: Context) -> JsValue:
    return External(("regexp", node.pattern, node.flags))


def _template(interpreter: Interpreter, node: js.Template, context: Context) -> JsValue:
    parts: list[JsValue] = [Known(node.strings[0])]
    for value, text in zip(node.values, node.strings[1:], strict=True):
        parts += [evaluate(interpreter, value, context), Known(text)]
    result = joined(parts)
    return via(result, context.at(node, "joined here")) if node.values else result


def _tagged(interpreter: Interpreter, node: js.TaggedTemplate, context: Context) -> JsValue:
    tag = evaluate(interpreter, node.tag, context)
    values = [evaluate(interpreter, value, context) for value in node.template.values]
    texts = ArrayValue(tuple(Known(text) for text in node.template.strings))
    return interpreter.call(tag, (texts, *values), context.at(node))


def _name(interpreter: Interpreter, node: js.Name, context: Context) -> JsValue:
    binding = context.scope.find(node.text)
    if binding is None:
        return globals_.lookup(node.text, interpreter, context)
    return interpreter.value_of(binding, context)


def _this(_: Interpreter, __: js.This, context: Context) -> JsValue:
    return context.frame.this


def _import_meta(_: Interpreter, __: js.ImportMeta, ___: Context) -> JsValue:
    return External(("import.meta",))


def _member(interpreter: Interpreter, node: js.Member, context: Context) -> JsValue:
    if isinstance(node.object, js.Super):
        return classes.super_member(interpreter, node.property, context)
    value = evaluate(interpreter, node.object, context)
    if isinstance(value, EnvironmentValue):
        return access.read_environment(interpreter, node, node.property, context)
    return access.get(interpreter, value, node.property, context.at(node))


def _index(interpreter: Interpreter, node: js.Index, context: Context) -> JsValue:
    value = evaluate(interpreter, node.object, context)
    key = evaluate(interpreter, node.index, context)
    if isinstance(value, EnvironmentValue):
        return access.read_environment_by(interpreter, node, key, context)
    return access.index(interpreter, value, key, context.at(node))


def arguments_of(
    interpreter: Interpreter, nodes: Sequence[js.Expression], context: Context
) -> tuple[JsValue, ...]:
    """Return the values of call arguments, spreads flattened as far as they are known."""
    found: list[JsValue] = []
    for node in nodes:
        if isinstance(node, js.Spread):
            known, maybe = access.items(interpreter, evaluate(interpreter, node.operand, context))
            found += [*known, *maybe]
        else:
            found.append(evaluate(interpreter, node, context))
    return tuple(found)


def _call(interpreter: Interpreter, node: js.Call, context: Context) -> JsValue:
    site = context.at(node)
    callee, this = _callee(interpreter, node.callee, context)
    if node.optional and is_nullish(callee) is True:
        return UNDEFINED
    arguments = arguments_of(interpreter, node.arguments, context)
    if isinstance(node.callee, js.Super):
        return classes.construct_super(interpreter, arguments, site, context)
    from megalint.languages.javascript.evaluate import calls

    return calls.call(interpreter, callee, arguments, site, this, (node, context))


def _callee(
    interpreter: Interpreter, node: js.Expression, context: Context
) -> tuple[JsValue, JsValue]:
    node = bare(node) or node
    if isinstance(node, js.Super):
        return UNDEFINED, UNDEFINED
    if isinstance(node, js.Member) and not isinstance(node.object, js.Super):
        this = evaluate(interpreter, node.object, context)
        if isinstance(this, EnvironmentValue):
            return access.read_environment(interpreter, node, node.property, context), this
        return access.get(interpreter, this, node.property, context.at(node)), this
    if isinstance(node, js.Index):
        this = evaluate(interpreter, node.object, context)
        key = evaluate(interpreter, node.index, context)
        return access.index(interpreter, this, key, context.at(node)), this
    this = context.frame.this if isinstance(node, js.Member) else UNDEFINED
    return evaluate(interpreter, node, context), this


def _new(interpreter: Interpreter, node: js.New, context: Context) -> JsValue:
    callee = evaluate(interpreter, node.callee, context)
    arguments = arguments_of(interpreter, node.arguments, context)
    return classes.construct(interpreter, callee, arguments, context.at(node))


def _unary(interpreter: Interpreter, node: js.Unary, context: Context) -> JsValue:
    if node.operator == "typeof":
        return _typeof(interpreter, node, context)
    value = evaluate(interpreter, node.operand, context)
    if node.operator == "!":
        known = truth(value)
        if known is None:
            return Unknown("a test of an unknown value", flows_of(value))
        return with_flows(FALSE if known else TRUE, flows_of(value))
    if node.operator == "void":
        return UNDEFINED
    if node.operator == "delete":
        return TRUE
    return compute(node.operator, Known(0), value)


def _typeof(interpreter: Interpreter, node: js.Unary, context: Context) -> JsValue:
    operand = bare(node.operand)
    if isinstance(operand, js.Name) and context.scope.find(operand.text) is None:
        kind = globals_.type_of(interpreter, operand.text)
        if kind is not None:
            return Known(kind)
    value = evaluate(interpreter, node.operand, context)
    name = type_name(value)
    return Unknown("the type of an unknown value", flows_of(value)) if name is None else Known(name)


def _binary(interpreter: Interpreter, node: js.Binary, context: Context) -> JsValue:
    if node.operator == "+":
        return _sum(interpreter, node, context)
    left = evaluate(interpreter, node.left, context)
    right = evaluate(interpreter, node.right, context)
    if node.operator == "in":
        return access.has(interpreter, right, left, context.at(node))
    return compute(node.operator, left, right)


def _sum(interpreter: Interpreter, node: js.Binary, context: Context) -> JsValue:
    """Add up a chain from the left without recursion: generated code has thousands of terms."""
    terms: list[js.Expression] = []
    head: js.Expression = node
    while isinstance(head, js.Binary) and head.operator == "+":
        terms.append(head.right)
        head = head.left
    total = evaluate(interpreter, head, context)
    for term in reversed(terms):
        value = evaluate(interpreter, term, context)
        interpreter.burn(ways(total) * ways(value) - 1)
        total = add(total, value)
    return via(total, context.at(node, "joined here"))


def _logical(interpreter: Interpreter, node: js.Logical, context: Context) -> JsValue:
    left = evaluate(interpreter, node.left, context)
    known = is_nullish(left) if node.operator == "??" else truth(left)
    if known is not None:
        goes_on = known is not (node.operator == "||")
        return _right(interpreter, node, left, context) if goes_on else left
    right = _perhaps(interpreter, node.right, left, context)
    if node.operator == "&&":
        return either((_falsy(left), right), flows_of(left))
    _note_default(interpreter, left, right, node, context)
    return defaulted(_without_nullish(left), right)


def _right(interpreter: Interpreter, node: js.Logical, left: JsValue, context: Context) -> JsValue:
    value = evaluate(interpreter, node.right, context)
    flows = settled(flows_of(left))
    return either((value,), flows) if flows else value


def _falsy(value: JsValue) -> JsValue:
    """Return what ``value && x`` gives where value is falsy: nothing that would show."""
    return UNDEFINED if isinstance(value, EnvRead | Unknown | External | Either) else value


def _without_nullish(value: JsValue) -> JsValue:
    if isinstance(value, Either):
        rest = tuple(one for one in value.alternatives if one not in (UNDEFINED, NULL))
        return Either(rest, value.flows) if len(rest) > 1 else either(rest, value.flows)
    return value


def _note_default(
    interpreter: Interpreter, left: JsValue, right: JsValue, node: js.Logical, context: Context
) -> None:
    """Note what stands in for an unset variable, for those who list reads."""
    if isinstance(left, EnvRead):
        interpreter.defaults.setdefault(left.read, (right, context.at(node.right)))


def _perhaps(
    interpreter: Interpreter, node: js.Expression, test: JsValue, context: Context
) -> JsValue:
    """Evaluate what runs only for some values of *test*."""
    journal = interpreter.journal
    flows = flows_of(test)
    branches = [lambda: evaluate(interpreter, node, context), lambda: UNDEFINED]
    outcomes = [journal.run(branch, flows, lambda _: False) for branch in branches]
    journal.join(outcomes, flows, context.frame)
    return outcomes[0].result


def _conditional(interpreter: Interpreter, node: js.Conditional, context: Context) -> JsValue:
    test = evaluate(interpreter, node.test, context)
    flows = flows_of(test)
    known = truth(test)
    if known is not None:
        value = evaluate(interpreter, node.yes if known else node.no, context)
        flows = settled(flows)
        return either((value,), flows) if flows else value
    journal = interpreter.journal
    branches = [
        lambda: evaluate(interpreter, node.yes, context),
        lambda: evaluate(interpreter, node.no, context),
    ]
    outcomes = [journal.run(branch, flows, lambda _: False) for branch in branches]
    journal.join(outcomes, flows, context.frame)
    return either((outcome.result for outcome in outcomes), flows)


def _assign(interpreter: Interpreter, node: js.Assign, context: Context) -> JsValue:
    if node.operator == "=":
        value = evaluate(interpreter, node.value, context)
    elif node.operator in {"||=", "&&=", "??="} and isinstance(node.target, js.Expression):
        logical = js.Logical(node.span, node.operator[:-1], node.target, node.value)
        value = evaluate(interpreter, logical, context)
    elif isinstance(node.target, js.Expression):
        binary = js.Binary(node.span, node.operator[:-1], node.target, node.value)
        value = evaluate(interpreter, binary, context)
    else:
        value = evaluate(interpreter, node.value, context)
    patterns.assign(interpreter, node.target, value, context)
    return value


def _update(interpreter: Interpreter, node: js.Update, context: Context) -> JsValue:
    old = evaluate(interpreter, node.operand, context)
    new = compute(node.operator[0], old, Known(1))
    patterns.assign(interpreter, node.operand, new, context)
    return new if node.is_prefix else old


def _sequence(interpreter: Interpreter, node: js.Sequence, context: Context) -> JsValue:
    value: JsValue = UNDEFINED
    for expression in node.expressions:
        value = evaluate(interpreter, expression, context)
    return value


def _operand(
    interpreter: Interpreter, node: js.Await | js.Cast | js.Spread, context: Context
) -> JsValue:
    return evaluate(interpreter, node.operand, context)


def _await(interpreter: Interpreter, node: js.Await, context: Context) -> JsValue:
    value = evaluate(interpreter, node.operand, context)
    if isinstance(value, External):
        interpreter.host.touched((*value.path, "await"), context.at(node))
    return value


def _yield(interpreter: Interpreter, node: js.Yield, context: Context) -> JsValue:
    value = UNDEFINED if node.operand is None else evaluate(interpreter, node.operand, context)
    context.frame.returns.append(value)
    return External(("sent to a generator",))


def _import_call(interpreter: Interpreter, node: js.ImportCall, context: Context) -> JsValue:
    specifier = evaluate(interpreter, node.argument, context)
    return globals_.load(interpreter, specifier, context)


def _array(interpreter: Interpreter, node: js.Array, context: Context) -> JsValue:
    elements: list[JsValue] = []
    rest: list[JsValue] = []
    for element in node.elements:
        if isinstance(element, js.Spread):
            known, maybe = access.items(
                interpreter, evaluate(interpreter, element.operand, context)
            )
            interpreter.burn(len(known) + len(maybe))
            elements += known
            rest += maybe
        elif element is not None:
            elements.append(evaluate(interpreter, element, context))
        else:
            elements.append(UNDEFINED)
    return ArrayValue(tuple(elements), tuple(rest))


def _object(interpreter: Interpreter, node: js.Object, context: Context) -> JsValue:
    result = ObjectValue(location=context.at(node))
    for member in node.members:
        if isinstance(member, js.Spread):
            access.copy_into(interpreter, result, evaluate(interpreter, member.operand, context))
        elif isinstance(member, js.Accessor):
            _define_accessor(interpreter, result, member, context)
        else:
            _define_property(interpreter, result, member, context)
    return result


def _define_accessor(
    interpreter: Interpreter, target: ObjectValue, member: js.Accessor, context: Context
) -> None:
    key = evaluate(interpreter, member.key, context)
    if member.kind == "get" and isinstance(key, Known):
        function = closure(member.function, context)
        function.this = target
        target.getters[access.key_text(key)] = function


def _define_property(
    interpreter: Interpreter, target: ObjectValue, member: js.Property, context: Context
) -> None:
    key = evaluate(interpreter, member.key, context)
    value = evaluate(interpreter, member.value, context)
    if isinstance(key, Known):
        name = access.key_text(key)
        target.properties[name] = value
        target.places[name] = context.at(member)
    else:
        access.put_index(interpreter, target, key, with_flows(value, deep_flows(key)))


def _function(_: Interpreter, node: js.Function, context: Context) -> JsValue:
    return closure(node, context)


def _class(interpreter: Interpreter, node: js.Class, context: Context) -> JsValue:
    return classes.define(interpreter, node, context)


def _jsx(interpreter: Interpreter, node: js.Jsx, context: Context) -> JsValue:
    properties = ObjectValue(location=context.at(node))
    tag: JsValue = Known(None) if node.tag is None else evaluate(interpreter, node.tag, context)
    for attribute in node.attributes:
        if isinstance(attribute, js.Spread):
            spread = evaluate(interpreter, attribute.operand, context)
            access.copy_into(interpreter, properties, spread)
        else:
            value = evaluate(interpreter, attribute.value, context)
            step = context.at(attribute.value, "shown here")
            properties.properties[attribute.name] = via(value, step)
            properties.places[attribute.name] = context.at(attribute)
    children = tuple(
        via(child, context.at(syntax, "shown here"))
        for syntax in node.children
        for child in arguments_of(interpreter, (syntax,), context)
    )
    if children:
        properties.properties["children"] = (
            children[0] if len(children) == 1 else ArrayValue(children)
        )
    return ElementValue(tag, properties, context.at(node), context.source)


_HANDLERS: dict[type[js.Expression], Callable[..., JsValue]] = {
    js.Literal: _literal,
    js.RegularExpression: _regular_expression,
    js.Template: _template,
    js.TaggedTemplate: _tagged,
    js.Name: _name,
    js.This: _this,
    js.ImportMeta: _import_meta,
    js.Member: _member,
    js.Index: _index,
    js.Call: _call,
    js.New: _new,
    js.Unary: _unary,
    js.Binary: _binary,
    js.Logical: _logical,
    js.Conditional: _conditional,
    js.Assign: _assign,
    js.Update: _update,
    js.Sequence: _sequence,
    js.Await: _await,
    js.Cast: _operand,
    js.Spread: _operand,
    js.Yield: _yield,
    js.ImportCall: _import_call,
    js.Array: _array,
    js.Object: _object,
    js.Function: _function,
    js.Class: _class,
    js.Jsx: _jsx,
}
