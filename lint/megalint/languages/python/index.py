"""Walk a module once: its scopes, what they bind, where its calls stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Final

import libcst as cst

from megalint.languages.python.parse import Module, parse
from megalint.languages.python.scopes import (
    Binding,
    Index,
    Path,
    Position,
    Scope,
    names_in,
    parameters,
    root_name,
)
from megalint.source import Source

CHANGES: Final = frozenset({"append", "extend", "insert", "update", "setdefault", "add"})
_Clause = cst.Else | cst.ExceptHandler | cst.ExceptStarHandler
_COMPREHENSIONS: Final = (cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)


def index(source: Source) -> Index | None:
    """Return the scopes of a file, None for what is no Python."""
    module = parse(source)
    return None if module is None else _Walker(module).index


class _Walker:
    def __init__(self, module: Module) -> None:
        scope = Scope(module, module.tree)
        self.index = Index(module, scope)
        self.index.scopes[module.tree] = scope
        self._numbers = count()
        self._owners = count()
        self._block(module.tree.body, scope, ())

    def _bind(
        self,
        name: str,
        kind: str,
        node: cst.CSTNode,
        at: Position,
        index: tuple[int, ...] = (),
        target: cst.CSTNode | None = None,
    ) -> None:
        holder = at.scope
        if name in holder.shared:
            holder = self.index.scope
            at = Position(at.scope, at.order, (self._arm(), *at.path))
        found = Binding(name, kind, node, at, index, target)
        holder.bindings.setdefault(name, []).append(found)

    def _at(self, scope: Scope, path: Path) -> Position:
        return Position(scope, next(self._numbers), path)

    def _scope(self, node: cst.CSTNode, parent: Scope) -> Scope:
        scope = Scope(self.index.module, node, parent)
        self.index.scopes[node] = scope
        return scope

    # --- statements ------------------------------------------------------------------------

    def _block(self, body: Sequence[cst.CSTNode], scope: Scope, path: Path) -> None:
        for node in body:
            if isinstance(node, cst.SimpleStatementLine):
                for small in node.body:
                    self._small(small, self._at(scope, path))
            else:
                self._compound(node, scope, path)

    def _suite(self, suite: cst.BaseSuite, scope: Scope, path: Path) -> None:
        if isinstance(suite, cst.SimpleStatementSuite):
            for small in suite.body:
                self._small(small, self._at(scope, path))
        else:
            self._block(suite.body, scope, path)

    def _arm(self) -> tuple[int, int]:
        """Return a block of its own: it may run or not, and excludes no other."""
        return next(self._owners), 0

    def _compound(self, node: cst.CSTNode, scope: Scope, path: Path) -> None:
        if isinstance(node, cst.FunctionDef):
            self._function(node, self._at(scope, path))
        elif isinstance(node, cst.ClassDef):
            self._class(node, self._at(scope, path))
        else:
            self._blocks(node, scope, path)

    def _blocks(self, node: cst.CSTNode, scope: Scope, path: Path) -> None:
        match node:
            case cst.If():
                self._if(node, scope, path)
            case cst.For():
                self._for(node, scope, path)
            case cst.While():
                self._test(node.test, self._at(scope, path))
                self._loop(node, scope, path)
            case cst.Try() | cst.TryStar():
                self._try(node, scope, path)
            case cst.With():
                self._with(node, scope, path)
            case cst.Match():
                self._match(node, scope, path)
            case _:
                pass

    def _if(self, node: cst.If, scope: Scope, path: Path) -> None:
        owner = next(self._owners)
        number = 0
        arm: cst.If | cst.Else | None = node
        while isinstance(arm, cst.If):
            self._test(arm.test, self._at(scope, path))
            self._suite(arm.body, scope, (*path, (owner, number)))
            arm, number = arm.orelse, number + 1
        if arm is not None:
            self._suite(arm.body, scope, (*path, (owner, number)))
            scope.arms[owner] = number + 1

    def _for(self, node: cst.For, scope: Scope, path: Path) -> None:
        at = self._at(scope, path)
        self._expression(node.iter, at)
        self._target(node.target, "item", node.iter, at)
        self._loop(node, scope, path)

    def _loop(self, node: cst.For | cst.While, scope: Scope, path: Path) -> None:
        arm = self._arm()
        scope.loops.add(arm[0])
        self._suite(node.body, scope, (*path, arm))
        self._may_run(node.orelse, scope, path)

    def _may_run(self, clause: _Clause | None, scope: Scope, path: Path) -> None:
        if clause is not None:
            self._suite(clause.body, scope, (*path, self._arm()))

    def _with(self, node: cst.With, scope: Scope, path: Path) -> None:
        at = self._at(scope, path)
        for item in node.items:
            self._expression(item.item, at)
            if item.asname is not None:
                self._target(item.asname.name, "other", item.item, at)
        self._suite(node.body, scope, path)

    def _match(self, node: cst.Match, scope: Scope, path: Path) -> None:
        self._expression(node.subject, self._at(scope, path))
        owner = next(self._owners)
        for number, case in enumerate(node.cases):
            self._suite(case.body, scope, (*path, (owner, number)))

    def _try(self, node: cst.Try | cst.TryStar, scope: Scope, path: Path) -> None:
        self._suite(node.body, scope, (*path, self._arm()))
        for clause in (*node.handlers, node.orelse):
            self._may_run(clause, scope, path)
        if node.finalbody is not None:
            self._suite(node.finalbody.body, scope, path)

    def _small(self, node: cst.CSTNode, at: Position) -> None:
        match node:
            case cst.Assign() | cst.AnnAssign() | cst.AugAssign():
                self._assignment(node, at)
            case cst.Assert():
                self._test(node.test, at)
            case cst.Global():
                at.scope.shared |= {one.name.value for one in node.names}
            case cst.Import() | cst.ImportFrom():
                self._import(node, at)
            case cst.Return():
                if node.value is not None:
                    self._expression(node.value, at)
                    self.index.returns.setdefault(at.scope.node, []).append((node.value, at))
            case cst.Expr():
                self._change(node.value, at)
                self._expression(node.value, at)
            case _:
                for child in node.children:
                    self._expression(child, at)

    def _assignment(self, node: cst.Assign | cst.AnnAssign | cst.AugAssign, at: Position) -> None:
        if node.value is None:
            return
        self._expression(node.value, at)
        if isinstance(node, cst.AugAssign):
            name = root_name(node.target)
            if name is not None:
                self._bind(name, "augment", node, at, target=node.target)
            return
        targets = (
            [node.target] if isinstance(node, cst.AnnAssign) else [t.target for t in node.targets]
        )
        for target in targets:
            self._target(target, "assign", node.value, at)

    def _import(self, node: cst.Import | cst.ImportFrom, at: Position) -> None:
        for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
            whole = alias.evaluated_name
            short = whole.split(".")[0] if isinstance(node, cst.Import) else whole
            self._bind(alias.evaluated_alias or short, "import", node, at)

    def _target(self, target: cst.CSTNode, kind: str, value: cst.CSTNode, at: Position) -> None:
        for name, place in names_in(target):
            self._bind(name, kind, value, at, place)
        root = root_name(target) if isinstance(target, cst.Subscript | cst.Attribute) else None
        if root is not None:
            self._bind(root, "change", value, at, target=target)

    def _change(self, node: cst.BaseExpression, at: Position) -> None:
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            name = root_name(node.func.value)
            if node.func.attr.value in CHANGES and name is not None:
                self._bind(name, "change", node, at)

    # --- definitions -----------------------------------------------------------------------

    def _function(self, node: cst.FunctionDef, at: Position) -> None:
        self._bind(node.name.value, "def", node, at)
        for decorator in node.decorators:
            self._expression(decorator.decorator, at)
        scope = self._scope(node, at.scope)
        self._parameters(node.params, scope, at)
        self._suite(node.body, scope, ())

    def _parameters(self, params: cst.Parameters, scope: Scope, outer: Position) -> None:
        start = self._at(scope, ())
        for one in parameters(params):
            if one.default is not None:
                self._expression(one.default, outer)
            self._bind(one.name.value, "parameter", one, start)

    def _class(self, node: cst.ClassDef, at: Position) -> None:
        self._bind(node.name.value, "class", node, at)
        for decorator in node.decorators:
            self._expression(decorator.decorator, at)
        self._suite(node.body, self._scope(node, at.scope), ())

    # --- expressions -----------------------------------------------------------------------

    def _test(self, node: cst.BaseExpression, at: Position) -> None:
        self.index.tests.append((node, at))
        self._expression(node, at)

    def _expression(self, node: cst.CSTNode, at: Position) -> None:
        if isinstance(node, _COMPREHENSIONS):
            self._comprehension(node, at)
            return
        if isinstance(node, cst.Lambda):
            scope = self._scope(node, at.scope)
            self._parameters(node.params, scope, at)
            self._expression(node.body, self._at(scope, ()))
            return
        if isinstance(node, cst.Call):
            self.index.calls.append((node, at))
        if isinstance(node, cst.IfExp):
            self.index.tests.append((node.test, at))
        if isinstance(node, cst.NamedExpr):
            self._target(node.target, "assign", node.value, at)
        for child in node.children:
            self._expression(child, at)

    def _comprehension(self, node: cst.BaseComp, at: Position) -> None:
        scope = self._scope(node, at.scope)
        part: cst.CompFor | None = node.for_in
        outer = at
        while part is not None:
            self._expression(part.iter, outer)
            self._target(part.target, "item", part.iter, self._at(scope, ()))
            outer = self._at(scope, ())
            for test in part.ifs:
                self._expression(test.test, outer)
            part = part.inner_for_in
        for child in (getattr(node, name, None) for name in ("key", "value", "elt")):
            if child is not None:
                self._expression(child, outer)
