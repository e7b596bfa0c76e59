"""The syntax of HCL: frozen nodes with spans into one source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from megalint.source import Location, Source, Span


@dataclass(frozen=True, slots=True)
class Node:
    """Any expression."""

    span: Span


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, true, false or null."""

    value: float | int | bool | None


@dataclass(frozen=True, slots=True)
class TextPart(Node):
    """Characters of a template; :attr:`decoded` where escapes were replaced."""

    decoded: str | None = None


@dataclass(frozen=True, slots=True)
class Interpolation(Node):
    """``${...}``."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class IfDirective(Node):
    """``%{ if }``, ``%{ else }``, ``%{ endif }``."""

    condition: Expression
    yes: tuple[TemplatePart, ...]
    no: tuple[TemplatePart, ...]


@dataclass(frozen=True, slots=True)
class ForDirective(Node):
    """``%{ for x in y }``, ``%{ endfor }``; :attr:`key` None where one name is given."""

    key: str | None
    value: str
    collection: Expression
    body: tuple[TemplatePart, ...]


TemplatePart = TextPart | Interpolation | IfDirective | ForDirective


@dataclass(frozen=True, slots=True)
class Template(Node):
    """A quoted string, a here-document or a template file."""

    parts: tuple[TemplatePart, ...]
    is_heredoc: bool = False
    is_indented: bool = False


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """The first name of a traversal: ``var``, ``local``, ``aws_lb``."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """``object.name``."""

    object: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``object[key]``."""

    object: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Splat(Node):
    """``object[*]`` or ``object.*``, with the attributes after it."""

    object: Expression
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``name(arguments)``; :attr:`spreads` for ``...`` after the last one."""

    name: str
    arguments: tuple[Expression, ...]
    spreads: bool = False


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``-x`` or ``!x``."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic, comparison, ``&&``, ``||``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """``test ? yes : no``."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Tuple(Node):
    """``[a, b]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Object(Node):
    """``{ key = value }``; a key that is a bare name is a :class:`Variable`."""

    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class For(Node):
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


@dataclass(frozen=True, slots=True)
class Argument:
    """``name = expression`` in a body."""

    name: str
    expression: Expression
    name_span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """``type "label" { ... }``."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    head: Span


@dataclass(frozen=True, slots=True)
class Body:
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


@dataclass(frozen=True, slots=True)
class Problem:
    """What Terraform refuses, and where."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class File:
    """A parsed file; :attr:`problems` are what could not be read."""

    source: Source
    body: Body
    problems: tuple[Problem, ...] = ()

    def place(self, span: Span) -> Location:
        """Return the location of a span."""
        return Location(self.source, span)
