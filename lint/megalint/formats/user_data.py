"""User data as cloud-init takes it apart (measured with cloud-init 22.4).

A part is a script that is run as root, or a ``#cloud-config`` that writes files and runs commands;
parts share no environment, and scripts run in the order of their file names.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from msgspec import Struct

from megalint.formats.yaml_nodes import (
    Node,
    ScalarNode,
    SequenceNode,
    Unreadable,
    composed,
    members,
    plain,
    scalar,
    span,
)
from megalint.source import Location, Span
from megalint.text import Text, joined, separated

LIMIT: Final = 16_384
"""Bytes of user data that EC2 takes, before base64."""
_MAX_PLAIN: Final = 1_000_000
_HEADER: Final = re.compile(r"(?P<name>[A-Za-z-]+):[ \t]*(?P<value>[^\n]*(?:\n[ \t]+[^\n]*)*)\n?")
_SHEBANG: Final = re.compile(r"#!\s*(?P<path>\S+)(?:[ \t]+(?P<options>[^\n]*))?")
_JINJA: Final = re.compile(r"##\s*template:\s*jinja[^\n]*\n")


class Problem(Struct, frozen=True):
    """Why a part does not run, or not as written: :attr:`kind` names it."""

    kind: str
    message: str
    location: Location | None
    is_fatal: bool = True


class WrittenFile(Struct, frozen=True):
    """An entry of ``write_files``."""

    path: str
    content: Text
    owner: str
    is_append: bool


class Part(Struct, frozen=True):
    """Something that runs: a script with its interpreter and options, by file name."""

    name: str
    text: Text
    interpreter: str = "bash"
    options: frozenset[str] = frozenset()
    dead: str | None = None
    """Why it is never run; None where it is."""


class UserDataParts(Struct, frozen=True):
    """What happens at boot: files first, then the scripts in order."""

    files: tuple[WrittenFile, ...]
    scripts: tuple[Part, ...]
    problems: tuple[Problem, ...]


def read(text: Text) -> UserDataParts:
    """Return what cloud-init makes of *text*."""
    reader = _Reader()
    reader.part(_unpacked(text), "part-001")
    return UserDataParts(
        tuple(reader.files),
        tuple(sorted(reader.scripts, key=lambda one: one.name)),
        tuple(reader.problems),
    )


def _unpacked(text: Text) -> Text:
    """Return the text out of base64 that holds a gzip, where it is written out."""
    known = text.known
    if known is None or not re.match(r"\s*H4sI[A-Za-z0-9+/=\s]+$", known):
        return text
    try:
        packed = base64.b64decode(known)
        plain = zlib.decompressobj(wbits=31).decompress(packed, _MAX_PLAIN)
        return Text.literal(plain.decode("utf-8"), text.location)
    except (binascii.Error, zlib.error, gzip.BadGzipFile, UnicodeDecodeError, ValueError):
        return text


class _Reader:
    def __init__(self) -> None:
        self.files: list[WrittenFile] = []
        self.scripts: list[Part] = []
        self.problems: list[Problem] = []

    def part(self, text: Text, name: str, kind: str = "") -> None:
        """Read one part; its first line decides."""
        flat = text.flat
        jinja = _JINJA.match(flat)
        if jinja is not None:
            text, flat = text[jinja.end() :], flat[jinja.end() :]
        if flat.startswith(("Content-Type: multipart/", "MIME-Version:")) or re.match(
            r"(?:[A-Za-z-]+:[^\n]*\r?\n)*Content-Type: multipart/", flat
        ):
            self._multipart(text)
        elif flat.startswith("#cloud-config") or kind == "text/cloud-config":
            self._config(text)
        elif flat.startswith("#cloud-boothook"):
            self.scripts.insert(0, Part("", text, "sh"))
        elif flat.startswith("#include"):
            return
        else:
            self._script(text, name, is_declared=kind == "text/x-shellscript")

    def _script(self, text: Text, name: str, *, is_declared: bool) -> None:
        flat = text.flat
        match = _SHEBANG.match(flat)
        if match is None:
            self._unread(text, name, is_declared=is_declared)
            return
        first, _, rest = flat.partition("\n")
        if first.endswith("\r"):
            text = _without_returns(text)
        elif "\r\n" in rest:
            place = text.locate(Span(flat.index("\r"), flat.index("\r") + 1))
            message = "lines end in CR LF, the first one does not: values keep the CR"
            self.problems.append(Problem("mixed-line-ends", message, place, is_fatal=False))
        path = match["path"].rstrip("\r")
        options = (match["options"] or "").strip()
        is_env = path.endswith("/env") and bool(options)
        base = options.split()[-1] if is_env else path.rpartition("/")[2]
        flags = frozenset(one for one in "aeux" if options.startswith("-") and one in options)
        if base in {"bash", "sh", "dash", "ksh", "zsh"}:
            self.scripts.append(Part(name, text, "bash" if base == "bash" else "sh", flags))

    def _unread(self, text: Text, name: str, *, is_declared: bool) -> None:
        flat = text.flat
        place = text.locate(Span(0, 1))
        if not flat.strip():
            return
        if flat.startswith("\ufeff"):
            kind = "byte-order-mark"
            message = "a byte order mark stands before `#!`: cloud-init takes it for no script"
        elif flat.lstrip().startswith("#!"):
            kind = "blank-before-shebang"
            message = "blanks stand before `#!`: the kernel answers Exec format error"
        elif "\ue000" not in flat.split("\n", 1)[0]:
            kind = "no-shebang"
            what = "the part has" if is_declared else "the user data has"
            message = f"{what} no `#!` on its first line: cloud-init does not run it"
        else:
            return
        self.problems.append(Problem(kind, message, place))
        self.scripts.append(Part(name, text, dead=message))

    # --- MIME ------------------------------------------------------------------------------

    def _multipart(self, text: Text) -> None:
        headers, body = _headers(text)
        match = re.search(r'boundary="?([^";\n]+)"?', headers.get("content-type", ""))
        if match is None:
            return
        for number, part in enumerate(_pieces(body, match[1].strip()), 1):
            self._piece(part, number)

    def _piece(self, text: Text, number: int) -> None:
        headers, body = _headers(text)
        kind = headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
        name = re.search(r'filename="?([^";\n]+)"?', headers.get("content-disposition", ""))
        encoding = headers.get("content-transfer-encoding", "").strip().lower()
        if encoding == "base64" and body.known is not None:
            body = _decoded(body)
        label = name[1].strip() if name is not None else f"part-{number:03d}"
        self.part(body, label, kind)

    # --- cloud-config ----------------------------------------------------------------------

    def _config(self, text: Text) -> None:
        try:
            root = composed(text.flat)
        except Unreadable as error:
            at = error.at
            message = "cloud-init cannot read the YAML: nothing of it is applied"
            place = text.locate(Span(min(at, len(text)), min(at + 1, len(text))))
            self.problems.append(Problem("broken-yaml", message, place))
            return
        sections = dict(members(root))
        self._written(text, sections.get("write_files"))
        self._commands(text, sections.get("bootcmd"), "")
        self._commands(text, sections.get("runcmd"), "runcmd")

    def _written(self, text: Text, node: Node | None) -> None:
        for entry in node.value if isinstance(node, SequenceNode) else ():
            fields = dict(members(entry))
            path = fields.get("path")
            if not isinstance(path, ScalarNode):
                continue
            content = scalar(text, fields.get("content"))
            encoding = plain(fields.get("encoding"))
            if encoding in {"b64", "base64"} and content.known is not None:
                content = _decoded(content)
            owner = plain(fields.get("owner")).partition(":")[0] or "root"
            is_append = plain(fields.get("append")) == "true"
            self.files.append(WrittenFile(path.value, content, owner, is_append))

    def _commands(self, text: Text, node: Node | None, name: str) -> None:
        """Make one script of the list: a list item is quoted, a text stands as it is."""
        if not isinstance(node, SequenceNode):
            return
        lines: list[Text] = []
        for item in node.value:
            line = _command(text, item)
            if line is None:
                place = text.locate(span(item))
                message = "an item is neither a text nor a list: cloud-init runs none of them"
                self.problems.append(Problem("broken-runcmd", message, place))
                return
            lines += [line, Text.literal("\n")]
        self.scripts.append(Part(name, joined(lines), "sh"))


def _command(text: Text, item: Node) -> Text | None:
    if isinstance(item, ScalarNode):
        return scalar(text, item) if item.tag.endswith(":str") else None
    if not isinstance(item, SequenceNode):
        return None
    blank, quote = Text.literal(" "), Text.literal("'")
    words = [
        joined([quote, _quotable(scalar(text, one)), quote])
        for one in item.value
        if isinstance(one, ScalarNode)
    ]
    return joined(part for word in words for part in (word, blank))


def _quotable(word: Text) -> Text:
    return separated(word.split("'"), Text.literal("'\\''"))


def _headers(text: Text) -> tuple[dict[str, str], Text]:
    found: dict[str, str] = {}
    flat, at = text.flat.replace("\r\n", "\n"), 0
    if len(flat) != len(text.flat):
        text = _without_returns(text)
    while (match := _HEADER.match(flat, at)) is not None:
        found[match["name"].lower()] = match["value"]
        at = match.end()
    return found, text[at + 1 :] if flat[at : at + 1] == "\n" else text[at:]


def _pieces(body: Text, boundary: str) -> Iterator[Text]:
    marks = list(re.finditer(rf"^--{re.escape(boundary)}(--)?[ \t]*\n?", body.flat, re.MULTILINE))
    for mark, following in zip_longest(marks, marks[1:]):
        if mark[1] is None:
            end = len(body) if following is None else following.start()
            yield body[mark.end() : end]


def _decoded(text: Text) -> Text:
    try:
        plain = base64.b64decode(text.flat)
        if plain[:2] == b"\x1f\x8b":
            plain = zlib.decompressobj(wbits=31).decompress(plain, _MAX_PLAIN)
        return Text.literal(plain.decode("utf-8"), text.location)
    except (binascii.Error, zlib.error, UnicodeDecodeError, ValueError):
        return text


def _without_returns(text: Text) -> Text:
    return separated(text.split("\r\n"), Text.literal("\n"))
