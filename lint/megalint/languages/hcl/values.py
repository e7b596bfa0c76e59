"""The values of HCL: text with places, numbers, collections, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from msgspec import Struct

from megalint.numerals import is_whole
from megalint.source import Location
from megalint.text import Text
from megalint.values import Choice, Unknown, Value


class Encoded(Struct, frozen=True):
    """Text in base64; :attr:`is_packed` after gzip."""

    content: HclValue
    is_packed: bool = False


class Open(Struct, frozen=True):
    """A value that is not known, and why; :attr:`name` is how the file writes it."""

    reason: str
    name: str = ""


class OneOf(Struct, frozen=True):
    """One of several values, by a test that cannot be known."""

    alternatives: tuple[HclValue, ...]


HclValue = (
    Text
    | bool
    | float
    | int
    | None
    | tuple["HclValue", ...]
    | Mapping[str, "HclValue"]
    | Encoded
    | Open
    | OneOf
)


def text_of(value: HclValue, place: Location) -> Text:
    """Return what a value becomes inside a template."""
    match value:
        case Text():
            return value
        case bool():
            return Text.literal("true" if value else "false", place)
        case int() | float():
            return Text.literal(f"{value:g}" if isinstance(value, float) else str(value), place)
        case None:
            return Text()
        case _:
            return Text.opaque(reason_of(value), place)


def reason_of(value: HclValue) -> Value:
    """Return a value as one of the domain that all languages share."""
    match value:
        case Text():
            return value.value
        case Open(reason, name):
            return Unknown(reason, name=name)
        case OneOf(alternatives):
            return Choice(tuple(reason_of(one) for one in alternatives))
        case Encoded():
            return Unknown("base64")
        case _:
            return Unknown("a computed value")


def truth(value: HclValue) -> bool | None:
    """Return the boolean that a value is; None where that is not known."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Text) and value.known in {"true", "false"}:
        return value.known == "true"
    return None


def number_of(value: HclValue) -> float | int | None:
    """Return the number that a value is, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Text) and value.known is not None:
        try:
            value = int(value.known) if is_whole(value.known) else float(value.known)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and isfinite(value) else None


def equals(left: HclValue, right: HclValue) -> bool | None:
    """Whether two values are the same; None where that is not known."""
    if isinstance(left, Open | OneOf | Encoded) or isinstance(right, Open | OneOf | Encoded):
        return None
    if isinstance(left, Text) and isinstance(right, Text):
        if left.known is None or right.known is None:
            return None
        return left.known == right.known
    if isinstance(left, Text) != isinstance(right, Text):
        return False
    return left == right


def one_of(first: HclValue, second: HclValue) -> HclValue:
    """Return the value that is one of two."""
    if equals(first, second):
        return first
    options = [
        item
        for one in (first, second)
        for item in (one.alternatives if isinstance(one, OneOf) else (one,))
    ]
    return OneOf(tuple(options))


def items_of(value: HclValue) -> list[tuple[HclValue, HclValue]] | None:
    """Return the pairs of a list or a map, or None."""
    if isinstance(value, Mapping):
        return [(Text.literal(key), one) for key, one in sorted(value.items())]
    if isinstance(value, tuple):
        return list(enumerate(value))
    return None


def member(value: HclValue, name: str) -> HclValue:
    """Return ``value.name``."""
    if isinstance(value, Mapping):
        return value[name] if name in value else Open(f"the attribute {name}")
    if isinstance(value, tuple) and is_whole(name):
        return value[int(name)] if int(name) < len(value) else Open("an item")
    if isinstance(value, Open):
        full = f"{value.name}.{name}" if value.name else ""
        return Open(full or value.reason, full)
    if isinstance(value, OneOf):
        return OneOf(tuple(member(one, name) for one in value.alternatives))
    return Open(f"the attribute {name}")


def indexed(value: HclValue, key: HclValue) -> HclValue:
    """Return ``value[key]``."""
    if isinstance(key, Text) and key.known is not None:
        return member(value, key.known)
    if isinstance(key, int) and not isinstance(key, bool):
        return member(value, str(key))
    return Open(value.name or value.reason if isinstance(value, Open) else "an item")


def splat(value: HclValue, names: tuple[str, ...]) -> HclValue:
    """Return ``value[*].names``."""
    if value is None:
        return ()
    if isinstance(value, Open | OneOf | Encoded):
        return Open(value.reason if isinstance(value, Open) else "a list")
    items = value if isinstance(value, tuple) else (value,)
    found: list[HclValue] = []
    for item in items:
        for name in names:
            item = member(item, name)
        found.append(item)
    return tuple(found)
