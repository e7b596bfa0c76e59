"""Where names are bound: scopes, in each the statements that bind, in the order they are written.

Which of them a use may see follows from the blocks they stand in: a statement of an enclosing block
hides the earlier ones, one of a branch does not, and one of the other branch is never seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst
from msgspec import Struct, field

from megalint.languages.python.parse import Module

END: Final = 1_000_000_000
Path = tuple[tuple[int, int], ...]
"""The blocks around a statement: the number of the compound statement, and which of its blocks."""


class Position(Struct, frozen=True):
    """A place in the order of a scope's statements."""

    scope: Scope
    order: int
    path: Path = ()

    @property
    def end(self) -> Position:
        """The place after everything in the scope."""
        return Position(self.scope, END)


class Binding(Struct, frozen=True):
    """A statement that binds or changes a name.

    :attr:`kind` is ``assign``, ``augment``, ``item`` (of a loop or comprehension), ``parameter``,
    ``import``, ``def``, ``class``, ``change`` (a call or assignment into it) or ``other``.
    :attr:`index` is the place in an unpacked tuple, ``-n - 1`` for all from *n* on; :attr:`target`
    what a ``change`` assigns to.
    """

    name: str
    kind: str
    node: cst.CSTNode
    position: Position
    index: tuple[int, ...] = ()
    target: cst.CSTNode | None = None


class Scope(Struct, eq=False):
    """A module, class, function or comprehension, and what it binds.

    :attr:`shared` are the names that ``global`` gives to the module, :attr:`arms` how many blocks a
    compound statement has where one of them always runs, :attr:`loops` which statements are loops.
    """

    module: Module
    node: cst.CSTNode
    parent: Scope | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    shared: set[str] = field(default_factory=set[str])
    arms: dict[int, int] = field(default_factory=dict[int, int])
    loops: set[int] = field(default_factory=set[int])

    @property
    def is_class(self) -> bool:
        """Whether functions inside do not see its names."""
        return isinstance(self.node, cst.ClassDef)

    def seen_from(self, name: str, at: Position) -> list[Binding]:
        """Return the bindings of a name that hold at a place of this scope, in order."""
        found: list[Binding] = []
        covered: dict[int, set[int]] = {}
        before = [one for one in self.bindings.get(name, ()) if _is_before(self, one, at)]
        for one in reversed(before):
            if _excludes(one.position.path, at.path):
                continue
            found.append(one)
            if one.kind not in {"change", "augment"} and self._hides(one, at, covered):
                break
        return found[::-1]

    def _hides(self, one: Binding, at: Position, covered: dict[int, set[int]]) -> bool:
        """Whether what was bound before is not seen any more."""
        path = one.position.path
        if at.path[: len(path)] == path:
            return True
        owner, arm = path[-1]
        covered.setdefault(owner, set()).add(arm)
        is_whole = len(covered[owner]) == self.arms.get(owner, END)
        return is_whole and at.path[: len(path) - 1] == path[:-1]


def _is_before(scope: Scope, one: Binding, at: Position) -> bool:
    if one.position.order < at.order:
        return True
    shared = {owner for owner, _ in one.position.path} & {owner for owner, _ in at.path}
    return not shared.isdisjoint(scope.loops)


def _excludes(one: Path, other: Path) -> bool:
    return any(a[0] == b[0] and a[1] != b[1] for a, b in zip(one, other, strict=False))


class Index(Struct, eq=False):
    """The scopes of a module, and the place of each call and each test in them.

    Tests are the conditions of ``if``, ``while``, ``assert`` and ``a if b else c``.
    """

    module: Module
    scope: Scope
    calls: list[tuple[cst.Call, Position]] = field(default_factory=list[tuple[cst.Call, Position]])
    tests: list[tuple[cst.BaseExpression, Position]] = field(
        default_factory=list[tuple[cst.BaseExpression, Position]]
    )
    scopes: dict[cst.CSTNode, Scope] = field(default_factory=dict[cst.CSTNode, Scope])
    returns: dict[cst.CSTNode, list[tuple[cst.BaseExpression, Position]]] = field(
        default_factory=dict[cst.CSTNode, list[tuple[cst.BaseExpression, Position]]]
    )


def names_in(
    target: cst.CSTNode, index: tuple[int, ...] = ()
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the names that a target binds, each with its place in the unpacked value."""
    if isinstance(target, cst.Name):
        yield target.value, index
    elif isinstance(target, cst.Tuple | cst.List):
        is_behind = False
        for number, element in enumerate(target.elements):
            is_rest = isinstance(element, cst.StarredElement)
            place = END if is_behind else -number - 1 if is_rest else number
            yield from names_in(element.value, (*index, place))
            is_behind = is_behind or is_rest


def root_name(node: cst.CSTNode) -> str | None:
    """Return the name that ``name["a"]["b"]`` or ``name.b`` starts with."""
    while isinstance(node, cst.Subscript | cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else None


def parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    """Yield the parameters of a function, ``*args`` and ``**kwargs`` last."""
    yield from (*params.posonly_params, *params.params, *params.kwonly_params)
    for one in (params.star_arg, params.star_kwarg):
        if isinstance(one, cst.Param):
            yield one
