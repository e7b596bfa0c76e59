"""Env files as dotenv reads them, and as Next.js loads and expands them.

Measured with ``@next/env`` 14.2, 15.5 and 16.0 (dotenv 16.3): ``tests/oracle/envfiles``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from megalint.source import Location, Span
from megalint.text import Text, joined

NEXT_FILES: Final = (".env.production.local", ".env.local", ".env.production", ".env")
"""What a production server reads, the one that wins first."""
_LINE: Final = re.compile(
    r"^(?:[^\S\n]|\ufeff)*(?:export\s+)?(?P<name>[\w.-]+)(?:\s*=\s*?|:\s+?)"
    r"(?P<value>\s*'(?:\\'|[^'])*'|\s*\"(?:\\\"|[^\"])*\"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?"
    r"[^\S\r\n]*(?:#.*)?$",
    re.MULTILINE,
)
_RETURN: Final = re.compile(r"\r\n?")
_NEWLINE: Final = re.compile(r"\\[nr]")
_NEWLINES: Final = {"\\n": Text.literal("\n"), "\\r": Text.literal("\r")}
_ESCAPE: Final = re.compile(r"\\\$")
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
_REFERENCE: Final = re.compile(r"\$\{?(?P<name>\w+)(?::-(?P<default>[^}\\]*))?\}?", re.ASCII)
_PATTERN: Final = re.compile(r"\$[$&`']")
"""What JavaScript's ``replace`` reads in the text that it puts in."""
_MAX_ROUNDS: Final = 1000
_MAX_LENGTH: Final = 100_000


class Entry(Struct, frozen=True):
    """A line. :attr:`raw` is the value without its quotes, before anything is expanded."""

    name: str
    raw: Text
    quote: str
    location: Location | None


def parse(text: Text) -> tuple[Entry, ...]:
    """Return the entries in order; of two with one name the last one holds."""
    return tuple(_entries(text.replaced(_RETURN, lambda _: Text.literal("\n"))))


def _entries(text: Text) -> Iterator[Entry]:
    for match in _LINE.finditer(text.flat):
        value = Text()
        if match["value"] is not None:
            value = text[match.start("value") : match.end("value")].stripped
        first = value.flat[:1]
        quote = first if first in {"'", '"', "`"} else ""
        if quote and len(value) > 1 and value.flat.endswith(quote):
            value = value[1:-1]
        else:
            quote = ""
        if first == '"':
            value = value.replaced(_NEWLINE, lambda one: _NEWLINES[one[0]])
        place = text.locate(Span(match.start("name"), max(match.end("value"), match.end("name"))))
        yield Entry(match["name"], value, quote, place)


# --- Next.js --------------------------------------------------------------------------------


class Loaded(Struct, frozen=True):
    """A variable after Next's loading; :attr:`file` is None for one of the process."""

    name: str
    value: Text
    file: str | None
    entry: Entry | None = None


def load(files: Iterable[tuple[str, Text]], process: Mapping[str, Text]) -> dict[str, Loaded]:
    """Return what the app sees: the process, even empty, goes before the files, in order.

    A value of the process is expanded, too, where a file holds its name. A file with a value
    that refers to itself is lost as a whole: Next.js says so and goes on with the next file.
    """
    known = dict(process)
    found = {name: Loaded(name, value, None) for name, value in process.items()}
    for file, text in files:
        entries = {entry.name: entry for entry in parse(text)}
        values = _expanded_file(entries, known)
        if values is None:
            continue
        known |= values
        for name, value in values.items():
            if name in process:
                found[name] = Loaded(name, value, None, entries[name])
            elif name not in found:
                found[name] = Loaded(name, value, file, entries[name])
    return found


def _expanded_file(
    entries: Mapping[str, Entry], known: Mapping[str, Text]
) -> dict[str, Text] | None:
    values = {name: entry.raw for name, entry in entries.items()}
    for name in values:
        value = _expanded(known.get(name, values[name]), known, values)
        if value is None:
            return None
        values[name] = value
    return values


def _expanded(value: Text, known: Mapping[str, Text], values: Mapping[str, Text]) -> Text | None:
    r"""Return *value* with ``$NAME``, ``${NAME}`` and ``${NAME:-default}`` replaced.

    From the last dollar to the first, as text; a dollar without a name ends it. Single quotes
    protect nothing; ``\$`` is a dollar. None where it never ends.
    """
    for _ in range(_MAX_ROUNDS):
        flat = value.flat
        dollars = [match.start() for match in _DOLLAR.finditer(flat)]
        reference = _REFERENCE.match(flat, dollars[-1]) if dollars else None
        if reference is None:
            return _unescaped(value)
        if len(flat) > _MAX_LENGTH:
            break
        name, start = reference["name"], flat.find(reference[0])
        end = start + len(reference[0])
        default = value[reference.start("default") : reference.end("default")]
        inserted = known.get(name) or default or values.get(name) or Text()
        value = joined([value[:start], _inserted(inserted, value, start, end), value[end:]])
    return None


def _unescaped(value: Text) -> Text:
    return value.replaced(_ESCAPE, lambda one: value[one.start() + 1 : one.end()])


def _inserted(text: Text, whole: Text, start: int, end: int) -> Text:
    meanings = {
        "$$": Text.literal("$"),
        "$&": whole[start:end],
        "$`": whole[:start],
        "$'": whole[end:],
    }
    return text.replaced(_PATTERN, lambda one: meanings[one[0]])
