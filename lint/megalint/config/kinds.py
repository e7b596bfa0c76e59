"""What the value of a setting may be: read by the reader, written into the schema and the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, Protocol

from msgspec import Struct

Fault = tuple[tuple[int, ...], str | None]
"""Where in a value something is wrong (a number for a list), and what may have been meant."""
TEXT: Final[Mapping[str, Any]] = {"type": "string"}


class Kind(Protocol):
    """A kind of value."""

    @property
    def words(self) -> str:
        """What is wanted, for a sentence: a text."""

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield what is wrong with *value*; nothing: it can be used."""

    def schema(self) -> dict[str, Any]:
        """Return the kind as JSON Schema, which says the same as :meth:`faults`."""


class Flag(Struct, frozen=True):
    """``true`` or ``false``."""

    words: str = "true or false"

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield a fault for what is neither."""
        if not isinstance(value, bool):
            yield (), None

    def schema(self) -> dict[str, Any]:
        """Return a boolean."""
        return {"type": "boolean"}


class Text(Struct, frozen=True):
    """Any text."""

    words: str = "a text"

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield a fault for what is no text."""
        if not isinstance(value, str):
            yield (), None

    def schema(self) -> dict[str, Any]:
        """Return a string."""
        return dict(TEXT)


class Duration(Struct, frozen=True):
    """A time: a whole number and its unit."""

    words: str = 'a time such as "90s", "10m" or "1h"'

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield a fault for what is no time."""
        if not isinstance(value, str) or _DURATION.fullmatch(value) is None:
            yield (), None

    def schema(self) -> dict[str, Any]:
        """Return a string of that form."""
        return {"type": "string", "pattern": f"^{_DURATION.pattern}$"}


_DURATION: Final = re.compile(r"[0-9]{1,6}[smh]")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


def seconds(duration: str) -> int:
    """Return a time in seconds."""
    return int(duration[:-1]) * _UNITS[duration[-1]]


class OneOf(Struct, frozen=True):
    """One of several texts; ``false`` may be among them."""

    choices: tuple[str | bool, ...]

    @property
    def words(self) -> str:
        """The choices."""
        return f"one of {', '.join(map(shown, self.choices))}"

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield a fault for what is none of them; in lower case it may be one."""
        if not any(type(value) is type(one) and value == one for one in self.choices):
            texts = [one for one in self.choices if isinstance(one, str)]
            yield (), close(value.lower(), texts) if isinstance(value, str) else None

    def schema(self) -> dict[str, Any]:
        """Return the choices."""
        return {"enum": list(self.choices)}


class ListOf(Struct, frozen=True):
    """A list of one kind; :attr:`name`: the definition of its entries in the schema."""

    entry: Text | OneOf
    words: str
    name: str = ""

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield a fault for what is no list, or for each entry that is wrong."""
        if not isinstance(value, list):
            yield (), None
            return
        for number, one in enumerate(value):
            yield from (((number, *place), meant) for place, meant in self.entry.faults(one))

    def schema(self) -> dict[str, Any]:
        """Return an array."""
        items = {"$ref": f"#/definitions/{self.name}"} if self.name else self.entry.schema()
        return {"type": "array", "items": items}


def shown(value: object) -> str:
    """Return a value as TOML writes it, in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # the escapes of JSON are escapes of TOML; it leaves one character that TOML does not
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{shown(key)} = {shown(one)}' for key, one in value.items())} }}"
    return str(value)


def close(name: str, options: list[str]) -> str | None:
    """Return the option that *name* is most like, or None."""
    return next(iter(get_close_matches(name, options, 1)), None)
