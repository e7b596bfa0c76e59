"""``sed``: substitutions, deletions and insertions, in a stream or in a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from megalint.languages.shell import patterns
from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status
from megalint.project.launches import options
from megalint.project.launches.expressions import basic, extended
from megalint.project.launches.files import read_all
from megalint.text import OPAQUE, Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

Lines = list[Text]
_VALUED: Final = frozenset({"-e", "--expression", "-f", "--file", "-l"})
_ADDRESS: Final = re.compile(r"\d+|\$")
_IN_REPLACEMENT: Final = re.compile(r"\\(\d)|\\n|\\(.)|&", re.DOTALL)


class _Refused(Exception):
    """Sed does not read the expression."""


class _Unread(Exception):
    """The model does not read the expression, though sed may."""


class _Address(Struct, frozen=True):
    first: str | re.Pattern[str] | None
    last: str | re.Pattern[str] | None = None
    is_negated: bool = False


class _Command(Struct, frozen=True):
    address: _Address
    letter: str
    expression: re.Pattern[str] | None = None
    text: Text = field(default_factory=Text)
    flags: str = ""


def run(call: Call, shell: Interpreter, system: System) -> Status:
    """Run sed; what it cannot read leaves the file as it is, and fails."""
    read = options.read(call.words, _VALUED, is_mixed=True)
    names = {name.partition("=")[0] for name, _ in read.found}
    scripts = read.all("-e", "--expression")
    files = list(read.operands)
    if not scripts and files:
        scripts = [files.pop(0)]
    is_in_place = any(name.startswith(("-i", "--in-place")) for name in names)
    try:
        commands = [one for text in scripts for one in _parsed(text, is_extended=_extended(names))]
    except _Refused:
        for name in files if is_in_place else ():
            system.note("sed-refused", call.location, shell.path(name))
        return Status.FAIL
    except _Unread:
        return _unread(call, shell, files, is_in_place=is_in_place)
    if "-n" in names or "-f" in names:
        return _unread(call, shell, files, is_in_place=is_in_place)
    if is_in_place:
        return _in_place(call, shell, files, commands)
    text = read_all(files, shell)
    if text is None:
        return Status.FAIL
    shell.write(_edited(text, commands))
    return Status.OK


def _extended(names: set[str]) -> bool:
    return bool(names & {"-E", "-r", "--regexp-extended"})


def _unread(call: Call, shell: Interpreter, files: Lines, *, is_in_place: bool) -> Status:
    if not is_in_place:
        shell.write(Text.opaque(Unknown("what sed prints"), call.location))
        return Status.ASSUMED
    for name in files:
        shell.keep_file(shell.path(name), Text.opaque(Unknown("edited by sed"), call.location))
    return Status.ASSUMED


def _in_place(call: Call, shell: Interpreter, files: Lines, commands: list[_Command]) -> Status:
    for name in files:
        path = shell.path(name)
        found = shell.file(path)
        if found is None:
            content = Text.opaque(Unknown(f"{path}, edited by sed"), call.location)
        elif found.content is None:
            return Status.FAIL
        else:
            content = _edited(found.content, commands)
        owner = found.owner if found is not None else None
        shell.keep_file(path, content, owner=owner)
    return Status.ASSUMED


def _edited(text: Text, commands: list[_Command]) -> Text:
    has_end = text.flat.endswith("\n") or not text
    lines = list(text.lines())
    longest = max((line.flat for line in lines), key=len, default="")
    if not all(_ends_soon(one.address, longest) for one in commands):
        return Text.opaque(Unknown("edited by sed"), text.location)
    for command in commands:
        lines = _applied(command, lines)
    end = Text.literal("\n")
    whole = joined(part for line in lines for part in (line, end))
    return whole if has_end else whole[: len(whole) - 1]


def _ends_soon(address: _Address, line: str) -> bool:
    forms = (one for one in (address.first, address.last) if isinstance(one, re.Pattern))
    return all(patterns.bounded(one.pattern, line) is not None for one in forms)


def _applied(command: _Command, lines: Lines) -> Lines:
    found: Lines = []
    is_inside = False
    for number, line in enumerate(lines, 1):
        is_chosen, is_inside = _chosen(command.address, line, number, len(lines), is_inside)
        if not is_chosen:
            found.append(line)
        elif command.letter == "s":
            found.append(_substituted(command, line))
        elif command.letter == "a":
            found += [line, command.text]
        elif command.letter == "i":
            found += [command.text, line]
        elif command.letter == "c":
            found.append(command.text)
    return found


def _chosen(
    address: _Address, line: Text, number: int, count: int, is_inside: bool
) -> tuple[bool, bool]:
    if address.first is None:
        return True, False
    if address.last is None:
        return _matches(address.first, line, number, count) != address.is_negated, False
    if is_inside:
        return not address.is_negated, not _matches(address.last, line, number, count)
    starts = _matches(address.first, line, number, count)
    return starts != address.is_negated, starts


def _matches(address: str | re.Pattern[str], line: Text, number: int, count: int) -> bool:
    if isinstance(address, str):
        return number == (count if address == "$" else int(address))
    return address.search(line.flat) is not None


def _substituted(command: _Command, line: Text) -> Text:
    assert command.expression is not None
    if patterns.bounded(command.expression.pattern, line.flat) is None:
        return Text.opaque(Unknown("edited by sed"), line.location)
    return line.replaced(
        command.expression,
        _replacement(command.text, line),
        is_first_only="g" not in command.flags,
    )


def _replacement(text: Text, line: Text) -> Callable[[re.Match[str]], Text]:
    def made(match: re.Match[str]) -> Text:
        def one(reference: re.Match[str]) -> Text:
            if reference[0] == "&" or reference[1]:
                group = int(reference[1] or 0)
                is_there = group <= match.re.groups and match.start(group) >= 0
                return line[match.start(group) : match.end(group)] if is_there else Text()
            if reference[0] == "\\n":
                return Text.literal("\n", text.location)
            return text[reference.start() + 1 : reference.end()]

        return text.replaced(_IN_REPLACEMENT, one)

    return made


# --- reading the script ---------------------------------------------------------------------


def _parsed(text: Text, *, is_extended: bool) -> list[_Command]:
    reader = _Reader(text, is_extended=is_extended)
    return list(reader.commands())


class _Reader:
    def __init__(self, text: Text, *, is_extended: bool) -> None:
        self._text = text
        self._flat = text.flat
        self._at = 0
        self._translate = extended if is_extended else basic

    def commands(self) -> list[_Command]:
        found: list[_Command] = []
        while True:
            while self._at < len(self._flat) and self._flat[self._at] in " \t\n;":
                self._at += 1
            if self._at >= len(self._flat) or self._flat[self._at] == "#":
                return found
            found.append(self._command())

    def _command(self) -> _Command:
        address = self._addresses()
        letter = self._flat[self._at : self._at + 1]
        self._at += 1
        if letter == "s":
            return self._substitution(address)
        if letter == "d":
            return _Command(address, "d")
        if letter in {"a", "i", "c"}:
            return _Command(address, letter, text=self._inserted())
        raise _Unread

    def _addresses(self) -> _Address:
        first = self._address()
        last = None
        if first is not None and self._flat[self._at : self._at + 1] == ",":
            self._at += 1
            last = self._address()
            if last is None:
                raise _Unread
        is_negated = self._flat[self._at : self._at + 1] == "!"
        self._at += is_negated
        while self._flat[self._at : self._at + 1] == " ":
            self._at += 1
        return _Address(first, last, is_negated)

    def _address(self) -> str | re.Pattern[str] | None:
        match = _ADDRESS.match(self._flat, self._at)
        if match is not None:
            self._at = match.end()
            return match[0]
        mark = self._flat[self._at : self._at + 1]
        if mark == "\\":
            self._at += 1
            mark = self._flat[self._at : self._at + 1]
        elif mark != "/":
            return None
        self._at += 1
        return self._compiled(self._until(mark), mark)

    def _until(self, mark: str) -> Text:
        """Read up to an unescaped *mark*, and the mark."""
        start = self._at
        in_brackets = False
        while self._at < len(self._flat):
            char = self._flat[self._at]
            if char == "\\":
                self._at += 2
                continue
            if char == mark and not in_brackets:
                self._at += 1
                return self._text[start : self._at - 1]
            if char == "\n":
                raise _Refused
            self._at += 1
        raise _Refused

    def _compiled(self, text: Text, mark: str) -> re.Pattern[str]:
        if text.known is None:
            raise _Unread
        plain = text.flat.replace("\\" + mark, mark if mark not in ".*[]^$" else "\\" + mark)
        found = patterns.compiled(self._translate(plain))
        if found is None or not plain:
            raise _Unread
        return found

    def _substitution(self, address: _Address) -> _Command:
        mark = self._flat[self._at : self._at + 1]
        if not mark or mark in "\\\n" or mark == OPAQUE:
            raise _Refused
        self._at += 1
        expression = self._until(mark)
        replacement = self._until_replacement(mark)
        flags = re.compile(r"[a-zA-Z0-9]*").match(self._flat, self._at)
        self._at = flags.end() if flags is not None else self._at
        text = flags[0] if flags is not None else ""
        if not re.fullmatch(r"(?:[gpIiMme]|\d+|w.*)*", text):
            raise _Refused
        following = self._flat[self._at : self._at + 1]
        if following and following not in " \t\n;}#":
            raise _Refused
        if re.search(r"[dpew0-9M]", text):
            raise _Unread
        compiled = self._compiled(expression, mark)
        if "i" in text.lower():
            compiled = patterns.compiled("(?i)" + compiled.pattern) or compiled
        return _Command(address, "s", compiled, replacement, text)

    def _until_replacement(self, mark: str) -> Text:
        start = self._at
        parts: list[Text] = []
        while self._at < len(self._flat):
            char = self._flat[self._at]
            if char == "\\":
                if self._flat[self._at + 1 : self._at + 2] == mark:
                    parts.append(self._text[start : self._at])
                    start = self._at + 1
                self._at += 2
                continue
            if char == mark:
                self._at += 1
                return joined([*parts, self._text[start : self._at - 1]])
            self._at += 1
        raise _Refused

    def _inserted(self) -> Text:
        match = re.compile(r"[ \t]*(?:\\\n?)?[ \t]*").match(self._flat, self._at)
        start = match.end() if match is not None else self._at
        end = self._flat.find("\n", start)
        end = len(self._flat) if end < 0 else end
        self._at = end
        return self._text[start:end]
