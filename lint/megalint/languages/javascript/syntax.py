"""The syntax of JavaScript and TypeScript that the evaluator reads.

A file is lowered to these frozen nodes once. They hold no parser object, so they can be kept,
compared, pickled. Types, decorators and comments are gone; what has no meaning here is
:class:`Opaque`. Spans are code-point offsets into the source's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from megalint.source import Location, Source, Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the text."""

    span: Span


class Expression(Node):
    """A node that has a value."""

    __slots__ = ()


class Statement(Node):
    """A node that is executed."""

    __slots__ = ()


# --- expressions ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A string, number, boolean or ``null`` (None); also the text between JSX tags."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class RegularExpression(Expression):
    """``/pattern/flags``."""

    pattern: str
    flags: str


@dataclass(frozen=True, slots=True)
class Template(Expression):
    """A template literal: one more string (cooked) than values."""

    strings: tuple[str, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TaggedTemplate(Expression):
    """``tag`text```."""

    tag: Expression
    template: Template


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """An identifier, as a reference or as a binding; ``undefined`` is one too."""

    text: str


@dataclass(frozen=True, slots=True)
class This(Expression):
    """The keyword ``this``."""


@dataclass(frozen=True, slots=True)
class Super(Expression):
    """``super``, as callee or object."""


@dataclass(frozen=True, slots=True)
class ImportMeta(Expression):
    """``import.meta``."""


@dataclass(frozen=True, slots=True)
class Member(Expression):
    """``object.property`` or ``object?.property``; private names keep their ``#``."""

    object: Expression
    property: str
    property_span: Span
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Index(Expression):
    """``object[index]`` or ``object?.[index]``."""

    object: Expression
    index: Expression
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """``callee(arguments)``; an argument may be a :class:`Spread`."""

    callee: Expression
    arguments: tuple[Expression, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class New(Expression):
    """``new callee(arguments)``."""

    callee: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Spread(Expression):
    """``...operand`` in a call, array, object or JSX element."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """``! - + ~ typeof void delete``."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """Arithmetic, comparison, ``in``, ``instanceof``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logical(Expression):
    """``&& || ??``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    """``test ? yes : no``."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Assign(Expression):
    """``target operator value``; the operator is ``=``, ``+=``, ``||=``, ..."""

    operator: str
    target: Pattern
    value: Expression


@dataclass(frozen=True, slots=True)
class Update(Expression):
    """``++`` and ``--``, before or after their operand."""

    operator: str
    operand: Expression
    is_prefix: bool


@dataclass(frozen=True, slots=True)
class Sequence(Expression):
    """``a, b, c``."""

    expressions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Await(Expression):
    """``await operand``."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Yield(Expression):
    """``yield operand`` or ``yield* operand``."""

    operand: Expression | None
    is_delegate: bool


@dataclass(frozen=True, slots=True)
class ImportCall(Expression):
    """``import(argument)``."""

    argument: Expression


@dataclass(frozen=True, slots=True)
class Cast(Expression):
    """A type-level wrapper: kind is ``as``, ``as const``, ``satisfies``, ``!`` or ``<>``."""

    operand: Expression
    kind: str


@dataclass(frozen=True, slots=True)
class Property(Node):
    """``key: value`` of an object literal; the key of a plain name is a string :class:`Literal`."""

    key: Expression
    value: Expression
    is_computed: bool = False
    is_shorthand: bool = False


@dataclass(frozen=True, slots=True)
class Accessor(Node):
    """``get key() {}`` or ``set key(v) {}`` of an object literal or class."""

    kind: str
    key: Expression
    function: Function
    is_static: bool = False


@dataclass(frozen=True, slots=True)
class Object(Expression):
    """An object literal; members are :class:`Property`, :class:`Accessor`, :class:`Spread`."""

    members: tuple[Property | Accessor | Spread, ...]


@dataclass(frozen=True, slots=True)
class Array(Expression):
    """An array literal; holes are None."""

    elements: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """One parameter: its pattern and the text of its type annotation (without the colon)."""

    target: Pattern
    annotation: str | None = None
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Function(Expression):
    """A function of any form; an arrow with an expression body returns it.

    :attr:`name` is its own name or None. :attr:`directives` are the strings at its top, such as
    ``use server``.
    """

    name: str | None
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    directives: tuple[str, ...] = ()
    is_arrow: bool = False
    is_async: bool = False
    is_generator: bool = False


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A class field."""

    key: Expression
    value: Expression | None
    is_static: bool = False


@dataclass(frozen=True, slots=True)
class Method(Node):
    """A class method, the constructor included."""

    key: Expression
    function: Function
    is_static: bool = False


@dataclass(frozen=True, slots=True)
class StaticBlock(Node):
    """``static { ... }``."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Class(Expression):
    """A class, as expression or inside a declaration."""

    name: str | None
    superclass: Expression | None
    members: tuple[Field | Method | Accessor | StaticBlock, ...]


@dataclass(frozen=True, slots=True)
class JsxAttribute(Node):
    """``name={value}``; a bare ``name`` has the value ``true``."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Jsx(Expression):
    """An element.

    :attr:`tag` is None for a fragment, a string :class:`Literal` for ``<div>``, a :class:`Name` or
    :class:`Member` for a component. Children are in order; text is a :class:`Literal` and never
    blank.
    """

    tag: Expression | None
    attributes: tuple[JsxAttribute | Spread, ...]
    children: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Opaque(Expression):
    """Syntax without a meaning here, or a syntax error: ``reason`` says which."""

    reason: str


# --- patterns ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PatternProperty(Node):
    """``key: target`` of an object pattern; ``{ a }`` has key ``'a'`` and target ``a``."""

    key: Expression
    target: Pattern
    is_computed: bool = False


@dataclass(frozen=True, slots=True)
class ObjectPattern(Node):
    """``{ a, b: c, ...rest }``."""

    properties: tuple[PatternProperty, ...]
    rest: Pattern | None = None


@dataclass(frozen=True, slots=True)
class ArrayPattern(Node):
    """``[a, , b, ...rest]``; holes are None."""

    elements: tuple[Pattern | None, ...]
    rest: Pattern | None = None


@dataclass(frozen=True, slots=True)
class DefaultPattern(Node):
    """``target = default``."""

    target: Pattern
    default: Expression


Pattern = Expression | ObjectPattern | ArrayPattern | DefaultPattern
"""A binding or assignment target; of the expressions only names, members and subscripts occur."""


# --- statements ----------------------------------------------------------------------------


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


# --- modules -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportedName(Node):
    """``imported as local``; type-only names are dropped."""

    imported: str
    local: str


@dataclass(frozen=True, slots=True)
class Import(Statement):
    """``import default, * as namespace, { names } from specifier``; no types."""

    specifier: str
    default: str | None = None
    namespace: str | None = None
    names: tuple[ImportedName, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRequire(Statement):
    """``import local = require(specifier)``; *is_export* for ``export import``."""

    local: str
    specifier: str
    is_export: bool = False


@dataclass(frozen=True, slots=True)
class ExportedName(Node):
    """``local as exported``."""

    local: str
    exported: str


@dataclass(frozen=True, slots=True)
class ExportNames(Statement):
    """``export { a as b }``, with a specifier when re-exported ``from`` another module."""

    names: tuple[ExportedName, ...]
    specifier: str | None = None


@dataclass(frozen=True, slots=True)
class ExportAll(Statement):
    """``export * from specifier``; with ``as exported`` a namespace."""

    specifier: str
    exported: str | None = None


@dataclass(frozen=True, slots=True)
class ExportDeclaration(Statement):
    """``export`` before a declaration."""

    declaration: Declaration | FunctionDeclaration | ClassDeclaration | Enum


@dataclass(frozen=True, slots=True)
class ExportDefault(Statement):
    """``export default value``; a function or class declaration is its expression."""

    value: Expression


@dataclass(frozen=True, slots=True)
class ExportAssignment(Statement):
    """``export = value``."""

    value: Expression


@dataclass(frozen=True, slots=True)
class OpaqueStatement(Statement):
    """A statement without a meaning here (``namespace``, ``with``), or a syntax error."""

    reason: str


@dataclass(frozen=True, slots=True)
class Module:
    """One lowered file.

    :attr:`directives` are the strings at its top (``use client``); :attr:`errors` are the places
    the parser could not read.
    """

    source: Source
    body: tuple[Statement, ...]
    directives: tuple[str, ...] = ()
    errors: tuple[Location, ...] = field(default=())
