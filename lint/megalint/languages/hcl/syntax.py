"""The syntax of HCL: frozen nodes with spans into one source."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from megalint.source import Location, Source, Span


class Node(Struct, frozen=True):
    """Any expression."""

    span: Span


class Literal(Node, frozen=True):
    """A number, true, false or null."""

    value: float | int | bool | None


class TextPart(Node, frozen=True):
    """Characters of a template; :attr:`decoded` where escapes were replaced."""

    decoded: str | None = None


class Interpolation(Node, frozen=True):
    """``${...}``."""

    expression: Expression


class IfDirective(Node, frozen=True):
    """``%{ if }``, ``%{ else }``, ``%{ endif }``."""

    condition: Expression
    yes: tuple[TemplatePart, ...]
    no: tuple[TemplatePart, ...]


class ForDirective(Node, frozen=True):
    """``%{ for x in y }``, ``%{ endfor }``; :attr:`key` None where one name is given."""

    key: str | None
    value: str
    collection: Expression
    body: tuple[TemplatePart, ...]


TemplatePart = TextPart | Interpolation | IfDirective | ForDirective


class Template(Node, frozen=True):
    """A quoted string, a here-document or a template file."""

    parts: tuple[TemplatePart, ...]
    is_heredoc: bool = False
    is_indented: bool = False


class Variable(Node, frozen=True):
    """The first name of a traversal: ``var``, ``local``, ``aws_lb``."""

    name: str


class Attribute(Node, frozen=True):
    """``object.name``."""

    object: Expression
    name: str


class Index(Node, frozen=True):
    """``object[key]``."""

    object: Expression
    key: Expression


class Splat(Node, frozen=True):
    """``object[*]`` or ``object.*``, with the attributes after it."""

    object: Expression
    names: tuple[str, ...]


class Call(Node, frozen=True):
    """``name(arguments)``; :attr:`spreads` for ``...`` after the last one."""

    name: str
    arguments: tuple[Expression, ...]
    spreads: bool = False


class Unary(Node, frozen=True):
    """``-x`` or ``!x``."""

    operator: str
    operand: Expression


class Binary(Node, frozen=True):
    """Arithmetic, comparison, ``&&``, ``||``."""

    operator: str
    left: Expression
    right: Expression


class Conditional(Node, frozen=True):
    """``test ? yes : no``."""

    test: Expression
    yes: Expression
    no: Expression


class Tuple(Node, frozen=True):
    """``[a, b]``."""

    items: tuple[Expression, ...]


class Object(Node, frozen=True):
    """``{ key = value }``; a key that is a bare name is a :class:`Variable`."""

    items: tuple[tuple[Expression, Expression], ...]


class For(Node, frozen=True):
    """``[for ...]`` or ``{for ...}``; :attr:`result_key` None for a list."""

    key: str | None
    value: str
    collection: Expression
    result_key: Expression | None
    result: Expression
    condition: Expression | None
    groups: bool = False


Expression = (
    Literal
    | Template
    | Variable
    | Attribute
    | Index
    | Splat
    | Call
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | For
)


class Argument(Struct, frozen=True):
    """``name = expression`` in a body."""

    name: str
    expression: Expression
    name_span: Span


class Block(Struct, frozen=True):
    """``type "label" { ... }``."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    head: Span


class Body(Struct, frozen=True):
    """Arguments and blocks, in order."""

    arguments: tuple[Argument, ...] = ()
    blocks: tuple[Block, ...] = ()

    def get(self, name: str) -> Argument | None:
        """Return the argument called *name*."""
        return next((one for one in self.arguments if one.name == name), None)

    def all(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of one kind, those of ``dynamic`` among them."""
        for one in self.blocks:
            if one.kind == kind:
                yield one
            elif one.kind == "dynamic" and one.labels == (kind,):
                yield from one.body.all("content")


class Problem(Struct, frozen=True):
    """What Terraform refuses, and where."""

    message: str
    span: Span


class File(Struct, frozen=True):
    """A parsed file; :attr:`problems` are what could not be read."""

    source: Source
    body: Body
    problems: tuple[Problem, ...] = ()

    def place(self, span: Span) -> Location:
        """Return the location of a span."""
        return Location(self.source, span)
