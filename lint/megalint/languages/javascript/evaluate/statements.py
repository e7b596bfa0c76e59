"""Run statements: in order, both branches of what is not known, loops as often as is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import expressions, loops, patterns
from megalint.languages.javascript.evaluate.journal import Outcome
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import flows_of, with_flows
from megalint.languages.javascript.evaluate.scopes import Binding, ImportLink
from megalint.languages.javascript.evaluate.truth import truth
from megalint.values import Form, Known, merge

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import (
        Context,
        Interpreter,
        ModuleInstance,
    )


class Completion(IntEnum):
    """How a statement ended; a return leaves its value with the frame."""

    NORMAL = 0
    CONTINUE = 1
    BREAK = 2
    RETURN = 3
    THROW = 4

    @property
    def is_over(self) -> bool:
        """Whether the running function ended."""
        return self >= Completion.RETURN


def run_module(
    interpreter: Interpreter, body: Sequence[js.Statement], instance: ModuleInstance
) -> None:
    """Run the body of a module and fill its exports."""
    context = instance.context
    hoist(interpreter, body, context)
    for statement in body:
        _link_exports(statement, instance)
    for statement in body:
        if execute(interpreter, statement, context).is_over:
            return


def _link_exports(statement: js.Statement, instance: ModuleInstance) -> None:
    """Bind exports before the body runs, so that circular imports find them."""
    bindings, exports = instance.context.scope.bindings, instance.exports
    match statement:
        case js.ExportNames(_, names, None):
            for name in names:
                exports[name.exported] = bindings.setdefault(name.local, Binding())
        case js.ExportNames(_, names, specifier) if specifier is not None:
            for name in names:
                exports[name.exported] = Binding(link=ImportLink(specifier, name.local, name))
        case js.ExportAll(_, specifier, None):
            instance.stars.append(specifier)
        case js.ExportAll(_, specifier, exported) if exported is not None:
            exports[exported] = Binding(link=ImportLink(specifier, None, statement))
        case js.ExportDeclaration(_, declaration):
            for declared in declared_names(declaration):
                exports[declared] = bindings.setdefault(declared, Binding())
        case js.ExportDefault(_, value):
            exports["default"] = _default_binding(value, instance)
        case _:
            pass


def _default_binding(value: js.Expression, instance: ModuleInstance) -> Binding:
    named = isinstance(value, js.Function | js.Class) and value.name
    bindings = instance.context.scope.bindings
    return bindings.setdefault(named or "*default*", Binding())


def declared_names(statement: js.Statement) -> list[str]:
    """Return the names a declaration binds."""
    match statement:
        case js.Declaration(_, _, declarators):
            return [name for one in declarators for name in patterns.names(one.target)]
        case js.FunctionDeclaration(_, function) if function.name:
            return [function.name]
        case js.ClassDeclaration(_, definition) if definition.name:
            return [definition.name]
        case js.Enum(_, name, _):
            return [name]
        case _:
            return []


def hoist(interpreter: Interpreter, body: Sequence[js.Statement], context: Context) -> None:
    """Bind what a block declares: functions with their value, imports with their origin."""
    bindings = context.scope.bindings
    for statement in body:
        inner = statement.declaration if isinstance(statement, js.ExportDeclaration) else statement
        for name in declared_names(inner):
            bindings.setdefault(name, Binding(frame=context.frame))
        match inner:
            case js.FunctionDeclaration(_, function) if function.name:
                bindings[function.name].value = expressions.closure(function, context)
            case js.ExportDefault(_, js.Function() as function):
                binding = bindings.setdefault(function.name or "*default*", Binding())
                binding.value = expressions.closure(function, context)
            case js.Import():
                _bind_imports(inner, context)
            case js.ImportRequire(_, local, specifier):
                bindings[local] = Binding(link=ImportLink(specifier, None, inner))
            case _:
                pass


def _bind_imports(statement: js.Import, context: Context) -> None:
    is_process = statement.specifier in {"process", "node:process"}
    bindings = context.scope.bindings
    if statement.default:
        link = ImportLink(statement.specifier, "default", statement)
        bindings[statement.default] = Binding(link=link, is_constant=True)
    if statement.namespace:
        form = Form.IMPORTED_ENV if is_process else None
        link = ImportLink(statement.specifier, None, statement)
        bindings[statement.namespace] = Binding(link=link, form=form, is_constant=True)
    for name in statement.names:
        form = Form.IMPORTED_ENV if is_process and name.imported == "env" else None
        link = ImportLink(statement.specifier, name.imported, name)
        bindings[name.local] = Binding(link=link, form=form, is_constant=True)


def run_block(
    interpreter: Interpreter, body: Sequence[js.Statement], context: Context
) -> Completion:
    """Run the statements of a block whose names are bound in *context*."""
    hoist(interpreter, body, context)
    for statement in body:
        completion = execute(interpreter, statement, context)
        if completion is not Completion.NORMAL:
            return completion
    return Completion.NORMAL


def execute(interpreter: Interpreter, statement: js.Statement, context: Context) -> Completion:
    """Run one statement."""
    interpreter.burn()
    handler = _HANDLERS.get(type(statement))
    return Completion.NORMAL if handler is None else handler(interpreter, statement, context)


def _expression(
    interpreter: Interpreter, node: js.ExpressionStatement, context: Context
) -> Completion:
    expressions.evaluate(interpreter, node.expression, context)
    return Completion.NORMAL


def _declaration(interpreter: Interpreter, node: js.Declaration, context: Context) -> Completion:
    for declarator in node.declarators:
        value = (
            UNDEFINED
            if declarator.value is None
            else expressions.evaluate(interpreter, declarator.value, context)
        )
        form = patterns.alias_form(declarator.value, context)
        patterns.declare(interpreter, declarator.target, value, context, form)
        if node.kind == "const":
            for name in patterns.names(declarator.target):
                context.scope.bindings[name].is_constant = True
    return Completion.NORMAL


def _class(interpreter: Interpreter, node: js.ClassDeclaration, context: Context) -> Completion:
    value = expressions.evaluate(interpreter, node.definition, context)
    if node.definition.name:
        context.scope.bindings[node.definition.name].value = value
    return Completion.NORMAL


def _enum(interpreter: Interpreter, node: js.Enum, context: Context) -> Completion:
    members = ObjectValue()
    for number, member in enumerate(node.members):
        value = (
            Known(number)
            if member.value is None
            else expressions.evaluate(interpreter, member.value, context)
        )
        members.properties[member.name] = value
    context.scope.bindings[node.name].value = members
    return Completion.NORMAL


def _return(interpreter: Interpreter, node: js.Return, context: Context) -> Completion:
    value = (
        UNDEFINED if node.value is None else expressions.evaluate(interpreter, node.value, context)
    )
    frame = context.frame
    frame.returns.append(with_flows(value, interpreter.journal.control(frame.height)))
    return Completion.RETURN


def _throw(interpreter: Interpreter, node: js.Throw, context: Context) -> Completion:
    expressions.evaluate(interpreter, node.value, context)
    return Completion.THROW


def _block(interpreter: Interpreter, node: js.Block, context: Context) -> Completion:
    return run_block(interpreter, node.body, context.inner())


def _if(interpreter: Interpreter, node: js.If, context: Context) -> Completion:
    test = expressions.evaluate(interpreter, node.test, context)
    known = truth(test)
    if known is True:
        return execute(interpreter, node.yes, context)
    if known is False:
        return Completion.NORMAL if node.no is None else execute(interpreter, node.no, context)
    no = node.no
    branches = [
        lambda: execute(interpreter, node.yes, context),
        lambda: Completion.NORMAL if no is None else execute(interpreter, no, context),
    ]
    return fork(interpreter, test, branches, context)


def fork(
    interpreter: Interpreter,
    test: JsValue,
    branches: Sequence[Callable[[], Completion]],
    context: Context,
) -> Completion:
    """Run *branches* of which one happens, and join them.

    Where one of them returned, the rest of the function depends on the test too; a branch that
    throws makes no such difference: nothing is served then.
    """
    journal = interpreter.journal
    flows = flows_of(test)
    early = context.frame.early
    mark = len(early)
    outcomes = [journal.run(branch, flows, lambda result: result.is_over) for branch in branches]
    journal.join(outcomes, flows, context.frame)
    completions = [outcome.result for outcome in outcomes]
    if all(completion.is_over for completion in completions):
        return Completion.RETURN if Completion.RETURN in completions else Completion.THROW
    if Completion.RETURN in completions:
        early.append(flows)
    if len(early) > mark:
        journal.conditions.append(merge(*early[mark:]))
    if all(completion is not Completion.NORMAL for completion in completions):
        return min(completions)
    return Completion.NORMAL


def _switch(interpreter: Interpreter, node: js.Switch, context: Context) -> Completion:
    value = expressions.evaluate(interpreter, node.value, context)
    inner = context.inner()
    tests = [
        None if case.test is None else expressions.evaluate(interpreter, case.test, inner)
        for case in node.cases
    ]
    chosen = _chosen_case(value, tests)
    if chosen is not None:
        return _fall_through(interpreter, node.cases[chosen:], inner)
    branches: list[Callable[[], Completion]] = [
        partial(_fall_through, interpreter, node.cases[start:], inner)
        for start in range(len(node.cases))
    ]
    if all(case.test is not None for case in node.cases):
        branches.append(lambda: Completion.NORMAL)
    return fork(interpreter, value, branches, context)


def _chosen_case(value: JsValue, tests: Sequence[JsValue | None]) -> int | None:
    if not isinstance(value, Known) or not all(
        test is None or isinstance(test, Known) for test in tests
    ):
        return None
    for place, test in enumerate(tests):
        if isinstance(test, Known) and test.value == value.value:
            return place
    return tests.index(None) if None in tests else len(tests)


def _fall_through(
    interpreter: Interpreter, cases: Sequence[js.Case], context: Context
) -> Completion:
    for case in cases:
        completion = run_block(interpreter, case.body, context)
        if completion is Completion.BREAK:
            return Completion.NORMAL
        if completion is not Completion.NORMAL:
            return completion
    return Completion.NORMAL


def _try(interpreter: Interpreter, node: js.Try, context: Context) -> Completion:
    completion = execute(interpreter, node.body, context)
    handler = node.handler
    if handler is not None:
        completion = _caught(interpreter, node, completion, context)
    if node.finalizer is not None:
        last = execute(interpreter, node.finalizer, context)
        completion = completion if last is Completion.NORMAL else last
    return completion


def _caught(
    interpreter: Interpreter, node: js.Try, completion: Completion, context: Context
) -> Completion:
    """Run the handler: for certain after a throw, else as something that may happen."""

    def handle() -> Completion:
        inner = context.inner()
        if node.parameter is not None:
            unknown = patterns.unknown("an exception")
            patterns.declare(interpreter, node.parameter, unknown, inner, None)
        assert node.handler is not None
        return run_block(interpreter, node.handler.body, inner)

    if completion is Completion.THROW:
        return handle()
    outcome = interpreter.journal.run(handle, (), lambda result: result.is_over)
    unchanged: Outcome[Completion] = Outcome(completion, completion.is_over, {})
    interpreter.journal.join([unchanged, outcome], (), context.frame)
    return completion


def _jump(interpreter: Interpreter, node: js.Jump, context: Context) -> Completion:
    return Completion.BREAK if node.keyword == "break" else Completion.CONTINUE


def _labelled(interpreter: Interpreter, node: js.Labelled, context: Context) -> Completion:
    return execute(interpreter, node.body, context)


def _export_declaration(
    interpreter: Interpreter, node: js.ExportDeclaration, context: Context
) -> Completion:
    return execute(interpreter, node.declaration, context)


def _export_default(
    interpreter: Interpreter, node: js.ExportDefault, context: Context
) -> Completion:
    if isinstance(node.value, js.Function):
        return Completion.NORMAL
    name = (isinstance(node.value, js.Class) and node.value.name) or "*default*"
    value = expressions.evaluate(interpreter, node.value, context)
    binding = context.scope.bindings.get(name)
    if binding is not None:  # what follows a syntax error may stand in a block, which has none
        binding.value = value
    return Completion.NORMAL


def _export_assignment(
    interpreter: Interpreter, node: js.ExportAssignment, context: Context
) -> Completion:
    module = context.scope.bindings["module"].value
    if isinstance(module, ObjectValue):
        value = expressions.evaluate(interpreter, node.value, context)
        interpreter.journal.put(module, "exports", value)
    return Completion.NORMAL


_HANDLERS: dict[type[js.Statement], Callable[..., Completion]] = {
    js.ExpressionStatement: _expression,
    js.Declaration: _declaration,
    js.ClassDeclaration: _class,
    js.Enum: _enum,
    js.Return: _return,
    js.Throw: _throw,
    js.Block: _block,
    js.If: _if,
    js.For: loops.run_for,
    js.ForEach: loops.run_for_each,
    js.While: loops.run_while,
    js.Switch: _switch,
    js.Try: _try,
    js.Jump: _jump,
    js.Labelled: _labelled,
    js.ExportDeclaration: _export_declaration,
    js.ExportDefault: _export_default,
    js.ExportAssignment: _export_assignment,
}
