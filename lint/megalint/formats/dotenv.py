"""Env files as dotenv reads them, and as Next.js loads and expands them.

Measured with ``@next/env`` 14.2, 15.5 and 16.4 and dotenv 16: ``tests/oracle/envfiles``.
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
    r"^\s*(?:export\s+)?(?P<name>[\w.-]+)(?:\s*=\s*?|:\s+?)"
    r"(?P<value>\s*'(?:\\'|[^'])*'|\s*\"(?:\\\"|[^\"])*\"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?"
    r"[^\S\r\n]*(?:#.*)?$",
    re.MULTILINE,
)
_REFERENCE: Final = re.compile(
    r"(?P<escape>\\)?\$(?!\()(?P<open>\{)?(?P<name>[A-Za-z0-9_]+)(?::-(?P<default>(?:\$\{[^}]*\}|[^}\\])*))?(?(open)\})"
)
_MAX_ROUNDS: Final = 20


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
        quote = value.flat[:1] if value.flat[:1] in {"'", '"', "`"} else ""
        if quote and len(value) > 1 and value.flat.endswith(quote):
            value = value[1:-1]
        else:
            quote = ""
        if quote == '"':
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

    A value of the process is expanded, too, where a file holds its name.
    """
    found = {name: Loaded(name, value, None) for name, value in process.items()}
    for file, text in files:
        entries = {entry.name: entry for entry in parse(text)}
        values = {name: entry.raw for name, entry in entries.items()}
        known = {name: one.value for name, one in found.items()}
        for name, entry in entries.items():
            start = known.get(name, entry.raw)
            value = expanded(start, {**values, **known}, name)
            if name not in found:
                found[name] = Loaded(name, value, file, entry)
            elif found[name].file is None:
                found[name] = Loaded(name, value, None, entry)
    return found


def expanded(value: Text, values: Mapping[str, Text], own: str, depth: int = 0) -> Text:
    r"""Return *value* with ``$NAME``, ``${NAME}`` and ``${NAME:-default}`` replaced.

    Single quotes protect nothing; ``\$`` is a dollar.
    """
    flat = value.flat
    if "$" not in flat or depth > _MAX_ROUNDS:
        return value
    parts: list[Text] = []
    at = 0
    for match in _REFERENCE.finditer(flat):
        parts.append(value[at : match.start()])
        at = match.end()
        if match["escape"]:
            parts.append(value[match.start() + 1 : match.end()])
            continue
        name, default = match["name"], match["default"]
        found = values.get(name) if name != own else None
        if found is not None and found:
            parts.append(expanded(found, values, name, depth + 1))
        elif default is not None:
            parts.append(value[match.start("default") : match.end("default")])
    return joined([*parts, value[at:]])
