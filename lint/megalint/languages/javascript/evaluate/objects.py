"""What a JavaScript expression evaluates to: the values of every language, and heap objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field

from megalint.languages.javascript import syntax as js
from megalint.source import Location, Source
from megalint.values import EnvRead, Flows, Joined, Known, Undefined, Unknown

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Interpreter
    from megalint.languages.javascript.evaluate.scopes import Scope

UNDEFINED = Known(Undefined.UNDEFINED)
NULL = Known(None)
TRUE = Known(True)
FALSE = Known(False)
ANY_KEY = "\0any"
CALL_KEY = "\0call"
"""Property that holds what a call of a built-in namespace such as ``Promise`` does."""


class Either(Struct, frozen=True):
    """One of several values; *flows* are the reads that the choice depends on."""

    alternatives: tuple[JsValue, ...]
    flows: Flows = ()


class External(Struct, frozen=True):
    """Something that code outside the checkout made: ``zod`` itself, or what a call of it returned.

    :attr:`path` names it (``("zod", "object()")``); :attr:`inputs` are the receiver's inputs and
    the arguments that went into it.
    """

    path: tuple[str, ...]
    inputs: tuple[JsValue, ...] = ()
    flows: Flows = ()


class ObjectValue(Struct, eq=False):
    """An object; :data:`ANY_KEY` holds what may lie under names that are not known."""

    properties: dict[str, JsValue] = field(default_factory=dict)
    prototype: ObjectValue | None = None
    getters: dict[str, FunctionValue] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    location: Location | None = None


class ArrayValue(Struct, eq=False):
    """An array; *rest* is what elements of unknown number may be."""

    elements: tuple[JsValue, ...] = ()
    rest: tuple[JsValue, ...] = ()


class FunctionValue(ObjectValue, eq=False, kw_only=True):
    """A closure. Functions are objects too: components carry ``getInitialProps``."""

    syntax: js.Function
    source: Source
    scope: Scope
    this: JsValue = UNDEFINED
    home: ClassValue | None = None


class ClassValue(ObjectValue, eq=False, kw_only=True):
    """A class; the object itself holds the static members."""

    syntax: js.Class
    source: Source
    scope: Scope
    superclass: JsValue = UNDEFINED
    instances: ObjectValue = field(default_factory=ObjectValue)


class ElementValue(Struct, eq=False):
    """A React element: a component or tag name with properties, not rendered yet."""

    tag: JsValue
    properties: ObjectValue
    location: Location
    source: Source


Native = Callable[["Interpreter", "JsValue", "tuple[JsValue, ...]", Location], "JsValue"]


class NativeFunction(Struct, frozen=True):
    """A function of the interpreter: called with interpreter, this, arguments, site."""

    name: str
    run: Native


class EnvironmentValue(Struct, frozen=True):
    """``process.env`` itself."""

    flows: Flows = ()


class EnvironmentName(Struct, eq=False):
    """The name of some environment variable: what ``Object.keys(process.env)`` holds.

    A test such as ``name.startsWith('PUBLIC_')`` sets :attr:`prefix`: what survives it has it.
    """

    prefix: str = ""


JsValue = (
    Known
    | EnvRead
    | Joined
    | Unknown
    | Either
    | External
    | ObjectValue
    | ArrayValue
    | ElementValue
    | NativeFunction
    | EnvironmentValue
    | EnvironmentName
)
