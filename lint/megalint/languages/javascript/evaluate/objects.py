"""What a JavaScript expression evaluates to: the values of every language, and heap objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Either:
    """One of several values; *flows* are the reads that the choice depends on."""

    alternatives: tuple[JsValue, ...]
    flows: Flows = ()


@dataclass(frozen=True, slots=True)
class External:
    """Something that code outside the checkout made: ``zod`` itself, or what a call of it returned.

    :attr:`path` names it (``("zod", "object()")``); :attr:`inputs` are the receiver's inputs and
    the arguments that went into it.
    """

    path: tuple[str, ...]
    inputs: tuple[JsValue, ...] = ()
    flows: Flows = ()


@dataclass(eq=False, slots=True)
class ObjectValue:
    """An object; :data:`ANY_KEY` holds what may lie under names that are not known."""

    properties: dict[str, JsValue] = field(default_factory=dict)
    prototype: ObjectValue | None = None
    getters: dict[str, FunctionValue] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    location: Location | None = None


@dataclass(eq=False, slots=True)
class ArrayValue:
    """An array; *rest* is what elements of unknown number may be."""

    elements: tuple[JsValue, ...] = ()
    rest: tuple[JsValue, ...] = ()


@dataclass(eq=False, slots=True)
class FunctionValue(ObjectValue):
    """A closure. Functions are objects too: components carry ``getInitialProps``."""

    syntax: js.Function = field(kw_only=True)
    source: Source = field(kw_only=True)
    scope: Scope = field(kw_only=True)
    this: JsValue = UNDEFINED
    home: ClassValue | None = None


@dataclass(eq=False, slots=True)
class ClassValue(ObjectValue):
    """A class; the object itself holds the static members."""

    syntax: js.Class = field(kw_only=True)
    source: Source = field(kw_only=True)
    scope: Scope = field(kw_only=True)
    superclass: JsValue = UNDEFINED
    instances: ObjectValue = field(default_factory=ObjectValue)


@dataclass(eq=False, slots=True)
class ElementValue:
    """A React element: a component or tag name with properties, not rendered yet."""

    tag: JsValue
    properties: ObjectValue
    location: Location
    source: Source


Native = Callable[["Interpreter", "JsValue", "tuple[JsValue, ...]", Location], "JsValue"]


@dataclass(frozen=True, slots=True)
class NativeFunction:
    """A function of the interpreter: called with interpreter, this, arguments, site."""

    name: str
    run: Native


@dataclass(frozen=True, slots=True)
class EnvironmentValue:
    """``process.env`` itself."""

    flows: Flows = ()


@dataclass(eq=False, slots=True)
class EnvironmentName:
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
