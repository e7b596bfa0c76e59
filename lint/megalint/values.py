"""Values with provenance: what an expression of any language is known to be.

Every value carries its flows: the environment reads that it depends on, each with the chain of
places it passed. What cannot be known is :class:`Unknown` and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from megalint.source import Location

MAX_FLOWS = 48
MAX_STEPS = 10


class Form(Enum):
    """How a read names its variable: decides whether a bundler replaces it."""

    MEMBER = "process.env.X"
    STRING = "process.env['X']"
    TEMPLATE = "process.env[`X`]"
    CONSTANT = "process.env[n], n a constant"
    JOINED = "process.env['X' + 'Y']"
    OPTIONAL = "process.env?.X"
    OPTIONAL_PROCESS = "process?.env?.X"
    ALIAS = "const e = process.env; e.X"
    ENV_OF_PROCESS = "const { env } = process; env.X"
    IMPORTED_ENV = "import { env } from 'node:process'; env.X"
    DESTRUCTURED = "const { X } = process.env"
    COMPUTED = "process.env[name]"
    OTHER = "any other way"
    SHELL = "$X"


class Scope(Enum):
    """When a read runs: while its module is loaded, or in a function that is called later."""

    MODULE = "module"
    CALL = "call"


class Read(Struct, frozen=True, gc=False):
    """One place that reads one variable; a name ends in ``*`` where only its start is known."""

    location: Location
    name: str
    form: Form


class Flow(Struct, frozen=True, gc=False):
    """A read and the labelled places that its value passed, oldest first.

    :attr:`is_given`: it stands for an input whose value is known, not for the environment; where a
    test of it could be computed, nothing depends on it any more.
    """

    read: Read
    scope: Scope
    steps: tuple[Location, ...] = ()
    is_given: bool = False

    def via(self, step: Location) -> Flow:
        """Return the flow one step further; the length is bounded."""
        if len(self.steps) >= MAX_STEPS or (self.steps and self.steps[-1] == step):
            return self
        return replace(self, steps=(*self.steps, step))


Flows = tuple[Flow, ...]


def merge(*groups: Iterable[Flow]) -> Flows:
    """Return the flows of all *groups*, one for each read and scope; the first road wins."""
    found: dict[tuple[Read, Scope], Flow] = {}
    for flow in chain(*groups):
        found.setdefault((flow.read, flow.scope), flow)
        if len(found) >= MAX_FLOWS:
            break
    return tuple(found.values())


def settled(flows: Flows) -> Flows:
    """Return what the outcome of a test that was computed still depends on."""
    return tuple(flow for flow in flows if not flow.is_given) if flows else flows


class Undefined(Enum):
    """JavaScript's ``undefined``, as the payload of a :class:`Known`."""

    UNDEFINED = "undefined"


Scalar = str | int | float | bool | None | Undefined


class Known(Struct, frozen=True, gc=False):
    """A scalar that is the same in every environment unless *flows* say otherwise."""

    value: Scalar
    flows: Flows = ()


class EnvRead(Struct, frozen=True):
    """The value of an environment variable, or *default* where it is unset."""

    read: Read
    default: Value | None = None
    flows: Flows = ()


class TemplateVar(Struct, frozen=True, gc=False):
    """A variable that a template engine will fill in."""

    name: str
    flows: Flows = ()


class Joined(Struct, frozen=True):
    """Text made of parts, in order."""

    parts: tuple[Value, ...]
    flows: Flows = ()


class Choice(Struct, frozen=True):
    """One of several values; *flows* hold what the choice depends on, too."""

    alternatives: tuple[Value, ...]
    flows: Flows = ()


class Unknown(Struct, frozen=True, gc=False):
    """A value nobody can know, and why.

    :attr:`name` is the resource's attribute that it is, as no other of the checkout is called.
    """

    reason: str
    flows: Flows = ()
    name: str = ""


class Sequence(Struct, frozen=True):
    """A list of known length."""

    items: tuple[Value, ...]
    flows: Flows = ()


class Record(Struct, frozen=True):
    """A mapping with known keys."""

    entries: tuple[tuple[str, Value], ...]
    flows: Flows = ()

    def get(self, key: str) -> Value | None:
        """Return the value under *key*; a later entry wins."""
        return dict(self.entries).get(key)


Value = Known | EnvRead | TemplateVar | Joined | Choice | Unknown | Sequence | Record


def text(value: Value | None) -> str | None:
    """Return the string that *value* is for certain, or None."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Joined):
        parts = [text(part) for part in value.parts]
        return None if None in parts else "".join(part for part in parts if part is not None)
    return None


def texts(value: Value | None) -> Iterator[str]:
    """Yield every string that *value* may be, as far as it is known; defaults included."""
    match value:
        case Choice(alternatives):
            for alternative in alternatives:
                yield from texts(alternative)
        case EnvRead(default=default):
            yield from texts(default)
        case Known() | Joined():
            known = text(value)
            if known is not None:
                yield known
        case _:
            pass


def sketch(value: Value | None) -> str:
    """Return *value* as people would write it: text, ``${NAME}``, and ``*`` for the rest."""
    match value:
        case Known(known) if isinstance(known, str):
            return known
        case EnvRead(read):
            return f"${{{read.name}}}"
        case TemplateVar(name):
            return f"${{{name}}}"
        case Joined(parts):
            return "".join(sketch(part) for part in parts)
        case Choice(alternatives) if alternatives:
            return sketch(alternatives[0])
        case _:
            return "*"


def names(flows: Iterable[Flow]) -> tuple[str, ...]:
    """Return the variables behind *flows*, sorted, each once."""
    return tuple(sorted({flow.read.name for flow in flows}))
