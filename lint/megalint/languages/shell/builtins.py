"""The commands that the shell is itself: what they change, what they print, how they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from megalint.languages.shell import conditions
from megalint.languages.shell.host import Call
from megalint.languages.shell.printing import escaped, formatted
from megalint.languages.shell.signals import Exit, Leave, Return
from megalint.languages.shell.state import Status, Variable
from megalint.text import OPAQUE, Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

Builtin = Callable[[Call, "Interpreter"], Status]

_OF_BASH: Final = frozenset({"source", "declare", "typeset", "mapfile", "readarray", "shopt"})
KEEPERS: Final = frozenset({"exec", "eval", "source", ".", "command", "builtin"})
"""Builtins that hand on what is put before them."""
DECLARATIONS: Final = frozenset({"export", "declare", "typeset", "local", "readonly"})
ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*\+?=")
_NAME: Final = re.compile(r"([A-Za-z_]\w*)(\+)?=", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*")
_SHORT_OPTIONS: Final = {"a": "a", "e": "e", "u": "u", "x": "x", "f": "f", "n": "n"}
_HARMLESS: Final = re.compile(
    r"/(?:os-release|lsb-release|bash_completion|nvm\.sh|\.bashrc|\.profile|\.bash_profile|profile"
    r"|functions|lib\.sh|common\.sh|utils\.sh|log\w*\.sh|cargo/env)$"
)
"""Files of the image that set no variable of an app."""
_LONG_OPTIONS: Final = {"allexport": "a", "errexit": "e", "nounset": "u", "xtrace": "x"}


def find(name: str | None, shell: str = "bash") -> Builtin | None:
    """Return the builtin called *name*; dash does not know all of them."""
    if shell == "sh" and name in _OF_BASH:
        return _fail
    return _BUILTINS.get(name or "")


# --- variables ------------------------------------------------------------------------------


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
    number = int(count) if count.isdigit() else 1
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
    text = shell.input.rest() if shell.input is not None else Text()
    is_trimmed = any("t" in word.flat for word in call.words[1:] if word.flat.startswith("-"))
    end = Text() if is_trimmed else Text.literal("\n")
    shell.assign_items(
        name, tuple(line + end for line in text.lines()), call.location, is_append=False
    )
    return Status.OK


# --- running --------------------------------------------------------------------------------


def _eval(call: Call, shell: Interpreter) -> Status:
    shell.shell.status = Status.OK
    text = _spaced(call.words[1:])
    if OPAQUE in text.flat and "=" not in text.flat.split(OPAQUE, 1)[0]:
        shell.shell.has_known_environment = False
    shell.run_text(text)
    return shell.shell.status


def _source(call: Call, shell: Interpreter) -> Status:
    if len(call.words) < 2:  # noqa: PLR2004 - a command and a file
        return Status.FAIL
    name = call.words[1]
    path = shell.path(name)
    found = shell.file(path)
    content = shell.content(name)
    if content is None or _is_lost(name, shell):
        if shell.shell.name == "sh":
            raise Exit(Status.FAIL, is_guard=True)
        return Status.FAIL
    if found is None:
        if not _HARMLESS.search(path):
            shell.shell.has_known_environment = False
        return Status.ASSUMED
    return _sourced(call, shell, content)


def _is_lost(name: Text, shell: Interpreter) -> bool:
    """Whether a file cannot be there: below an empty ``$HOME``, or dash looks on PATH only."""
    path = shell.path(name)
    return path.startswith(("/.nvm/", "/.bashrc", "/.profile", "/.env")) or (
        shell.shell.name == "sh" and "/" not in name.flat
    )


def _sourced(call: Call, shell: Interpreter, content: Text) -> Status:
    saved = shell.shell.positional
    if len(call.words) > 2:  # noqa: PLR2004 - arguments after the file
        shell.shell.positional = call.words[2:]
    shell.shell.status = Status.OK
    with shell.returns():
        try:
            shell.run_text(content)
        except Return as signal:
            shell.shell.status = signal.status
    shell.shell.positional = saved
    return shell.shell.status


def _exec(call: Call, shell: Interpreter) -> Status:
    words = list(call.words[1:])
    offset = 1
    while words and words[0].flat.startswith("-"):
        offset += 2 if words[0].flat == "-a" else 1
        words = list(call.words[offset:])
    if not words:
        return Status.OK
    status = shell.dispatch(shell.external(call, words, offset))
    raise Exit(status, is_guard=True)


def _command(call: Call, shell: Interpreter) -> Status:
    words = list(call.words[1:])
    if words and words[0].flat in {"-v", "-V"}:
        return shell.dispatch(call)
    offset = 1
    while words and words[0].flat.startswith("-"):
        words.pop(0)
        offset += 1
    if not words:
        return Status.OK
    inner = shell.external(call, words, offset)
    builtin = find(inner.name, shell.shell.name)
    return builtin(inner, shell) if builtin is not None else shell.dispatch(inner)


def _status_word(call: Call, shell: Interpreter) -> Status:
    if len(call.words) == 1:
        return shell.shell.status
    known = call.words[1].known
    if known is None or not known.lstrip("-").isdigit():
        return Status.UNKNOWN if known is None else Status.FAIL
    return Status.OK if int(known) % 256 == 0 else Status.FAIL


def _exit(call: Call, shell: Interpreter) -> Status:
    status = _status_word(call, shell)
    raise Exit(status, is_guard=status is not Status.OK)


def _return(call: Call, shell: Interpreter) -> Status:
    raise Return(_status_word(call, shell))


def _leave(call: Call, shell: Interpreter) -> Status:
    word = call.words[1].flat if len(call.words) > 1 else "1"
    raise Leave(int(word) if word.isdigit() else 1, is_continue=call.name == "continue")


def _cd(call: Call, shell: Interpreter) -> Status:
    words = [word for word in call.words[1:] if word.flat not in {"-P", "-L", "-e", "--"}]
    if not words:
        home = shell.shell.variables.get("HOME")
        if home is None or home.value is None:
            return Status.FAIL
        target = home.value
    else:
        target = words[0]
    if not target:
        return Status.OK
    if any(one.name == "HOME" and not one.value for one in call.expansions):
        return Status.FAIL
    if target.flat == "-":
        shell.shell.cwd = Text.opaque(Unknown("the folder before"), call.location)
        return Status.ASSUMED
    if not shell.host.has_folder(shell.path(target)):
        return Status.FAIL
    shell.shell.cwd = _folder(target, shell)
    return Status.ASSUMED


def _folder(target: Text, shell: Interpreter) -> Text:
    """Return the folder, its parts with their places where nothing had to be taken out."""
    path = shell.path(target)
    if target.flat == path:
        return target
    whole = shell.shell.cwd + Text.literal("/") + target
    if whole.flat == path:
        return whole
    if whole.known is None and not target.flat.startswith("/"):
        return Text.opaque(Unknown("a folder below one that is not known"), target.location)
    if target.known is None:
        return target
    return Text.literal(path, target.location)


def _ok(call: Call, shell: Interpreter) -> Status:
    return Status.OK


def _fail(call: Call, shell: Interpreter) -> Status:
    return Status.FAIL


def _let(call: Call, shell: Interpreter) -> Status:
    value: int | None = 0
    for word in call.words[1:]:
        value = shell.words.integer(word)
    return Status.UNKNOWN if value is None else Status.OK if value else Status.FAIL


def _getopts(call: Call, shell: Interpreter) -> Status:
    if not shell.shell.positional:
        return Status.FAIL
    return Status.UNKNOWN


def _unknown(call: Call, shell: Interpreter) -> Status:
    return Status.UNKNOWN


# --- tests and printing ---------------------------------------------------------------------


def _test(call: Call, shell: Interpreter) -> Status:
    words = call.words[1:]
    if call.name == "[":
        if not words or words[-1].flat != "]":
            return Status.FAIL
        words = words[:-1]
    return conditions.test(words, shell)


def _echo(call: Call, shell: Interpreter) -> Status:
    words = list(call.words[1:])
    has_newline, has_escapes = True, shell.shell.name == "sh"
    while words and re.fullmatch(r"-[neE]+", words[0].flat):
        if shell.shell.name == "sh" and words[0].flat != "-n":
            break
        option = words.pop(0).flat
        has_newline = has_newline and "n" not in option
        for letter in option:
            has_escapes = {"e": True, "E": False}.get(letter, has_escapes)
    text = _spaced(words)
    if has_escapes:
        text, is_cut = escaped(text, octal_prefix=True)
        has_newline = has_newline and not is_cut
    shell.write(text + Text.literal("\n" if has_newline else "", call.location))
    return Status.OK


def _printf(call: Call, shell: Interpreter) -> Status:
    words = list(call.words[1:])
    if words and words[0].flat == "--":
        words.pop(0)
    if words and words[0].flat == "-v":
        name = words[1].flat if len(words) > 1 else ""
        if _IDENTIFIER.fullmatch(name) and len(words) > 2:  # noqa: PLR2004 - -v NAME FORMAT
            shell.assign(name, formatted(words[2], words[3:]), call.location)
        return Status.OK
    if not words:
        return Status.FAIL
    shell.write(formatted(words[0], words[1:]))
    return Status.OK


def _pwd(call: Call, shell: Interpreter) -> Status:
    shell.write(shell.shell.cwd + Text.literal("\n"))
    return Status.OK


def _type(call: Call, shell: Interpreter) -> Status:
    shell.write(Text.opaque(Unknown("what a command is"), call.location))
    return Status.UNKNOWN


def _spaced(words: list[Text] | tuple[Text, ...]) -> Text:
    blank = Text.literal(" ")
    return joined(part for word in words for part in (blank, word))[1:]


_BUILTINS: Final[dict[str, Builtin]] = {
    ":": _ok,
    "true": _ok,
    "false": _fail,
    "export": _export,
    "declare": _declare,
    "typeset": _declare,
    "local": _local,
    "readonly": _readonly,
    "unset": _unset,
    "set": _set,
    "shopt": _ok,
    "shift": _shift,
    "read": _read,
    "mapfile": _mapfile,
    "readarray": _mapfile,
    "eval": _eval,
    "source": _source,
    ".": _source,
    "exec": _exec,
    "command": _command,
    "builtin": _command,
    "exit": _exit,
    "return": _return,
    "break": _leave,
    "continue": _leave,
    "cd": _cd,
    "pushd": _cd,
    "popd": _unknown,
    "test": _test,
    "[": _test,
    "echo": _echo,
    "printf": _printf,
    "pwd": _pwd,
    "type": _type,
    "let": _let,
    "getopts": _getopts,
    "trap": _ok,
    "wait": _ok,
    "umask": _ok,
    "ulimit": _ok,
    "hash": _ok,
    "alias": _ok,
    "unalias": _ok,
    "jobs": _ok,
    "disown": _ok,
    "enable": _ok,
    "complete": _ok,
}
