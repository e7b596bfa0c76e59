"""Statements."""

from __future__ import annotations

from dataclasses import dataclass

from megalint.languages.javascript.syntax.expressions import Class, Function, Pattern
from megalint.languages.javascript.syntax.node import Expression, Node, Statement


@dataclass(frozen=True, slots=True)
class ExpressionStatement(Statement):
    """An expression evaluated for its effect."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Declarator(Node):
    """``target = value`` of a declaration."""

    target: Pattern
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Declaration(Statement):
    """``const``, ``let``, ``var`` (also ``using``, as const)."""

    kind: str
    declarators: tuple[Declarator, ...]


@dataclass(frozen=True, slots=True)
class FunctionDeclaration(Statement):
    """``function name() {}``; hoisted."""

    function: Function


@dataclass(frozen=True, slots=True)
class ClassDeclaration(Statement):
    """``class Name {}``."""

    definition: Class


@dataclass(frozen=True, slots=True)
class EnumMember(Node):
    """``NAME = value`` of an enum."""

    name: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Enum(Statement):
    """A TypeScript enum."""

    name: str
    members: tuple[EnumMember, ...]


@dataclass(frozen=True, slots=True)
class Block(Statement):
    """``{ ... }``."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Return(Statement):
    """``return value``."""

    value: Expression | None


@dataclass(frozen=True, slots=True)
class Throw(Statement):
    """``throw value``."""

    value: Expression


@dataclass(frozen=True, slots=True)
class If(Statement):
    """``if (test) yes else no``."""

    test: Expression
    yes: Statement
    no: Statement | None


@dataclass(frozen=True, slots=True)
class For(Statement):
    """``for (start; test; step) body``."""

    start: Statement | None
    test: Expression | None
    step: Expression | None
    body: Statement


@dataclass(frozen=True, slots=True)
class ForEach(Statement):
    """``for (declaration target of|in iterable) body``; no declaration: an assignment."""

    declaration: str | None
    target: Pattern
    operator: str
    iterable: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class While(Statement):
    """``while (test) body`` and ``do body while (test)``."""

    test: Expression
    body: Statement
    is_do: bool = False


@dataclass(frozen=True, slots=True)
class Case(Node):
    """``case test:``, or ``default:`` when the test is None."""

    test: Expression | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Switch(Statement):
    """``switch (value) { ... }``."""

    value: Expression
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Try(Statement):
    """``try body catch (parameter) handler finally finalizer``."""

    body: Block
    parameter: Pattern | None
    handler: Block | None
    finalizer: Block | None


@dataclass(frozen=True, slots=True)
class Jump(Statement):
    """``break`` or ``continue``."""

    keyword: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled(Statement):
    """``label: body``."""

    label: str
    body: Statement


@dataclass(frozen=True, slots=True)
class Empty(Statement):
    """A statement without effect at run time: ``;``, types, interfaces, ``declare``."""
