"""Bind and assign names and patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import access, expressions
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ArrayValue,
    Either,
    EnvironmentValue,
    External,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import either
from megalint.languages.javascript.evaluate.scopes import Binding
from megalint.values import Form, Known

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter


class _Bind(Protocol):
    """Binds a part of a pattern."""

    def __call__(
        self, target: js.Pattern, part: JsValue, part_form: Form | None = None
    ) -> None: ...


def names(pattern: js.Pattern | None) -> Iterator[str]:
    """Yield the names that *pattern* binds."""
    match pattern:
        case js.Name(_, text):
            yield text
        case js.DefaultPattern(_, target, _):
            yield from names(target)
        case js.ObjectPattern(_, properties, rest):
            for one in properties:
                yield from names(one.target)
            yield from names(rest)
        case js.ArrayPattern(_, elements, rest):
            for element in elements:
                yield from names(element)
            yield from names(rest)
        case _:
            pass


def unknown(reason: str) -> External:
    """Return a value that nobody knows, because of *reason*."""
    return External((reason,))


def alias_form(value: js.Expression | None, context: Context) -> Form | None:
    """Return how ``process.env`` is named by a variable that *value* initialises."""
    inner = expressions.bare(value)
    if access.is_environment_syntax(inner, context):
        return Form.ALIAS
    if access.is_process(inner, context):
        return Form.ENV_OF_PROCESS
    return None


def declare(
    interpreter: Interpreter,
    pattern: js.Pattern,
    value: JsValue,
    context: Context,
    form: Form | None,
) -> None:
    """Bind the names of *pattern* in the scope of *context*."""
    if isinstance(pattern, js.Name):
        binding = _binding(pattern.text, context)
        binding.form = form if isinstance(value, EnvironmentValue) else None
        interpreter.journal.assign(binding, value)
    else:
        _destructure(interpreter, pattern, value, context, form, is_declared=True)


def _binding(name: str, context: Context) -> Binding:
    return context.scope.bindings.setdefault(name, Binding(frame=context.frame))


def assign(interpreter: Interpreter, target: js.Pattern, value: JsValue, context: Context) -> None:
    """Assign to a name, a property or a pattern."""
    match expressions.bare(target) if isinstance(target, js.Expression) else target:
        case js.Name(_, text):
            binding = context.scope.find(text)
            if binding is not None and binding.link is None:
                interpreter.journal.assign(binding, value)
        case js.Member(_, base, key, _, _):
            access.put(interpreter, expressions.evaluate(interpreter, base, context), key, value)
        case js.Index(_, base, index, _):
            holder = expressions.evaluate(interpreter, base, context)
            key_value = expressions.evaluate(interpreter, index, context)
            access.put_index(interpreter, holder, key_value, value)
        case js.ObjectPattern() | js.ArrayPattern() | js.DefaultPattern() as pattern:
            _destructure(interpreter, pattern, value, context, None, is_declared=False)
        case _:
            pass


def _destructure(
    interpreter: Interpreter,
    pattern: js.Pattern,
    value: JsValue,
    context: Context,
    form: Form | None,
    *,
    is_declared: bool,
) -> None:
    def bind(target: js.Pattern, part: JsValue, part_form: Form | None = None) -> None:
        if is_declared:
            declare(interpreter, target, part, context, part_form)
        else:
            assign(interpreter, target, part, context)

    match pattern:
        case js.DefaultPattern(_, target, default):
            bind(target, with_default(interpreter, value, default, context), form)
        case js.ObjectPattern(_, properties, rest):
            taken = [
                _bind_property(interpreter, one, value, context, form, bind) for one in properties
            ]
            if rest is not None:
                bind(rest, access.without(interpreter, value, taken))
        case js.ArrayPattern(_, elements, rest):
            for place, element in enumerate(elements):
                if element is not None:
                    bind(element, access.element(interpreter, value, place))
            if rest is not None:
                bind(rest, access.tail(interpreter, value, len(elements)))
        case _:
            pass


def _bind_property(
    interpreter: Interpreter,
    one: js.PatternProperty,
    value: JsValue,
    context: Context,
    form: Form | None,
    bind: _Bind,
) -> str | None:
    site = context.at(one)
    key = expressions.evaluate(interpreter, one.key, context)
    if not isinstance(key, Known):
        bind(one.target, access.index(interpreter, value, key, site))
        return None
    name = access.key_text(key)
    part = (
        interpreter.read(name, Form.DESTRUCTURED, site)
        if isinstance(value, EnvironmentValue)
        else access.get(interpreter, value, name, site)
    )
    is_environment = form is Form.ENV_OF_PROCESS and name == "env"
    bind(one.target, part, Form.ENV_OF_PROCESS if is_environment else None)
    return name


def with_default(
    interpreter: Interpreter, value: JsValue, default: js.Expression, context: Context
) -> JsValue:
    """Return *value*, or *default* where it is undefined."""
    match value:
        case Known() if value.value is UNDEFINED.value:
            return expressions.evaluate(interpreter, default, context)
        case Known() | ObjectValue() | ArrayValue():
            return value
        case Either(alternatives, flows) if UNDEFINED in alternatives:
            rest = [one for one in alternatives if one != UNDEFINED]
            return either([*rest, expressions.evaluate(interpreter, default, context)], flows)
        case Either():
            return value
        case _:
            other = expressions.evaluate(interpreter, default, context)
            return expressions.defaulted(value, other)
