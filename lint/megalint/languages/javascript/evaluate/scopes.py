"""Names and what they are bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate.objects import UNDEFINED, ClassValue, JsValue
from megalint.values import Flows, Form

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Context


class Frame(Struct, eq=False):
    """One running call, or one module being loaded (call is None).

    :attr:`height` is the number of conditions that surrounded the call; :attr:`early` holds what
    decided returns so far, on which everything after them depends.
    """

    call: js.Node | None
    caller: Frame | None
    scope: Scope
    height: int = 0
    returns: list[JsValue] = field(default_factory=list)
    early: list[Flows] = field(default_factory=list)
    this: JsValue = UNDEFINED
    home: ClassValue | None = None


class Binding(Struct, eq=False):
    """A variable.

    :attr:`form` is set on aliases of ``process.env``; :attr:`argument` is the expression a
    parameter was called with and where that is evaluated; :attr:`link` is an imported binding,
    which has no value of its own.
    """

    value: JsValue = UNDEFINED
    frame: Frame | None = None
    form: Form | None = None
    argument: tuple[js.Expression, Context] | None = None
    link: ImportLink | None = None
    is_constant: bool = False


class ImportLink(Struct, frozen=True):
    """Where an imported name comes from; *name* None is the namespace."""

    specifier: str
    name: str | None
    node: js.Node


class Scope(Struct, eq=False):
    """The names of a block, and the scope around it."""

    parent: Scope | None = None
    bindings: dict[str, Binding] = field(default_factory=dict)

    def find(self, name: str) -> Binding | None:
        """Return the binding that *name* refers to here, or None."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bindings:
                return scope.bindings[name]
            scope = scope.parent
        return None
