"""Expressions, and the patterns that bind what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megalint.languages.javascript.syntax.node import Expression, Node
from megalint.source import Span

if TYPE_CHECKING:
    from megalint.languages.javascript.syntax.node import Statement


class Literal(Expression, frozen=True):
    """A string, number, boolean or ``null`` (None); also the text between JSX tags."""

    value: str | int | float | bool | None


class RegularExpression(Expression, frozen=True):
    """``/pattern/flags``."""

    pattern: str
    flags: str


class Template(Expression, frozen=True):
    """A template literal: one more string (cooked) than values."""

    strings: tuple[str, ...]
    values: tuple[Expression, ...]


class TaggedTemplate(Expression, frozen=True):
    """``tag`text```."""

    tag: Expression
    template: Template


class Name(Expression, frozen=True):
    """An identifier, as a reference or as a binding; ``undefined`` is one too."""

    text: str


class This(Expression, frozen=True):
    """The keyword ``this``."""


class Super(Expression, frozen=True):
    """``super``, as callee or object."""


class ImportMeta(Expression, frozen=True):
    """``import.meta``."""


class Member(Expression, frozen=True):
    """``object.property`` or ``object?.property``; private names keep their ``#``."""

    object: Expression
    property: str
    property_span: Span
    optional: bool = False


class Index(Expression, frozen=True):
    """``object[index]`` or ``object?.[index]``."""

    object: Expression
    index: Expression
    optional: bool = False


class Call(Expression, frozen=True):
    """``callee(arguments)``; an argument may be a :class:`Spread`."""

    callee: Expression
    arguments: tuple[Expression, ...]
    optional: bool = False


class New(Expression, frozen=True):
    """``new callee(arguments)``."""

    callee: Expression
    arguments: tuple[Expression, ...]


class Spread(Expression, frozen=True):
    """``...operand`` in a call, array, object or JSX element."""

    operand: Expression


class Unary(Expression, frozen=True):
    """``! - + ~ typeof void delete``."""

    operator: str
    operand: Expression


class Binary(Expression, frozen=True):
    """Arithmetic, comparison, ``in``, ``instanceof``."""

    operator: str
    left: Expression
    right: Expression


class Logical(Expression, frozen=True):
    """``&& || ??``."""

    operator: str
    left: Expression
    right: Expression


class Conditional(Expression, frozen=True):
    """``test ? yes : no``."""

    test: Expression
    yes: Expression
    no: Expression


class Assign(Expression, frozen=True):
    """``target operator value``; the operator is ``=``, ``+=``, ``||=``, ..."""

    operator: str
    target: Pattern
    value: Expression


class Update(Expression, frozen=True):
    """``++`` and ``--``, before or after their operand."""

    operator: str
    operand: Expression
    is_prefix: bool


class Sequence(Expression, frozen=True):
    """``a, b, c``."""

    expressions: tuple[Expression, ...]


class Await(Expression, frozen=True):
    """``await operand``."""

    operand: Expression


class Yield(Expression, frozen=True):
    """``yield operand`` or ``yield* operand``."""

    operand: Expression | None
    is_delegate: bool


class ImportCall(Expression, frozen=True):
    """``import(argument)``."""

    argument: Expression


class Cast(Expression, frozen=True):
    """A type-level wrapper: kind is ``as``, ``as const``, ``satisfies``, ``!`` or ``<>``."""

    operand: Expression
    kind: str


class Property(Node, frozen=True):
    """``key: value`` of an object literal; the key of a plain name is a string :class:`Literal`."""

    key: Expression
    value: Expression
    is_computed: bool = False
    is_shorthand: bool = False


class Accessor(Node, frozen=True):
    """``get key() {}`` or ``set key(v) {}`` of an object literal or class."""

    kind: str
    key: Expression
    function: Function
    is_static: bool = False


class Object(Expression, frozen=True):
    """An object literal; members are :class:`Property`, :class:`Accessor`, :class:`Spread`."""

    members: tuple[Property | Accessor | Spread, ...]


class Array(Expression, frozen=True):
    """An array literal; holes are None."""

    elements: tuple[Expression | None, ...]


class Parameter(Node, frozen=True):
    """One parameter: its pattern and the text of its type annotation (without the colon)."""

    target: Pattern
    annotation: str | None = None
    is_rest: bool = False


class Function(Expression, frozen=True):
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


class Field(Node, frozen=True):
    """A class field."""

    key: Expression
    value: Expression | None
    is_static: bool = False


class Method(Node, frozen=True):
    """A class method, the constructor included."""

    key: Expression
    function: Function
    is_static: bool = False


class StaticBlock(Node, frozen=True):
    """``static { ... }``."""

    body: tuple[Statement, ...]


class Class(Expression, frozen=True):
    """A class, as expression or inside a declaration."""

    name: str | None
    superclass: Expression | None
    members: tuple[Field | Method | Accessor | StaticBlock, ...]


class JsxAttribute(Node, frozen=True):
    """``name={value}``; a bare ``name`` has the value ``true``."""

    name: str
    value: Expression


class Jsx(Expression, frozen=True):
    """An element.

    :attr:`tag` is None for a fragment, a string :class:`Literal` for ``<div>``, a :class:`Name` or
    :class:`Member` for a component. Children are in order; text is a :class:`Literal` and never
    blank.
    """

    tag: Expression | None
    attributes: tuple[JsxAttribute | Spread, ...]
    children: tuple[Expression, ...]


class Opaque(Expression, frozen=True):
    """Syntax without a meaning here, or a syntax error: ``reason`` says which."""

    reason: str


class PatternProperty(Node, frozen=True):
    """``key: target`` of an object pattern; ``{ a }`` has key ``'a'`` and target ``a``."""

    key: Expression
    target: Pattern
    is_computed: bool = False


class ObjectPattern(Node, frozen=True):
    """``{ a, b: c, ...rest }``."""

    properties: tuple[PatternProperty, ...]
    rest: Pattern | None = None


class ArrayPattern(Node, frozen=True):
    """``[a, , b, ...rest]``; holes are None."""

    elements: tuple[Pattern | None, ...]
    rest: Pattern | None = None


class DefaultPattern(Node, frozen=True):
    """``target = default``."""

    target: Pattern
    default: Expression


Pattern = Expression | ObjectPattern | ArrayPattern | DefaultPattern
"""A binding or assignment target; of the expressions only names, members and subscripts occur."""
