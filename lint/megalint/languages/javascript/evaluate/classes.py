"""Classes and ``new``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import access, calls, expressions, statements
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    ClassValue,
    Either,
    External,
    FunctionValue,
    JsValue,
    NativeFunction,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import either
from megalint.languages.javascript.evaluate.scopes import Binding, Frame, Scope
from megalint.source import Location
from megalint.values import Known

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter


def define(interpreter: Interpreter, node: js.Class, context: Context) -> ClassValue:
    """Return the class, its static members set up."""
    superclass = (
        UNDEFINED
        if node.superclass is None
        else expressions.evaluate(interpreter, node.superclass, context)
    )
    scope = Scope(context.scope)
    value = ClassValue(
        syntax=node,
        source=context.source,
        scope=scope,
        superclass=superclass,
        location=context.at(node),
    )
    if node.name:
        scope.bindings[node.name] = Binding(value)
    if isinstance(superclass, ClassValue):
        value.prototype = superclass
        value.instances.prototype = superclass.instances
    _add_methods(interpreter, value, context)
    static = _member_context(interpreter, value, value, context)
    for member in node.members:
        if isinstance(member, js.Field) and member.is_static:
            _set_field(interpreter, value, member, static)
        elif isinstance(member, js.StaticBlock):
            statements.run_block(interpreter, member.body, static.inner())
    return value


def _add_methods(interpreter: Interpreter, value: ClassValue, context: Context) -> None:
    for member in value.syntax.members:
        if isinstance(member, js.Method | js.Accessor):
            key = expressions.evaluate(interpreter, member.key, context)
            if not isinstance(key, Known):
                continue
            holder: ObjectValue = value if member.is_static else value.instances
            function = FunctionValue(
                syntax=member.function, source=value.source, scope=value.scope, home=value
            )
            if isinstance(member, js.Method):
                holder.properties[access.key_text(key)] = function
            elif member.kind == "get":
                holder.getters[access.key_text(key)] = function


def _member_context(
    interpreter: Interpreter, value: ClassValue, this: ObjectValue, context: Context
) -> Context:
    frame = Frame(None, context.frame, value.scope, len(interpreter.journal.conditions))
    frame.this, frame.home = this, value
    return interpreter.context(value.source, Scope(value.scope), frame)


def _set_field(
    interpreter: Interpreter, target: ObjectValue, member: js.Field, context: Context
) -> None:
    key = expressions.evaluate(interpreter, member.key, context)
    value = (
        UNDEFINED
        if member.value is None
        else expressions.evaluate(interpreter, member.value, context)
    )
    if isinstance(key, Known):
        target.properties[access.key_text(key)] = value
        target.places[access.key_text(key)] = context.at(member)


def construct(
    interpreter: Interpreter, callee: JsValue, arguments: tuple[JsValue, ...], site: Location
) -> JsValue:
    """Return ``new callee(...arguments)``."""
    match callee:
        case ClassValue():
            instance = ObjectValue(prototype=callee.instances, location=site)
            _initialise(interpreter, callee, instance, arguments, site)
            return instance
        case FunctionValue():
            instance = ObjectValue(location=site)
            prototype = callee.properties.get("prototype")
            instance.prototype = prototype if isinstance(prototype, ObjectValue) else None
            made = interpreter.call(callee, arguments, site, instance)
            return made if isinstance(made, ObjectValue) else instance
        case NativeFunction() | ObjectValue():
            return interpreter.call(callee, arguments, site)
        case Either(alternatives, flows):
            return either(
                (construct(interpreter, one, arguments, site) for one in alternatives), flows
            )
        case External():
            constructor = External((*callee.path, "new"), callee.inputs, callee.flows)
            return interpreter.call(constructor, arguments, site)
        case _:
            return calls.opaque(interpreter, ("an unknown class",), arguments, site)


def _initialise(
    interpreter: Interpreter,
    value: ClassValue,
    instance: ObjectValue,
    arguments: tuple[JsValue, ...],
    site: Location,
) -> None:
    """Set the fields and run the constructor; without one, the superclass gets the arguments."""
    constructor = value.instances.properties.get("constructor")
    if constructor is None:
        _initialise_super(interpreter, value, instance, arguments, site)
    context = _member_context(interpreter, value, instance, _outside(interpreter, value))
    for member in value.syntax.members:
        if isinstance(member, js.Field) and not member.is_static:
            _set_field(interpreter, instance, member, context)
    if constructor is not None:
        interpreter.call(constructor, arguments, site, instance)


def _outside(interpreter: Interpreter, value: ClassValue) -> Context:
    frame = interpreter.frames[-1] if interpreter.frames else Frame(None, None, value.scope)
    return interpreter.context(value.source, value.scope, frame)


def _initialise_super(
    interpreter: Interpreter,
    value: ClassValue,
    instance: ObjectValue,
    arguments: tuple[JsValue, ...],
    site: Location,
) -> None:
    if isinstance(value.superclass, ClassValue):
        _initialise(interpreter, value.superclass, instance, arguments, site)
    elif isinstance(value.superclass, External):
        made = construct(interpreter, value.superclass, arguments, site)
        if isinstance(made, External):
            interpreter.journal.put(instance, "\0super", made)


def construct_super(
    interpreter: Interpreter, arguments: tuple[JsValue, ...], site: Location, context: Context
) -> JsValue:
    """Run ``super(...arguments)``."""
    home, this = context.frame.home, context.frame.this
    if home is not None and isinstance(this, ObjectValue):
        _initialise_super(interpreter, home, this, arguments, site)
    return this


def super_member(interpreter: Interpreter, key: str, context: Context) -> JsValue:
    """Return ``super.key``."""
    home = context.frame.home
    if home is not None and isinstance(home.superclass, ClassValue):
        return home.superclass.instances.properties.get(key, UNDEFINED)
    return External(("super", key))
