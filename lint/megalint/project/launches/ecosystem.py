"""PM2's ecosystem files: each process, its command and its blocks of variables."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.formats import jsonc
from megalint.formats.jsonc import Json
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.source import Location, Source, Span
from megalint.text import Text

_NODE_FILES: Final = (".js", ".cjs", ".mjs", ".ts")


class Entry(Struct, frozen=True):
    """A variable of a block.

    :attr:`value` is None where it is computed; :attr:`reads` is the variable of the caller that
    it hands on, with :attr:`value` as its default.
    """

    name: str
    value: Text | None
    location: Location | None
    reads: str | None = None


class App(Struct, frozen=True):
    """One process. :attr:`blocks` are ``env``, ``env_production``, ... by name."""

    name: str
    words: tuple[Text, ...]
    folder: str | None
    blocks: Mapping[str, tuple[Entry, ...]]
    location: Location | None
    filtered: tuple[str, ...] = ()


def apps(text: Text, path: str) -> Iterator[App]:
    """Yield the processes that an ecosystem file names; *path* tells JSON from JavaScript."""
    source = Source(PurePosixPath(path.lstrip("/") or "ecosystem.config.js"), text.flat)
    reader = _Reader(text, source)
    if path.endswith(".json"):
        yield from reader.json()
    elif not path.endswith((".yml", ".yaml")):
        yield from reader.javascript()


class _Reader:
    """Reads a file by way of a source of its own, and points into the text it came from."""

    def __init__(self, text: Text, source: Source) -> None:
        self._text = text
        self._source = source

    def _place(self, span: Span) -> Location | None:
        return self._text.locate(span)

    def json(self) -> Iterator[App]:
        root = jsonc.parse(self._source)
        for entry in root.elements("apps") or (root,):
            if entry.text("script") is None:
                continue
            args = entry.text("args") or " ".join(entry.texts("args"))
            blocks = {
                key: tuple(self._json_entries(block))
                for key, block in entry.items().items()
                if key == "env" or key.startswith("env_")
            }
            yield self._app(
                entry.text("name"),
                entry.text("script") or "",
                args,
                entry.text("cwd"),
                blocks,
                entry.span,
                filtered=entry.texts("filter_env"),
            )

    def _json_entries(self, block: Json) -> Iterator[Entry]:
        for name, value in block.items().items():
            place = self._place(value.key_span or value.span)
            known = value.value
            text = "" if known is None else str(known)
            text = text.lower() if isinstance(known, bool) else text
            yield Entry(name, Text.literal(text, self._place(value.span)), place)

    def javascript(self) -> Iterator[App]:
        for node in walk(parse(self._source)):
            if isinstance(node, js.Object):
                members = _members(node)
                script = _text(members.get("script"))
                if script is not None:
                    yield self._from_object(node, members, script)

    def _from_object(self, node: js.Object, members: dict[str, js.Expression], script: str) -> App:
        args = members.get("args")
        words = _text(args) or ""
        if isinstance(args, js.Array):
            words = " ".join(_text(one) or "" for one in args.elements)
        blocks = {
            key: tuple(self._entries(block))
            for key, block in members.items()
            if (key == "env" or key.startswith("env_")) and isinstance(block, js.Object)
        }
        filtered = members.get("filter_env")
        prefixes = (
            tuple(_text(one) or "" for one in filtered.elements)
            if isinstance(filtered, js.Array)
            else ()
        )
        return self._app(
            _text(members.get("name")),
            script,
            words,
            _text(members.get("cwd")),
            blocks,
            node.span,
            filtered=tuple(one for one in prefixes if one),
        )

    def _entries(self, block: js.Object) -> Iterator[Entry]:
        for member in block.members:
            if not isinstance(member, js.Property) or member.is_computed:
                continue
            name = _key(member)
            if name is not None:
                value = _text(member.value)
                reads, default = _read(member.value)
                shown = value if reads is None else default
                place = self._place(member.value.span)
                text = None if shown is None else Text.literal(shown, place)
                yield Entry(name, text, self._place(member.span), reads)

    def _app(
        self,
        name: str | None,
        script: str,
        args: str,
        folder: str | None,
        blocks: Mapping[str, tuple[Entry, ...]],
        span: Span,
        *,
        filtered: tuple[str, ...] = (),
    ) -> App:
        place = self._place(span)
        words = [script, *_words(args)]
        if script.endswith(_NODE_FILES):
            words.insert(0, "node")
        label = name or PurePosixPath(script).stem
        texts = tuple(Text.literal(word, place) for word in words if word)
        return App(label, texts, folder, blocks, place, filtered)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _members(node: js.Object) -> dict[str, js.Expression]:
    found = (one for one in node.members if isinstance(one, js.Property) and not one.is_computed)
    return {name: one.value for one in found if (name := _key(one)) is not None}


def _key(member: js.Property) -> str | None:
    if isinstance(member.key, js.Name):
        return member.key.text
    return _text(member.key)


def _text(node: js.Expression | None) -> str | None:
    if isinstance(node, js.Literal) and node.value is not None:
        value = node.value
        return str(value).lower() if isinstance(value, bool) else str(value)
    return None


def _read(node: js.Expression) -> tuple[str | None, str | None]:
    """Return the variable that ``process.env.X`` reads, and the default beside it."""
    if isinstance(node, js.Logical):
        name, _ = _read(node.left)
        return name, _text(node.right)
    if isinstance(node, js.Member) and isinstance(node.object, js.Member):
        inner = node.object
        is_process = isinstance(inner.object, js.Name) and inner.object.text == "process"
        if is_process and inner.property == "env":
            return node.property, None
    return None, None
