"""What the arguments of call sites are, by the constants in reach: a reader of names, no evaluator.

It follows names to ``const`` declarations, functions and imports, and joins text. Whatever may
change, or depends on a caller, is :class:`Unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.walk import walk
from megalint.source import Span
from megalint.values import Choice, Joined, Known, Unknown, Value

MAX_DEPTH: Final = 24
MAX_PATTERNS: Final = 8

_WHOLE: Final = Span(0, 1 << 60)
_OWN_ORIGINS: Final = (
    "window.location.origin",
    "location.origin",
    "window.location.href",
    "location.href",
)
_SAME_TEXT: Final = frozenset({"toString", "trim"})


class Bound(Struct, frozen=True):
    """An expression of a module, or a function, that a name stands for."""

    module: js.Module
    expression: js.Expression


class Outside(Struct, frozen=True):
    """A name that a package exports; ``default`` and ``*`` are names too."""

    specifier: str
    name: str


class Global(Struct, frozen=True):
    """A name that its module declares nowhere."""

    name: str


Target = Bound | Outside | Global
Load = Callable[[js.Module, str], js.Module | None]
"""From an importing module and a specifier to the module meant, None when it is a package's."""

_Binding = js.Expression | Outside | None


def _no_module(module: js.Module, specifier: str) -> None:
    """Know no module but the one that is read."""


class Constants:
    """The constants of modules; each module is indexed once."""

    def __init__(self, load: Load = _no_module) -> None:
        self._load = load
        self._indexes: dict[PurePosixPath, _Index] = {}

    def target(self, module: js.Module, name: js.Name, depth: int = 0) -> Target | None:
        """Return what *name* stands for at its place; None for what may change."""
        index = self._index(module)
        if name.text not in index.bindings:
            return Global(name.text)
        return self._follow(module, index.at(name), depth)

    def value(self, module: js.Module, node: js.Expression, depth: int = 0) -> Value:
        """Return the value of *node*, as far as constants tell."""
        if depth > MAX_DEPTH:
            return Unknown("too deep")
        match node:
            case js.Literal(_, value):
                return Known(value)
            case js.Template(_, strings, values):
                parts: list[Value] = [Known(strings[0])]
                for inner, text in zip(values, strings[1:], strict=True):
                    parts += [self.value(module, inner, depth + 1), Known(text)]
                return Joined(tuple(parts))
            case js.Binary(_, "+", left, right):
                sides = (left, right)
                return Joined(tuple(self.value(module, one, depth + 1) for one in sides))
            case js.Cast(_, operand, _):
                return self.value(module, operand, depth + 1)
            case js.Conditional(_, _, yes, no):
                return Choice(tuple(self.value(module, one, depth + 1) for one in (yes, no)))
            case js.Logical(_, "||" | "??" as operator, left, right):
                first = self.value(module, left, depth + 1)
                return _defaulted(first, operator, self.value(module, right, depth + 1))
            case js.Name() | js.Member():
                return self._named(module, node, depth + 1)
            case js.New() | js.Call():
                return self._made(module, node, depth + 1)
            case _:
                return Unknown("computed")

    def _named(self, module: js.Module, node: js.Name | js.Member, depth: int) -> Value:
        found = self._member(module, node, depth)
        if isinstance(found, Bound):
            return self.value(found.module, found.expression, depth)
        return Unknown("not a constant")

    def _member(self, module: js.Module, node: js.Expression, depth: int) -> Target | None:
        """Resolve ``name`` and ``object.key``, the object a literal that no spread may change."""
        if depth > MAX_DEPTH:
            return None
        if isinstance(node, js.Name):
            return self.target(module, node, depth)
        if isinstance(node, js.Member):
            holder = self._member(module, node.object, depth + 1)
            if isinstance(holder, Bound):
                inner = _uncast(holder.expression)
                found = member(inner, node.property) if isinstance(inner, js.Object) else None
                return None if found is None else Bound(holder.module, found)
        return None

    def _made(self, module: js.Module, node: js.New | js.Call, depth: int) -> Value:
        match node:
            case js.New(_, js.Name(_, "URL"), (address, *rest)):
                if not rest or module.source[rest[0].span] in _OWN_ORIGINS:
                    return self.value(module, address, depth)
            case js.Call(_, js.Member(_, inner, name, _, _), (), _) if name in _SAME_TEXT:
                return self.value(module, inner, depth)
            case js.Call(_, js.Name(_, "String"), (inner,), _):
                return self.value(module, inner, depth)
            case _:
                pass
        return Unknown("computed")

    def _follow(self, module: js.Module, binding: _Binding, depth: int) -> Target | None:
        if not isinstance(binding, Outside):
            return None if binding is None else Bound(module, binding)
        loaded = self._load(module, binding.specifier)
        if loaded is None:
            return binding
        if depth > MAX_DEPTH:
            return None
        index = self._index(loaded)
        if binding.name in index.exports:
            exported = index.exports[binding.name]
            if isinstance(exported, js.Name):
                return self.target(loaded, exported, depth + 1)
            return self._follow(loaded, exported, depth + 1)
        return None

    def _index(self, module: js.Module) -> _Index:
        key = module.source.path
        if key not in self._indexes:
            self._indexes[key] = _Index(module)
        return self._indexes[key]


