"""Calls: of closures, of what the interpreter provides, of what lies outside the checkout."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import patterns, statements
from megalint.languages.javascript.evaluate.objects import (
    CALL_KEY,
    UNDEFINED,
    ArrayValue,
    Either,
    ElementValue,
    EnvironmentValue,
    External,
    FunctionValue,
    JsValue,
    NativeFunction,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import (
    deep_flows,
    either,
    functions_in,
    with_flows,
)
from megalint.languages.javascript.evaluate.scopes import Binding, Frame, Scope
from megalint.languages.javascript.evaluate.string_methods import tested
from megalint.source import Location
from megalint.values import Known
from megalint.values import Scope as ReadScope

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter

MAX_CALLS = 24
MAX_RECURSION = 2
MAX_INPUTS = 16

Origin = tuple[js.Call, "Context"]


def call(
    interpreter: Interpreter,
    callee: JsValue,
    arguments: tuple[JsValue, ...],
    site: Location,
    this: JsValue = UNDEFINED,
    origin: Origin | None = None,
) -> JsValue:
    """Return what calling *callee* gives; *origin* is the call's syntax where there is one."""
    match callee:
        case FunctionValue():
            return interpreter.host.around(
                interpreter, callee, lambda: _run(interpreter, callee, arguments, this, origin)
            )
        case NativeFunction():
            return callee.run(interpreter, this, arguments, site)
        case Either(alternatives, flows):
            results = [
                call(interpreter, one, arguments, site, this, origin) for one in alternatives
            ]
            return either(results, flows)
        case ObjectValue() if CALL_KEY in callee.properties:
            return call(interpreter, callee.properties[CALL_KEY], arguments, site)
        case External():
            return _call_external(interpreter, callee, arguments, site)
        case Known():
            return UNDEFINED
        case _:
            return opaque(interpreter, ("an unknown function",), (callee, this, *arguments), site)


def _call_external(
    interpreter: Interpreter, callee: External, arguments: tuple[JsValue, ...], site: Location
) -> JsValue:
    if callee.path[0] == "regexp" and callee.path[-1] == "test" and arguments:
        return tested(callee, arguments[0])
    known = interpreter.host.call(interpreter, callee, arguments, site)
    if known is not None:
        return known
    # what a wrapper returned may call what it wraps; a method of it only builds on it
    is_wrapper = callee.path[-1] == "()"
    captured = list(functions_in(callee.inputs)) if is_wrapper else []
    results = [run_unknown(interpreter, function, site) for function in captured[:MAX_INPUTS]]
    path = (*callee.path[:12], "()")
    return opaque(interpreter, path, (*callee.inputs, *results, *arguments), site, arguments)


def opaque(
    interpreter: Interpreter,
    path: tuple[str, ...],
    inputs: tuple[JsValue, ...],
    site: Location,
    arguments: tuple[JsValue, ...] = (),
) -> External:
    """Return what code that nobody knows makes of *inputs*.

    Functions among the *arguments* of a call that happens while something is answered are run
    at once; while a module is loaded they are kept, since that code may only wrap them.
    """
    results: list[JsValue] = []
    if interpreter.read_scope is ReadScope.CALL:
        results = [
            run_unknown(interpreter, function, site)
            for function in list(functions_in(arguments))[:MAX_INPUTS]
        ]
    kept = tuple(_relevant((*inputs, *results)))
    return External(path, kept, deep_flows(*kept))


def _relevant(values: Iterable[JsValue]) -> Iterable[JsValue]:
    kept = 0
    for value in values:
        is_thing = isinstance(
            value,
            ObjectValue | ArrayValue | ElementValue | EnvironmentValue | NativeFunction,
        )
        if (is_thing or deep_flows(value)) and kept < MAX_INPUTS:
            kept += 1
            yield value


def run_unknown(
    interpreter: Interpreter, function: FunctionValue | NativeFunction, site: Location
) -> JsValue:
    """Return what *function* gives when code that nobody knows calls it; noted once a session."""
    ran = interpreter.host.ran()
    if id(function) in ran:
        return ran[id(function)][1]
    ran[id(function)] = (function, External(("a function that calls itself",)))
    result = _run_with_unknown(interpreter, function, site)
    ran[id(function)] = (function, result)
    return result


def _run_with_unknown(
    interpreter: Interpreter, function: FunctionValue | NativeFunction, site: Location
) -> JsValue:
    unknown = External(("an argument given by unknown code",))
    count = len(function.syntax.parameters) if isinstance(function, FunctionValue) else 1
    return call(interpreter, function, (unknown,) * count, site)


def _run(
    interpreter: Interpreter,
    function: FunctionValue,
    arguments: tuple[JsValue, ...],
    this: JsValue,
    origin: Origin | None,
) -> JsValue:
    key = id(function.syntax)
    if len(interpreter.frames) >= MAX_CALLS or interpreter.running.get(key, 0) >= MAX_RECURSION:
        return External(("calls nested too deeply",), arguments, deep_flows(*arguments))
    interpreter.running[key] = interpreter.running.get(key, 0) + 1
    context = _enter(interpreter, function, arguments, this, origin)
    height = context.frame.height
    try:
        completion = statements.run_block(interpreter, function.syntax.body, context)
        flows = interpreter.journal.control(height)
    finally:
        interpreter.running[key] -= 1
        interpreter.frames.pop()
        del interpreter.journal.conditions[height:]
    returns = context.frame.returns
    if function.syntax.is_generator:
        return ArrayValue((), tuple(returns))
    if completion is statements.Completion.NORMAL and returns:
        return either((*returns, with_flows(UNDEFINED, flows)))
    return either(returns)


def _enter(
    interpreter: Interpreter,
    function: FunctionValue,
    arguments: tuple[JsValue, ...],
    this: JsValue,
    origin: Origin | None,
) -> Context:
    scope = Scope(function.scope)
    caller = interpreter.frames[-1] if interpreter.frames else None
    frame = Frame(origin[0] if origin else None, caller, scope, len(interpreter.journal.conditions))
    frame.this = (
        function.this if function.syntax.is_arrow or function.this is not UNDEFINED else this
    )
    frame.home = function.home
    interpreter.frames.append(frame)
    context = interpreter.context(function.source, scope, frame)
    for place, parameter in enumerate(function.syntax.parameters):
        _bind(interpreter, parameter, place, arguments, context)
        if origin is not None:
            _remember_argument(parameter, place, origin, context)
    if function.syntax.name and scope.find(function.syntax.name) is None:
        scope.bindings[function.syntax.name] = Binding(function)
    return context


def _bind(
    interpreter: Interpreter,
    parameter: js.Parameter,
    place: int,
    arguments: tuple[JsValue, ...],
    context: Context,
) -> None:
    value: JsValue = arguments[place] if place < len(arguments) else UNDEFINED
    if parameter.is_rest:
        value = ArrayValue(arguments[place:])
    patterns.declare(interpreter, parameter.target, value, context, None)


def _remember_argument(
    parameter: js.Parameter, place: int, origin: Origin, context: Context
) -> None:
    node, where = origin
    has_spread = any(isinstance(argument, js.Spread) for argument in node.arguments)
    if isinstance(parameter.target, js.Name) and place < len(node.arguments) and not has_spread:
        context.scope.bindings[parameter.target.text].argument = (node.arguments[place], where)
