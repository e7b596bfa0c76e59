"""Expressions, and the patterns that bind what they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from megalint.languages.javascript.syntax.node import Expression, Node
from megalint.source import Span

if TYPE_CHECKING:
    from megalint.languages.javascript.syntax.node import Statement


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