class _Index:
    """The bindings of a module by name, each with the text in which it holds, and its exports."""

    def __init__(self, module: js.Module) -> None:
        self.bindings: dict[str, list[tuple[Span, _Binding]]] = {}
        self.exports: dict[str, _Binding] = {}
        scopes = [_WHOLE]
        for node in walk(module):
            while not _holds(scopes[-1], node.span):
                scopes.pop()
            self._bind(node, scopes[-1])
            if isinstance(node, js.Function | js.Block | js.For | js.ForEach):
                scopes.append(node.span)
        for statement in module.body:
            self.exports.update(_exports(statement))

    def at(self, name: js.Name) -> _Binding:
        """Return the innermost binding around *name*."""
        around = [one for one in self.bindings[name.text] if _holds(one[0], name.span)]
        return min(around, key=lambda one: one[0].end - one[0].start)[1] if around else None

    def _bind(self, node: js.Node, scope: Span) -> None:
        for name, place, binding in _bindings(node, scope):
            self.bindings.setdefault(name, []).append((place, binding))


def _bindings(node: js.Node, scope: Span) -> Iterator[tuple[str, Span, _Binding]]:
    match node:
        case js.Declaration(_, kind, declarators):
            for one in declarators:
                if isinstance(one.target, js.Name):
                    yield one.target.text, scope, one.value if kind == "const" else None
                else:
                    yield from _changing(one.target, scope)
        case js.FunctionDeclaration(_, function) if function.name:
            yield function.name, scope, function
        case js.ClassDeclaration(_, js.Class(_, str(name))) | js.Enum(_, name):
            yield name, scope, None
        case js.Import():
            yield from ((name, _WHOLE, outside) for name, outside in _imported(node))
        case _:
            yield from _of_callers(node)


def _of_callers(node: js.Node) -> Iterator[tuple[str, Span, _Binding]]:
    """Yield what gets its value anew each time: parameters, loop variables, caught errors."""
    match node:
        case js.Function(_, _, parameters):
            for parameter in parameters:
                yield from _changing(parameter.target, node.span)
        case js.ForEach(_, str(), target):
            yield from _changing(target, node.span)
        case js.Try(_, _, parameter, js.Block(span)) if parameter is not None:
            yield from _changing(parameter, span)
        case _:
            pass


def _changing(pattern: js.Pattern, scope: Span) -> Iterator[tuple[str, Span, _Binding]]:
    return ((name, scope, None) for name in bound_names(pattern))


def _imported(node: js.Import) -> Iterator[tuple[str, Outside]]:
    if node.default:
        yield node.default, Outside(node.specifier, "default")
    if node.namespace:
        yield node.namespace, Outside(node.specifier, "*")
    for one in node.names:
        yield one.local, Outside(node.specifier, one.imported)


def bound_names(pattern: js.Pattern) -> Iterator[str]:
    """Yield the names that *pattern* binds."""
    match pattern:
        case js.Name(_, text):
            yield text
        case js.DefaultPattern(_, target, _):
            yield from bound_names(target)
        case js.ObjectPattern(_, properties, rest):
            for one in properties:
                yield from bound_names(one.target)
            if rest is not None:
                yield from bound_names(rest)
        case js.ArrayPattern(_, elements, rest):
            for element in (*elements, rest):
                if element is not None:
                    yield from bound_names(element)
        case _:
            pass


def _exports(statement: js.Statement) -> Iterator[tuple[str, _Binding]]:
    match statement:
        case js.ExportDeclaration(_, js.Declaration(_, "const", declarators)):
            for one in declarators:
                if isinstance(one.target, js.Name):
                    yield one.target.text, one.value
        case js.ExportDeclaration(_, js.FunctionDeclaration(_, function)) if function.name:
            yield function.name, function
        case js.ExportDefault(_, value):
            yield "default", value
        case js.ExportNames(_, names, specifier):
            for name in names:
                if specifier is None:
                    yield name.exported, js.Name(name.span, name.local)
                else:
                    yield name.exported, Outside(specifier, name.local)
        case _:
            pass


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _uncast(node: js.Expression) -> js.Expression:
    return _uncast(node.operand) if isinstance(node, js.Cast) else node


def member(node: js.Object, key: str) -> js.Expression | None:
    """Return the value under *key*; None where it is absent, or a spread may change it."""
    found = None
    for one in node.members:
        if isinstance(one, js.Spread):
            found = None
        elif isinstance(one, js.Property) and _is_key(one, key):
            found = one.value
    return found


def _is_key(node: js.Property, key: str) -> bool:
    return not node.is_computed and isinstance(node.key, js.Literal) and node.key.value == key


def patterns(value: Value) -> tuple[str, ...]:
    """Return the texts that *value* may be, with ``*`` for each part that is not known."""
    match value:
        case Known(str() as text):
            return (text,)
        case Joined(parts):
            choices = [patterns(part) for part in parts]
            if sum(len(one) > 1 for one in choices) > 3:  # noqa: PLR2004 - 16 texts help nobody
                choices = [one if len(one) == 1 else ("*",) for one in choices]
            return tuple(dict.fromkeys("".join(one) for one in product(*choices)))[:MAX_PATTERNS]
        case Choice(alternatives):
            found = (text for one in alternatives for text in patterns(one))
            return tuple(dict.fromkeys(found))[:MAX_PATTERNS]
        case _:
            return ("*",)


def _defaulted(first: Value, operator: str, second: Value) -> Value:
    """Return what ``first || second`` or ``first ?? second`` gives."""
    if not isinstance(first, Known):
        return Choice((first, second))
    is_kept = first.value is not None if operator == "??" else bool(first.value)
    return first if is_kept else second
