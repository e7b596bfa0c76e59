"""What an expression of Python may be, followed on demand through names, calls and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

import libcst as cst

from megalint.languages.python import changes, literals, natives
from megalint.languages.python.scopes import END, Binding, Index, Position, Scope
from megalint.languages.python.values import (
    Class,
    Fallback,
    Function,
    Instance,
    Items,
    Method,
    Namespace,
    Nothing,
    Number,
    OneOf,
    Open,
    PyValue,
    Record,
    alternatives,
    is_heavy,
    one_of,
)
from megalint.text import Text

MAX_DEPTH: Final = 40
MAX_STEPS: Final = 2_000
"""How many expressions one question may need; what is left then is open."""
MAX_CALLERS: Final = 12
Frame = Mapping[str, PyValue]


class Files(Protocol):
    """How one file finds others."""

    def imported(self, scope: Scope, name: str) -> Scope | None:
        """Return the module of the checkout that *name* is, as *scope*'s file writes it."""
        ...

    def index(self, scope: Scope) -> Index:
        """Return the index of the file that a scope is in."""
        ...

    def callers(self, name: str, scope: Scope) -> Iterator[tuple[cst.Call, Position]]:
        """Yield the calls in the checkout of something of that name, which *scope* defines."""
        ...


class Evaluator:
    """Evaluates the expressions of a checkout's Python."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._busy: set[tuple[int, int]] = set()
        self._known: dict[tuple[int, Position], PyValue] = {}
        self._steps = self._cuts = 0

    def begin(self) -> None:
        """Begin a question of its own: it has all steps."""
        self._steps = 0

    def value(self, node: cst.CSTNode, at: Position, frame: Frame | None = None) -> PyValue:
        """Return what *node* may be; what needs itself is open.

        A value is kept unless something in it was cut short: it may be known in another question.
        """
        kept = (id(node), at)
        if not frame and kept in self._known:
            return self._known[kept]
        key = (id(node), id(frame) if frame else 0)
        self._steps += 1
        if key in self._busy or len(self._busy) > MAX_DEPTH or self._steps > MAX_STEPS:
            self._cuts += 1
            return Open("it needs itself, or too many steps")
        cuts = self._cuts
        self._busy.add(key)
        try:
            found = self._value(node, at, frame)
            if is_heavy(found):
                found = Open("a value of very many parts")
        finally:
            self._busy.discard(key)
        if not frame and cuts == self._cuts:
            self._known[kept] = found
        return found

    def _value(self, node: cst.CSTNode, at: Position, frame: Frame | None) -> PyValue:
        def inner(one: cst.CSTNode) -> PyValue:
            return self.value(one, at, frame)

        match node:
            case cst.Name(name):
                return self.name(name, at, frame)
            case cst.Attribute():
                return self.attribute(inner(node.value), node.attr.value)
            case cst.Call():
                return self._call(node, at, frame)
            case cst.IfExp():
                return one_of([inner(node.body), inner(node.orelse)])
            case cst.BooleanOperation():
                return _either(node, inner)
            case cst.NamedExpr() | cst.Await():
                return inner(node.value if isinstance(node, cst.NamedExpr) else node.expression)
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp():
                return self._comprehension(node, at, frame)
            case cst.Subscript():
                return natives.subscript(inner(node.value), _key(node, inner))
            case _:
                return literals.value(node, at.scope.module, inner)

    # --- names -----------------------------------------------------------------------------

    def name(self, name: str, at: Position, frame: Frame | None = None) -> PyValue:
        """Return what a name may be at a place."""
        scope: Scope | None = at.scope
        is_first = True
        while scope is not None:
            if name in scope.bindings and (is_first or not scope.is_class):
                place = at if is_first else Position(scope, END)
                return self._bound(scope.seen_from(name, place), frame)
            is_inline = not isinstance(scope.node, cst.FunctionDef | cst.ClassDef | cst.Lambda)
            frame = frame if is_inline else None
            scope, is_first = scope.parent, False
        return Namespace(name) if name in natives.BUILTINS else Open(f"the name {name}")

    def _bound(self, bindings: list[Binding], frame: Frame | None) -> PyValue:
        value: PyValue | None = None
        depth: tuple[int, ...] = ()
        for one in bindings:
            if one.kind in {"change", "augment"}:
                changed = changes.apply(self, value or Open("a value from elsewhere"), one, frame)
                is_certain = len(one.position.path) <= len(depth)
                value = changed if is_certain or value is None else one_of([value, changed])
                continue
            found = self.binding(one, frame)
            value = found if value is None else one_of([value, found])
            depth = tuple(owner for owner, _ in one.position.path)
        return value if value is not None else Open("it is not bound yet")

    def binding(self, one: Binding, frame: Frame | None = None) -> PyValue:
        """Return the value that a statement gives a name."""
        at = one.position
        match one.kind:
            case "assign":
                return natives.unpacked(self.value(one.node, at, frame), one.index)
            case "item":
                outer = at if not isinstance(at.scope.node, cst.BaseComp) else _outside(at)
                items = natives.items(self.value(one.node, outer, frame))
                return natives.unpacked(one_of(list(items)), one.index)
            case "parameter":
                given = None if frame is None else frame.get(one.name)
                return given if given is not None else self.parameter(one)
            case "import":
                return self._followed(one)
            case "def" if isinstance(one.node, cst.FunctionDef):
                scope = self.files.index(at.scope).scopes[one.node]
                return Function(one.node, scope, _owner(at.scope))
            case "class" if isinstance(one.node, cst.ClassDef):
                return Class(one.node, self.files.index(at.scope).scopes[one.node])
            case _:
                return Open(f"{one.name} is set by the program")

    def _followed(self, one: Binding) -> PyValue:
        """Return what an import names; modules may import each other in a circle."""
        key = (id(one), 0)
        if key in self._busy:
            self._cuts += 1
            return Open("an import that needs itself")
        self._busy.add(key)
        try:
            return self._imported(one)
        finally:
            self._busy.discard(key)

    def _imported(self, one: Binding) -> PyValue:
        node, scope = one.node, one.position.scope
        if isinstance(node, cst.Import):
            for alias in node.names:
                dotted = alias.evaluated_name
                if one.name in {alias.evaluated_alias, dotted.split(".")[0]}:
                    whole = dotted if alias.evaluated_alias else dotted.split(".")[0]
                    return Namespace(whole, self.files.imported(scope, whole))
        if isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar):
            return self._from(node, one)
        return Open("an import")

    def _from(self, node: cst.ImportFrom, one: Binding) -> PyValue:
        scope = one.position.scope
        module = "." * len(node.relative) + literals.dotted(node.module)
        for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
            if one.name != (alias.evaluated_alias or alias.evaluated_name):
                continue
            name = alias.evaluated_name
            inside = self.files.imported(scope, module)
            if inside is not None and name in inside.bindings:
                return self.name(name, Position(inside, END))
            whole = f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
            return Namespace(whole, self.files.imported(scope, whole))
        return Open("an import")

    # --- parameters ------------------------------------------------------------------------

    def parameter(self, one: Binding) -> PyValue:
        """Return what callers in the checkout give a parameter, and its default."""
        param, function = one.node, one.position.scope.node
        owner = one.position.scope.parent
        if not isinstance(param, cst.Param) or not isinstance(function, cst.FunctionDef):
            return self._of_lambda(one)
        if owner is not None and owner.is_class and _is_first(function, param):
            kind = _owner(owner)
            return Open("self") if kind is None else Instance(kind)
        found = list(self._given(one, param, function, owner))
        if param.default is not None and owner is not None:
            default = self.value(param.default, Position(owner, END))
            return one_of([*found, Fallback(default)])
        return one_of(found) if found else Open(f"the argument {one.name}", one.name)

    def _of_lambda(self, one: Binding) -> PyValue:
        default = one.node.default if isinstance(one.node, cst.Param) else None
        if default is None:
            return Open(f"the argument {one.name}")
        return Fallback(self.value(default, one.position))

    def _given(
        self, one: Binding, param: cst.Param, function: cst.FunctionDef, owner: Scope | None
    ) -> Iterator[PyValue]:
        is_method = owner is not None and owner.is_class
        called = function.name.value
        if is_method and called == "__init__" and owner is not None:
            called = owner.node.name.value if isinstance(owner.node, cst.ClassDef) else called
        for number, (call, at) in enumerate(self.files.callers(called, one.position.scope)):
            if number >= MAX_CALLERS:
                yield Open("there are many callers")
                return
            if self._calls(call, at, function, owner):
                given = self.arguments(call, at)
                value = natives.argument(function, param, given, is_method=is_method)
                if value is not None:
                    yield value

    def _calls(
        self, call: cst.Call, at: Position, function: cst.FunctionDef, owner: Scope | None
    ) -> bool:
        """Whether a call of the same name is one of this function."""
        for one in alternatives(self.value(call.func, at)):
            if isinstance(one, Function):
                return one.node is function
            if isinstance(one, Class):
                return owner is not None and one.node is owner.node
        return owner is not None and owner.is_class and isinstance(call.func, cst.Attribute)

    def arguments(
        self, call: cst.Call, at: Position, frame: Frame | None = None
    ) -> tuple[tuple[PyValue, ...], Record]:
        """Return what a call is given by place and by name, ``**`` taken apart."""
        positional: list[PyValue] = []
        named = Record(())
        for one in call.args:
            value = self.value(one.value, at, frame)
            if one.keyword is not None:
                named = named.set(one.keyword.value, value)
            elif one.star == "**":
                named = changes.updated(named, value)
            elif one.star == "*":
                positional += natives.items(value)
            else:
                positional.append(value)
        return tuple(positional), named

    # --- calls and attributes --------------------------------------------------------------

    def _call(self, node: cst.Call, at: Position, frame: Frame | None) -> PyValue:
        called = self.value(node.func, at, frame)
        positional, named = self.arguments(node, at, frame)
        match called:
            case Function():
                return self.returned(called, positional, named)
            case Class():
                return Instance(called, positional, named)
            case _:
                return natives.called(called, positional, named, at.scope.module.place(node))

    def returned(
        self, function: Function, positional: tuple[PyValue, ...], named: Record
    ) -> PyValue:
        """Return what a function returns for these arguments."""
        is_method = function.owner is not None
        names = natives.bound(function.node, positional, named, is_method=is_method)
        values = [
            self.value(node, at, names)
            for node, at in self.files.index(function.scope).returns.get(function.node, ())
        ]
        return one_of(values) if values else Nothing()

    def attribute(self, value: PyValue, name: str) -> PyValue:
        """Return ``value.name``."""
        match value:
            case OneOf(options):
                return one_of([self.attribute(one, name) for one in options])
            case Fallback(inner):
                return Fallback(self.attribute(inner, name))
            case Namespace(module, scope):
                if scope is not None and name in scope.bindings:
                    return self.name(name, Position(scope, END))
                whole = f"{module}.{name}"
                inside = None if scope is None else self.files.imported(scope, whole)
                return Namespace(whole, inside)
            case Class():
                return self._of_class(value, name) or Open(f"the attribute {name}")
            case Instance():
                return self._of_instance(value, name)
            case Text() | Number() if name in {"value", "name"}:
                return value
            case _:
                return Method(name, value)

    def _of_class(self, kind: Class, name: str) -> PyValue | None:
        if name in kind.scope.bindings:
            return self._bound(kind.scope.seen_from(name, Position(kind.scope, END)), None)
        for base in kind.node.bases:
            found = self.value(base.value, Position(kind.scope.parent or kind.scope, END))
            if isinstance(found, Class):
                inherited = self._of_class(found, name)
                if inherited is not None:
                    return inherited
        return None

    def _of_instance(self, instance: Instance, name: str) -> PyValue:
        kind = instance.kind
        given = natives.field(kind.node, name, instance.positional, instance.named)
        if given is not None:
            return given
        own = self._of_class(kind, name)
        assigned = list(self._assigned(kind, name))
        if assigned:
            return one_of([*assigned, *([] if own is None else [Fallback(own)])])
        if own is None:
            return Open(f"the attribute {name}")
        return own if isinstance(own, Function) else Fallback(own)

    def _assigned(self, kind: Class, name: str) -> Iterator[PyValue]:
        """Yield what methods assign to ``self.name``."""
        for node, scope in self.files.index(kind.scope).scopes.items():
            if scope.parent is not kind.scope or not isinstance(node, cst.FunctionDef):
                continue
            for one in scope.bindings.get(natives.first_parameter(node), ()):
                target = one.target
                is_own = isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name)
                if isinstance(target, cst.Attribute) and is_own and target.attr.value == name:
                    yield self.value(one.node, one.position)

    def _comprehension(
        self, node: cst.BaseSimpleComp, at: Position, frame: Frame | None
    ) -> PyValue:
        scope = self.files.index(at.scope).scopes[node]
        inside = Position(scope, END)
        source = self.value(node.for_in.iter, at, frame)
        names = [name for name, one in scope.bindings.items() if one[0].kind == "item"]
        if not isinstance(source, Items) or len(names) != 1 or node.for_in.ifs:
            return Items((self.value(node.elt, inside, frame),), is_open=True)
        found = [
            self.value(node.elt, inside, {**(frame or {}), names[0]: one}) for one in source.items
        ]
        return Items(tuple(found), source.is_open)


def _either(node: cst.BooleanOperation, inner: Callable[[cst.CSTNode], PyValue]) -> PyValue:
    left, right = inner(node.left), inner(node.right)
    if isinstance(node.operator, cst.And):
        return right
    if isinstance(left, Text | Number) and left:
        return left
    return one_of([left, Fallback(right)])


def _key(node: cst.Subscript, inner: Callable[[cst.CSTNode], PyValue]) -> PyValue:
    first = node.slice[0].slice
    return inner(first.value) if isinstance(first, cst.Index) else Open("a slice")


def _outside(at: Position) -> Position:
    return Position(at.scope.parent or at.scope, END)


def _owner(scope: Scope) -> Class | None:
    return Class(scope.node, scope) if isinstance(scope.node, cst.ClassDef) else None


def _is_first(function: cst.FunctionDef, param: cst.Param) -> bool:
    params = (*function.params.posonly_params, *function.params.params)
    names = {getattr(one.decorator, "value", "") for one in function.decorators}
    return bool(params) and params[0] is param and "staticmethod" not in names
