"""Evaluate expressions: what is known becomes values, the rest says why it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from megalint.languages.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    ForDirective,
    IfDirective,
    Index,
    Interpolation,
    Literal,
    Object,
    Splat,
    Template,
    TemplatePart,
    TextPart,
    Tuple,
    Unary,
    Variable,
)
from megalint.languages.hcl.values import (
    HclValue,
    Open,
    equals,
    indexed,
    items_of,
    member,
    number_of,
    one_of,
    reason_of,
    splat,
    text_of,
    truth,
)
from megalint.source import Location, Source, Span
from megalint.text import Text, joined
from megalint.values import Choice

MAX_DEPTH: Final = 40
MAX_ITEMS: Final = 200


class Fault(Struct, frozen=True):
    """What Terraform would refuse while it evaluates, and where."""

    message: str
    location: Location


class Scope(Struct, frozen=True):
    """What names stand for in one source.

    :attr:`names` are local names (``each``, those of ``for``, those that a template is given);
    :attr:`outer` resolves any other traversal, given its names. :attr:`is_closed`: names that are
    not there are a fault, as in a template file.
    """

    source: Source
    names: Mapping[str, HclValue] = field(default_factory=dict[str, HclValue])
    outer: Callable[[tuple[str, ...]], HclValue] = lambda names: Open(".".join(names))
    functions: Mapping[str, Function] = field(default_factory=dict[str, "Function"])
    faults: list[Fault] = field(default_factory=list[Fault])
    is_closed: bool = False

    def place(self, span: Span) -> Location:
        """Return the location of a span."""
        return Location(self.source, span)

    def with_names(self, names: Mapping[str, HclValue]) -> Scope:
        """Return the scope with more local names."""
        known = {**self.names, **names}
        return Scope(self.source, known, self.outer, self.functions, self.faults, self.is_closed)


Function = Callable[[list[HclValue], Call, Scope], HclValue]


def evaluate(node: Expression, scope: Scope, depth: int = 0) -> HclValue:
    """Return the value of an expression; bounded in depth."""
    if depth > MAX_DEPTH:
        return Open("it refers to itself")
    return _Evaluator(scope, depth).value(node)


def render(template: Template, scope: Scope, depth: int = 0) -> HclValue:
    """Return what a template becomes: a text, or the value itself of a lone ``${}``."""
    return _Evaluator(scope, depth).template(template)


class _Evaluator:
    def __init__(self, scope: Scope, depth: int) -> None:
        self._scope = scope
        self._depth = depth

    def value(self, node: Expression) -> HclValue:
        match node:
            case Literal(_, known):
                return known
            case Template():
                return self.template(node)
            case Variable() | Attribute() | Index() | Splat():
                return self._traversal(node)
            case Call():
                return self._call(node)
            case Conditional():
                return self._conditional(node)
            case Unary(_, operator, operand):
                return self._unary(operator, self._next(operand), node.span)
            case Binary():
                return self._binary(node)
            case Tuple(_, items):
                return tuple(self._next(one) for one in items)
            case Object(_, items):
                return {key: value for key, value in self._entries(items)}
            case For():
                return self._for(node)

    def _next(self, node: Expression, scope: Scope | None = None) -> HclValue:
        return evaluate(node, scope or self._scope, self._depth + 1)

    # --- templates -------------------------------------------------------------------------

    def template(self, node: Template) -> HclValue:
        if len(node.parts) == 1 and isinstance(node.parts[0], Interpolation):
            only = self._next(node.parts[0].expression)
            return self._checked(only, node.parts[0].span) if only is None else only
        return self._joined(node.parts, self._scope)

    def _joined(self, parts: tuple[TemplatePart, ...], scope: Scope) -> Text:
        return joined(self._part(part, scope) for part in parts)

    def _part(self, part: TemplatePart, scope: Scope) -> Text:
        place = scope.place(part.span)
        match part:
            case TextPart(_, decoded):
                return Text.at(place) if decoded is None else Text.literal(decoded, place)
            case Interpolation(_, expression):
                value = self._next(expression, scope)
                return text_of(self._checked(value, part.span), place)
            case IfDirective():
                return self._if(part, scope, place)
            case ForDirective():
                return self._loop(part, scope, place)

    def _checked(self, value: HclValue, span: Span) -> HclValue:
        """Return the value; a null, a list or a map in a template is a fault."""
        if value is None:
            message = "the expression is null: a template cannot hold it"
            self._scope.faults.append(Fault(message, self._scope.place(span)))
        elif self._scope.is_closed and isinstance(value, tuple | Mapping):
            message = "the expression is no text: a template cannot hold it"
            self._scope.faults.append(Fault(message, self._scope.place(span)))
        return value

    def _if(self, part: IfDirective, scope: Scope, place: Location) -> Text:
        test = truth(self._next(part.condition, scope))
        if test is not None:
            return self._joined(part.yes if test else part.no, scope)
        yes, no = self._joined(part.yes, scope), self._joined(part.no, scope)
        return Text.opaque(Choice((yes.value, no.value)), place)

    def _loop(self, part: ForDirective, scope: Scope, place: Location) -> Text:
        collection = self._next(part.collection, scope)
        pairs = items_of(collection)
        if pairs is None:
            return Text.opaque(reason_of(collection), place)
        found: list[Text] = []
        for key, value in pairs[:MAX_ITEMS]:
            names = {part.value: value} | ({part.key: key} if part.key else {})
            found.append(self._joined(part.body, scope.with_names(names)))
        return joined(found)

    # --- names -----------------------------------------------------------------------------

    def _traversal(self, node: Expression) -> HclValue:
        names = _names(node)
        if names is not None:
            return self._named(names, node)
        match node:
            case Attribute(_, inner, name):
                return member(self._next(inner), name)
            case Index(_, inner, key):
                return indexed(self._next(inner), self._next(key))
            case Splat(_, inner, tail):
                return splat(self._next(inner), tail)
            case _:
                return Open("an expression")

    def _named(self, names: tuple[str, ...], node: Expression) -> HclValue:
        scope = self._scope
        if names[0] in scope.names:
            value = scope.names[names[0]]
            for name in names[1:]:
                if scope.is_closed and isinstance(value, Text | bool | int | float):
                    fault = Fault(f"there is no `{name}` in it", scope.place(node.span))
                    scope.faults.append(fault)
                value = member(value, name)
            return value
        if scope.is_closed:
            known = "path" if names[0] == "path" else names[0]
            message = f'vars map does not contain key "{known}"'
            scope.faults.append(Fault(message, scope.place(node.span)))
            return Open(f"{names[0]}, which the template is not given", ".".join(names))
        return scope.outer(names)

    def _call(self, node: Call) -> HclValue:
        function = self._scope.functions.get(node.name.removeprefix("core::"))
        arguments: list[HclValue] = []
        if node.name in {"try", "can"}:
            return self._tried(node)
        for one in node.arguments:
            arguments.append(self._next(one))
        if node.spreads and arguments and isinstance(arguments[-1], tuple):
            arguments[-1:] = list(arguments[-1])
        if function is None:
            return Open(f"{node.name}()")
        return function(arguments, node, self._scope)

    def _tried(self, node: Call) -> HclValue:
        for one in node.arguments:
            value = self._next(one)
            if value is not None:
                return value if node.name == "try" else Open("can()")
        return None

    # --- operators -------------------------------------------------------------------------

    def _conditional(self, node: Conditional) -> HclValue:
        test = truth(self._next(node.test))
        if test is not None:
            return self._next(node.yes if test else node.no)
        return one_of(self._next(node.yes), self._next(node.no))

    def _unary(self, operator: str, value: HclValue, span: Span) -> HclValue:
        if operator == "!":
            test = truth(value)
            if test is None and isinstance(value, Text) and value.known is not None:
                message = "`!` wants a boolean: `$${!` keeps it for the shell"
                self._scope.faults.append(Fault(message, self._scope.place(span)))
            return Open("a test") if test is None else not test
        number = number_of(value)
        return Open("a number") if number is None else -number

    def _binary(self, node: Binary) -> HclValue:
        left, right = self._next(node.left), self._next(node.right)
        if node.operator in {"&&", "||"}:
            return _logical(node.operator, truth(left), truth(right))
        if node.operator in {"==", "!="}:
            equal = equals(left, right)
            if equal is None:
                return Open("a comparison")
            return equal if node.operator == "==" else not equal
        one, other = number_of(left), number_of(right)
        if one is None or other is None:
            return Open("a number")
        return _computed(node.operator, one, other)

    # --- collections -----------------------------------------------------------------------

    def _entries(
        self, items: tuple[tuple[Expression, Expression], ...]
    ) -> Iterator[tuple[str, HclValue]]:
        for key, value in items:
            if isinstance(key, Variable):
                yield key.name, self._next(value)
                continue
            name = self._next(key)
            known = name.known if isinstance(name, Text) else None
            if known is None and isinstance(name, int | float):
                known = str(name)
            if known is not None:
                yield known, self._next(value)

    def _for(self, node: For) -> HclValue:
        pairs = items_of(self._next(node.collection))
        if pairs is None:
            return Open("a list")
        listed: list[HclValue] = []
        mapped: dict[str, HclValue] = {}
        for key, value in pairs[:MAX_ITEMS]:
            names = {node.value: value} | ({node.key: key} if node.key else {})
            scope = self._scope.with_names(names)
            if node.condition is not None and truth(self._next(node.condition, scope)) is False:
                continue
            result = self._next(node.result, scope)
            if node.result_key is None:
                listed.append(result)
                continue
            name = self._next(node.result_key, scope)
            if isinstance(name, Text) and name.known is not None:
                mapped[name.known] = result
        return tuple(listed) if node.result_key is None else mapped


def _names(node: Expression) -> tuple[str, ...] | None:
    """Return the names of a plain traversal, literal keys among them."""
    names: list[str] = []
    while True:
        match node:
            case Variable(_, name):
                return (name, *reversed(names))
            case Attribute(_, inner, name):
                names.append(name)
                node = inner
            case Index(_, inner, Literal(_, key)) if isinstance(key, int):
                names.append(str(key))
                node = inner
            case _:
                return None


def _logical(operator: str, left: bool | None, right: bool | None) -> HclValue:
    decides = operator == "||"
    if left is decides or right is decides:
        return decides
    return Open("a test") if left is None or right is None else not decides


def _computed(operator: str, left: float | int, right: float | int) -> HclValue:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
        case _ if right == 0:
            return Open("a number")
        case "%":
            return left % right
        case _:
            result = left / right
            return int(result) if result == int(result) else result
