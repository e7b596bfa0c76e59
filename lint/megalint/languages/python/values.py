"""The values of Python: text and numbers with places, collections, classes, and what is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst
from msgspec import Struct

from megalint.languages.python.scopes import Scope
from megalint.source import Location
from megalint.text import Text

MAX_ALTERNATIVES: Final = 24
MAX_PARTS: Final = 1_000


class Number(Struct, frozen=True):
    """A number, or a boolean, and where it is written."""

    value: int | float | bool
    location: Location


class Nothing(Struct, frozen=True):
    """``None``."""


class Items(Struct, frozen=True):
    """A list, tuple or set; :attr:`is_open` where there may be more of them."""

    items: tuple[PyValue, ...]
    is_open: bool = False


class Record(Struct, frozen=True):
    """A dict with known keys, or what a call is given by keyword."""

    entries: tuple[tuple[str, PyValue], ...]
    is_open: bool = False

    def get(self, key: str) -> PyValue | None:
        """Return the value under *key*; the last one wins."""
        return next((value for name, value in reversed(self.entries) if name == key), None)

    def set(self, key: str, value: PyValue) -> Record:
        """Return the record with *key* set."""
        kept = tuple(one for one in self.entries if one[0] != key)
        return Record((*kept, (key, value)), self.is_open)


class OneOf(Struct, frozen=True):
    """One of several values, by what cannot be known."""

    alternatives: tuple[PyValue, ...]


class Fallback(Struct, frozen=True):
    """A value that holds where nothing else is given: a default."""

    value: PyValue


class Open(Struct, frozen=True):
    """A value that is not known, and why.

    :attr:`key` is the road to it from an argument that no caller gives: ``event.version``.
    """

    reason: str
    key: str | None = None


class Coded(Struct, frozen=True):
    """Text that is in base64, or was: what replaces a part of it keeps that."""

    is_encoded: bool


class Function(Struct, frozen=True):
    """A function of the checkout; :attr:`owner` is the class of a method."""

    node: cst.FunctionDef
    scope: Scope
    owner: Class | None = None


class Class(Struct, frozen=True):
    """A class of the checkout."""

    node: cst.ClassDef
    scope: Scope


class Instance(Struct, frozen=True):
    """An object of a class, with what its constructor is given."""

    kind: Class
    positional: tuple[PyValue, ...] = ()
    named: Record = Record(())


class Namespace(Struct, frozen=True):
    """A module: one of the checkout by its scope, or another one by its name."""

    name: str
    scope: Scope | None = None


class Method(Struct, frozen=True):
    """An attribute of an object that is not known, such as an operation of a client."""

    name: str
    of: PyValue
    given: Record = Record(())


PyValue = (
    Text
    | Number
    | Nothing
    | Items
    | Record
    | OneOf
    | Fallback
    | Open
    | Coded
    | Function
    | Class
    | Instance
    | Namespace
    | Method
)


def one_of(values: list[PyValue]) -> PyValue:
    """Return the value that is one of *values*; of very many, the last ones are open."""
    flat: list[PyValue] = []
    for value in values:
        for one in value.alternatives if isinstance(value, OneOf) else (value,):
            if len(flat) >= MAX_ALTERNATIVES:
                return OneOf((*flat, Open("one of very many")))
            if one not in flat:
                flat.append(one)
    if not flat:
        return Open("nothing is known of it")
    return flat[0] if len(flat) == 1 else OneOf(tuple(flat))


def is_heavy(value: PyValue) -> bool:
    """Whether a value has more parts than anybody wrote by hand: it grew in a loop."""
    pending: list[object] = [value]
    count = 0
    while pending:
        one = pending.pop()
        count += 1
        if count > MAX_PARTS:
            return True
        match one:
            case Items(held) | OneOf(held):
                pending.extend(held)
            case Record(entries):
                pending.extend(part for _, part in entries)
            case Fallback(inner) | Method(_, inner):
                pending.append(inner)
            case Instance(_, positional, named):
                pending.extend((*positional, named))
            case _:
                pass
    return False


def alternatives(value: PyValue) -> Iterator[PyValue]:
    """Yield the values that one may be, defaults among them."""
    match value:
        case OneOf(options):
            for one in options:
                yield from alternatives(one)
        case Fallback(inner):
            yield from alternatives(inner)
        case _:
            yield value
