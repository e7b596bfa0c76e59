"""Builtins that declare, set, read and take away variables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.state import Status, Variable
from megalint.numerals import is_whole
from megalint.text import Text
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

_NAME: Final = re.compile(r"([A-Za-z_]\w*)(\+)?=", re.DOTALL)
_SHORT_OPTIONS: Final = {"a": "a", "e": "e", "u": "u", "x": "x", "f": "f", "n": "n"}
_LONG_OPTIONS: Final = {"allexport": "a", "errexit": "e", "nounset": "u", "xtrace": "x"}
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*")


def _declared(call: Call, shell: Interpreter, *, exports: bool, is_local: bool = False) -> Status:
    status = Status.OK
    for place, word in enumerate(call.words[1:], 1):
        if word.flat.startswith("-") and len(word) > 1:
            exports = exports or ("x" in word.flat and call.name != "export")
            if call.name == "export" and "n" in word.flat:
                return _unexported(call, shell)
            is_local = is_local and "g" not in word.flat
            continue
        match = _NAME.match(word.flat)
        name = match[1] if match is not None else word.flat
        if not _IDENTIFIER.fullmatch(name):
            if word.known is None:
                shell.shell.has_known_environment = False
            status = Status.FAIL if word.known is not None else Status.UNKNOWN
            continue
        if is_local:
            _made_local(name, shell)
        if match is not None:
            _given(shell, match, word, call, place)
        if exports:
            shell.export(name)
        elif match is None:
            shell.shell.variables.setdefault(name, Variable(None, location=shell.here))
    return status


def _given(shell: Interpreter, match: re.Match[str], word: Text, call: Call, place: int) -> None:
    location = call.places[place] if place < len(call.places) else call.location
    value = word[match.end() :]
    items = re.fullmatch(r"\((.*)\)", value.flat, re.DOTALL)
    if items is not None and call.name != "export":
        parts = tuple(Text.literal(one, location) for one in items[1].split())
        shell.assign_items(match[1], parts, location, is_append=match[2] is not None)
        return
    shell.assign(match[1], value, location, is_append=match[2] is not None)


def _made_local(name: str, shell: Interpreter) -> None:
    shell.keep_local(name)
    before = shell.shell.variables.get(name)
    is_exported = before is not None and before.is_exported
    shell.shell.variables[name] = Variable(None, is_exported, shell.here)


def _unexported(call: Call, shell: Interpreter) -> Status:
    for word in call.words[1:]:
        found = shell.shell.variables.get(word.flat)
        if found is not None:
            shell.shell.variables[word.flat] = replace(found, is_exported=False)
    return Status.OK


def _export(call: Call, shell: Interpreter) -> Status:
    if len(call.words) == 1 or call.words[1].flat == "-p":
        shell.write(Text.opaque(Unknown("the list of variables"), call.location))
        return Status.OK
    return _declared(call, shell, exports=True)


def _declare(call: Call, shell: Interpreter) -> Status:
    return _declared(call, shell, exports=False, is_local=bool(shell.shell.locals))


def _local(call: Call, shell: Interpreter) -> Status:
    if not shell.shell.locals:
        return Status.FAIL
    return _declared(call, shell, exports=False, is_local=True)


def _readonly(call: Call, shell: Interpreter) -> Status:
    status = _declared(call, shell, exports=False)
    for word in call.words[1:]:
        name = word.flat.partition("=")[0]
        found = shell.shell.variables.get(name)
        if found is not None:
            shell.shell.variables[name] = replace(found, is_readonly=True)
    return status


def _unset(call: Call, shell: Interpreter) -> Status:
    is_function = False
    for word in call.words[1:]:
        if word.flat in {"-f", "-v", "-n"}:
            is_function = word.flat == "-f"
        elif is_function or shell.shell.variables.pop(word.flat, None) is None:
            shell.shell.functions.pop(word.flat, None)
    return Status.OK


def _set(call: Call, shell: Interpreter) -> Status:
    words = list(call.words[1:])
    options = set(shell.shell.options)
    while words:
        word = words.pop(0).flat
        if word == "--":
            shell.shell.positional = tuple(words)
            break
        if word in {"-o", "+o"} and words:
            name = words.pop(0).flat
            _switch(options, _LONG_OPTIONS.get(name, name), is_on=word == "-o")
        elif word[:1] in {"-", "+"} and len(word) > 1:
            for letter in word[1:]:
                if letter == "o" and words:
                    name = words.pop(0).flat
                    _switch(options, _LONG_OPTIONS.get(name, name), is_on=word[0] == "-")
                else:
                    _switch(options, _SHORT_OPTIONS.get(letter, letter), is_on=word[0] == "-")
        else:
            first = call.words[len(call.words) - len(words) - 1]
            shell.shell.positional = (first, *words)
            break
    shell.shell.options = frozenset(options)
    return Status.OK


def _switch(options: set[str], name: str, *, is_on: bool) -> None:
    if is_on:
        options.add(name)
    else:
        options.discard(name)


def _shift(call: Call, shell: Interpreter) -> Status:
    count = call.words[1].flat if len(call.words) > 1 else "1"
    items = shell.shell.positional
    number = int(count) if is_whole(count) else 1
    if number > len(items):
        return Status.FAIL
    shell.shell.positional = items[number:]
    return Status.OK


def _read(call: Call, shell: Interpreter) -> Status:
    names, is_raw = [], False
    words = [word.flat for word in call.words[1:]]
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            is_raw = is_raw or "r" in word
            if word[-1] in "adinNptu" and words:
                names += [words.pop(0)] if word[-1] == "a" else []
                del words[: 1 if word[-1] != "a" else 0]
        else:
            names.append(word)
    if shell.input is None or not shell.input.is_known:
        for name in names or ["REPLY"]:
            shell.assign(name, Text.opaque(Unknown("a line that is read")), call.location)
        return Status.UNKNOWN
    return _read_line(names or ["REPLY"], shell, is_raw=is_raw)


def _read_line(names: list[str], shell: Interpreter, *, is_raw: bool) -> Status:
    found = shell.input.line() if shell.input is not None else None
    line, is_ended = (Text(), False) if found is None else found
    while found is not None and not is_raw and line.flat.endswith("\\") and is_ended:
        more = shell.input.line() if shell.input is not None else None
        if more is None:
            break
        line, is_ended = line[:-1] + more[0], more[1]
    variable = shell.shell.variables.get("IFS")
    blanks = " \t\n"
    if variable is not None and variable.value is not None:
        blanks = variable.value.flat
    for name, value in zip(names, _parts(line, len(names), blanks), strict=True):
        shell.assign(name, value, value.location or shell.here)
    return Status.OK if is_ended else Status.FAIL


def _parts(line: Text, count: int, separators: str) -> list[Text]:
    """Return *count* parts of a line; the last one holds the rest."""
    white = "".join(one for one in separators if one in " \t\n")
    found: list[Text] = []
    rest = _stripped(line, white)
    while len(found) < count - 1:
        at = next((n for n, char in enumerate(rest.flat) if char in separators), len(rest))
        found.append(rest[:at])
        after = at + 1
        while after < len(rest) and rest.flat[after] in white:
            after += 1
        rest = rest[after:]
    return [*found, rest]


def _stripped(text: Text, blanks: str) -> Text:
    start = len(text) - len(text.flat.lstrip(blanks)) if blanks else 0
    end = len(text.flat.rstrip(blanks)) if blanks else len(text)
    return text[start : max(end, start)]


def _mapfile(call: Call, shell: Interpreter) -> Status:
    name = next((w.flat for w in call.words[:0:-1] if not w.flat.startswith("-")), "MAPFILE")
    text = shell.read_rest()
    is_trimmed = any("t" in word.flat for word in call.words[1:] if word.flat.startswith("-"))
    end = Text() if is_trimmed else Text.literal("\n")
    shell.assign_items(
        name, tuple(line + end for line in text.lines()), call.location, is_append=False
    )
    return Status.OK


BUILTINS: Final[dict[str, Callable[[Call, Interpreter], Status]]] = {
    "export": _export,
    "declare": _declare,
    "typeset": _declare,
    "local": _local,
    "readonly": _readonly,
    "unset": _unset,
    "set": _set,
    "shift": _shift,
    "read": _read,
    "mapfile": _mapfile,
    "readarray": _mapfile,
}
