"""Statements."""

from __future__ import annotations

from megalint.languages.javascript.syntax.expressions import Class, Function, Pattern
from megalint.languages.javascript.syntax.node import Expression, Node, Statement


class ExpressionStatement(Statement, frozen=True):
    """An expression evaluated for its effect."""

    expression: Expression


class Declarator(Node, frozen=True):
    """``target = value`` of a declaration."""

    target: Pattern
    value: Expression | None


class Declaration(Statement, frozen=True):
    """``const``, ``let``, ``var`` (also ``using``, as const)."""

    kind: str
    declarators: tuple[Declarator, ...]


class FunctionDeclaration(Statement, frozen=True):
    """``function name() {}``; hoisted."""

    function: Function


class ClassDeclaration(Statement, frozen=True):
    """``class Name {}``."""

    definition: Class


class EnumMember(Node, frozen=True):
    """``NAME = value`` of an enum."""

    name: str
    value: Expression | None


class Enum(Statement, frozen=True):
    """A TypeScript enum."""

    name: str
    members: tuple[EnumMember, ...]


class Block(Statement, frozen=True):
    """``{ ... }``."""

    body: tuple[Statement, ...]


class Return(Statement, frozen=True):
    """``return value``."""

    value: Expression | None


class Throw(Statement, frozen=True):
    """``throw value``."""

    value: Expression


class If(Statement, frozen=True):
    """``if (test) yes else no``."""

    test: Expression
    yes: Statement
    no: Statement | None


class For(Statement, frozen=True):
    """``for (start; test; step) body``."""

    start: Statement | None
    test: Expression | None
    step: Expression | None
    body: Statement


class ForEach(Statement, frozen=True):
    """``for (declaration target of|in iterable) body``; no declaration: an assignment."""

    declaration: str | None
    target: Pattern
    operator: str
    iterable: Expression
    body: Statement


class While(Statement, frozen=True):
    """``while (test) body`` and ``do body while (test)``."""

    test: Expression
    body: Statement
    is_do: bool = False


class Case(Node, frozen=True):
    """``case test:``, or ``default:`` when the test is None."""

    test: Expression | None
    body: tuple[Statement, ...]


class Switch(Statement, frozen=True):
    """``switch (value) { ... }``."""

    value: Expression
    cases: tuple[Case, ...]


class Try(Statement, frozen=True):
    """``try body catch (parameter) handler finally finalizer``."""

    body: Block
    parameter: Pattern | None
    handler: Block | None
    finalizer: Block | None


class Jump(Statement, frozen=True):
    """``break`` or ``continue``."""

    keyword: str
    label: str | None = None


class Labelled(Statement, frozen=True):
    """``label: body``."""

    label: str
    body: Statement


class Empty(Statement, frozen=True):
    """A statement without effect at run time: ``;``, types, interfaces, ``declare``."""
