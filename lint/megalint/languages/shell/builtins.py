"""The commands that the shell is itself: what they change, what they print, how they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from megalint.languages.shell import conditions, declarations
from megalint.languages.shell.host import Call
from megalint.languages.shell.printing import escaped, formatted
from megalint.languages.shell.signals import Exit, Leave, Return
from megalint.languages.shell.state import Status
from megalint.numerals import is_whole
from megalint.text import OPAQUE, Text, separated
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

Builtin = Callable[[Call, "Interpreter"], Status]

_OF_BASH: Final = frozenset({"source", "declare", "typeset", "mapfile", "readarray", "shopt"})
KEEPERS: Final = frozenset({"exec", "eval", "source", ".", "command", "builtin"})
"""Builtins that hand on what is put before them."""
DECLARATIONS: Final = frozenset({"export", "declare", "typeset", "local", "readonly"})
ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*\+?=")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*")
_HARMLESS: Final = re.compile(
    r"/(?:os-release|lsb-release|bash_completion|nvm\.sh|\.bashrc|\.profile|\.bash_profile|profile"
    r"|functions|lib\.sh|common\.sh|utils\.sh|log\w*\.sh|cargo/env)$"
)
"""Files of the image that set no variable of an app."""


def find(name: str | None, shell: str = "bash") -> Builtin | None:
    """Return the builtin called *name*; dash does not know all of them."""
    if shell == "sh" and name in _OF_BASH:
        return _fail
    return _BUILTINS.get(name or "")


# --- running --------------------------------------------------------------------------------


def _eval(call: Call, shell: Interpreter) -> Status:
    shell.shell.status = Status.OK
    text = separated(call.words[1:], Text.literal(" "))
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
    if known is None or not is_whole(known.removeprefix("-")):
        return Status.UNKNOWN if known is None else Status.FAIL
    return Status.OK if int(known) % 256 == 0 else Status.FAIL


def _exit(call: Call, shell: Interpreter) -> Status:
    status = _status_word(call, shell)
    raise Exit(status, is_guard=status is not Status.OK)


def _return(call: Call, shell: Interpreter) -> Status:
    raise Return(_status_word(call, shell))


def _leave(call: Call, shell: Interpreter) -> Status:
    word = call.words[1].flat if len(call.words) > 1 else "1"
    raise Leave(int(word) if is_whole(word) else 1, is_continue=call.name == "continue")


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
    text = separated(words, Text.literal(" "))
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


_BUILTINS: Final[dict[str, Builtin]] = {
    **declarations.BUILTINS,
    ":": _ok,
    "true": _ok,
    "false": _fail,
    "shopt": _ok,
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
