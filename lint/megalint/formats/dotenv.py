"""Env files as dotenv reads them, and as Next.js loads and expands them.

Measured with ``@next/env`` 14.2, 15.5 and 16.0 (dotenv 16.3): ``tests/oracle/envfiles``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from megalint.source import Location, Span
from megalint.text import Text, joined

NEXT_FILES: Final = (".env.production.local", ".env.local", ".env.production", ".env")
"""What a production server reads, the one that wins first."""
_LINE: Final = re.compile(
    r"^[\s\ufeff]*(?:export\s+)?(?P<name>[\w.-]+)(?:\s*=\s*?|:\s+?)"
    r"(?P<value>\s*'(?:\\'|[^'])*'|\s*\"(?:\\\"|[^\"])*\"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?"
    r"[^\S\r\n]*(?:#.*)?$",
    re.MULTILINE,
)
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
_REFERENCE: Final = re.compile(r"\$\{?(?P<name>\w+)(?::-(?P<default>[^}\\]*))?\}?", re.ASCII)
_PATTERN: Final = re.compile(r"\$[$&`']")
"""What JavaScript's ``replace`` reads in the text that it puts in."""
_MAX_ROUNDS: Final = 1000
_MAX_LENGTH: Final = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A line. :attr:`raw` is the value without its quotes, before anything is expanded."""

    name: str
    raw: Text
    quote: str
    location: Location | None


def parse(text: Text) -> tuple[Entry, ...]:
    """Return the entries in order; of two with one name the last one holds."""
    flat = text.flat.replace("\r\n", "\n").replace("\r", "\n")
    if len(flat) != len(text.flat):
        text = joined(_without_returns(text))
    return tuple(_entries(text))


def _without_returns(text: Text) -> Iterator[Text]:
    start = 0
    for match in re.finditer(r"\r\n?", text.flat):
        yield text[start : match.start()]
        yield Text.literal("\n")
        start = match.end()
    yield text[start:]


def _entries(text: Text) -> Iterator[Entry]:
    for match in _LINE.finditer(text.flat):
        value = Text()
        if match["value"] is not None:
            value = _stripped(text[match.start("value") : match.end("value")])
        first = value.flat[:1]
        quote = first if first in {"'", '"', "`"} else ""
        if quote and len(value) > 1 and value.flat.endswith(quote):
            value = value[1:-1]
        else:
            quote = ""
        if first == '"':
            value = _with_newlines(value)
        place = text.locate(Span(match.start("name"), max(match.end("value"), match.end("name"))))
        yield Entry(match["name"], value, quote, place)


def _stripped(text: Text) -> Text:
    flat = text.flat
    start = len(flat) - len(flat.lstrip())
    return text[start : max(len(flat.rstrip()), start)]


def _with_newlines(value: Text) -> Text:
    parts: list[Text] = []
    at = 0
    for match in re.finditer(r"\\([nr])", value.flat):
        parts.append(value[at : match.start()])
        parts.append(Text.literal("\n" if match[1] == "n" else "\r"))
        at = match.end()
    return joined([*parts, value[at:]])


# --- Next.js --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
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
            return _without_escapes(value)
        if len(flat) > _MAX_LENGTH:
            break
        name, start = reference["name"], flat.find(reference[0])
        end = start + len(reference[0])
        default = value[reference.start("default") : reference.end("default")]
        inserted = known.get(name) or default or values.get(name) or Text()
        value = joined([value[:start], *_inserted(inserted, value, start, end), value[end:]])
    return None


def _inserted(text: Text, whole: Text, start: int, end: int) -> Iterator[Text]:
    at = 0
    meanings = {
        "$$": Text.literal("$"),
        "$&": whole[start:end],
        "$`": whole[:start],
        "$'": whole[end:],
    }
    for match in _PATTERN.finditer(text.flat):
        yield text[at : match.start()]
        yield meanings[match[0]]
        at = match.end()
    yield text[at:]


def _without_escapes(value: Text) -> Text:
    parts: list[Text] = []
    at = 0
    for match in re.finditer(r"\\\$", value.flat):
        parts.append(value[at : match.start()])
        at = match.start() + 1
    return joined([*parts, value[at:]])
