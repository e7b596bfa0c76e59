"""Loops: exact over what is known and short, else once as something that may happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import access, expressions, patterns, statements
from megalint.languages.javascript.evaluate.objects import JsValue
from megalint.languages.javascript.evaluate.truth import truth

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context, Interpreter
    from megalint.languages.javascript.evaluate.statements import Completion

MAX_TURNS = 64


def run_for_each(interpreter: Interpreter, node: js.ForEach, context: Context) -> Completion:
    """Run ``for (x of y)`` and ``for (x in y)``."""
    iterable = expressions.evaluate(interpreter, node.iterable, context)
    if node.operator == "in":
        iterable = access.keys(interpreter, iterable)
    known, maybe = access.items(interpreter, iterable)

    def turn(item: JsValue) -> Completion:
        inner = context.inner()
        if node.declaration is None:
            patterns.assign(interpreter, node.target, item, inner)
        else:
            patterns.declare(interpreter, node.target, item, inner, None)
        return statements.execute(interpreter, node.body, inner)

    for item in known[:MAX_TURNS]:
        completion = turn(item)
        if completion is statements.Completion.BREAK:
            return statements.Completion.NORMAL
        if completion.is_over:
            return completion
    for item in (*known[MAX_TURNS : MAX_TURNS + 1], *maybe):
        _perhaps(interpreter, iterable, lambda item=item: turn(item), context)  # type: ignore[misc]
    return statements.Completion.NORMAL


def _perhaps(
    interpreter: Interpreter,
    test: JsValue,
    turn: Callable[[], Completion],
    context: Context,
) -> None:
    statements.fork(interpreter, test, [turn, lambda: statements.Completion.NORMAL], context)


def run_for(interpreter: Interpreter, node: js.For, context: Context) -> Completion:
    """Run ``for (;;)``."""
    inner = context.inner()
    if node.start is not None:
        statements.hoist(interpreter, (node.start,), inner)
        statements.execute(interpreter, node.start, inner)
    return _repeat(interpreter, node.test, node.body, node.step, inner)


def run_while(interpreter: Interpreter, node: js.While, context: Context) -> Completion:
    """Run ``while`` and ``do``."""
    if node.is_do:
        completion = statements.execute(interpreter, node.body, context)
        if completion.is_over:
            return completion
        if completion is statements.Completion.BREAK:
            return statements.Completion.NORMAL
    return _repeat(interpreter, node.test, node.body, None, context)


def _repeat(
    interpreter: Interpreter,
    test: js.Expression | None,
    body: js.Statement,
    step: js.Expression | None,
    context: Context,
) -> Completion:
    for _ in range(MAX_TURNS):
        value = None if test is None else expressions.evaluate(interpreter, test, context)
        known = True if value is None else truth(value)
        if known is False:
            break
        if known is None and value is not None:
            _perhaps(
                interpreter, value, lambda: statements.execute(interpreter, body, context), context
            )
            break
        completion = statements.execute(interpreter, body, context)
        if completion is statements.Completion.BREAK:
            break
        if completion.is_over:
            return completion
        if step is not None:
            expressions.evaluate(interpreter, step, context)
    return statements.Completion.NORMAL
