"""``bash`` and ``sh`` as commands, and the files that a shell reads when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.parse import parse
from megalint.languages.shell.signals import Exit, Return, Signal
from megalint.languages.shell.state import Shell, Status, Variable
from megalint.text import Text

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_PROFILES: Final = (".bash_profile", ".bash_login", ".profile")
_VALUED: Final = frozenset({"-O", "+O", "--rcfile", "--init-file"})
_ENVIRONMENT: Final = "/etc/environment"


def _shell(call: Call, shell: Interpreter, system: System) -> Status:
    words, flags = _flags(call)
    child = system.child(call, shell)
    base = (call.name or "").rpartition("/")[2]
    child.name = "bash" if base == "bash" else "sh"
    child.options = frozenset(one for one in "aeux" if one in flags)
    text = _script(call, shell, system, child, words, flags)
    if text is None:
        return Status.ASSUMED
    if "l" in flags:
        return run_login(child, text, shell, system, reads_environment=False)
    _read_bash_env(child, shell)
    return shell.run_child(child, text)


def _flags(call: Call) -> tuple[list[Text], str]:
    words = list(call.words[1:])
    flags = ""
    while words and words[0].flat[:1] in {"-", "+"} and len(words[0]) > 1:
        word = words.pop(0).flat
        if word == "--":
            break
        if word in _VALUED and words:
            words.pop(0)
        elif word == "--login":
            flags += "l"
        elif word.startswith("--"):
            continue
        elif word[0] == "-":
            flags += word[1:]
            if "o" in word and words:
                flags += {"errexit": "e", "nounset": "u", "allexport": "a"}.get(
                    words.pop(0).flat, ""
                )
    return words, flags


def _script(
    call: Call,
    shell: Interpreter,
    system: System,
    child: Shell,
    words: list[Text],
    flags: str,
) -> Text | None:
    """Return the script that the shell is to run, and set what it is called with."""
    if "c" in flags:
        if not words:
            return None
        child.script_name = words[1] if len(words) > 1 else Text.literal(child.name)
        child.positional = tuple(words[2:])
        return words[0]
    if words and "s" not in flags:
        child.script_name, child.positional = words[0], tuple(words[1:])
        return system.script(words[0], shell)
    child.positional = tuple(words)
    return None if shell.input is None else shell.input.rest()


def _read_bash_env(child: Shell, shell: Interpreter) -> None:
    variable = child.variables.get("BASH_ENV")
    if child.name == "bash" and variable is not None and variable.value:
        with shell.apart(child):
            _read(variable.value, shell)


def run_login(
    child: Shell,
    text: Text,
    shell: Interpreter,
    system: System,
    *,
    reads_environment: bool | None,
) -> Status:
    """Run *text* in a login shell: the profiles first.

    *reads_environment*: whether PAM reads ``/etc/environment`` before; None: perhaps.
    """
    if reads_environment is not False:
        read_environment(child, shell, is_certain=reads_environment is True)
    with shell.apart(child):
        try:
            _read_profiles(shell, system)
            with shell.deeper():
                shell.run_script(parse(text))
        except Signal as signal:
            shell.shell.status = signal.status
        return shell.shell.status


def _read_profiles(shell: Interpreter, system: System) -> None:
    for path in sorted(shell.machine.below("/etc/profile.d")):
        if path.endswith(".sh"):
            _read(Text.literal(path), shell)
    home = shell.shell.variables.get("HOME")
    if home is None or home.value is None:
        return
    names = _PROFILES if shell.shell.name == "bash" else (".profile",)
    for name in names:
        found = shell.file(f"{home.value.flat}/{name}")
        if found is not None and found.content is not None:
            _read(Text.literal(f"{home.value.flat}/{name}"), shell)
            return


def _read(name: Text, shell: Interpreter) -> None:
    content = shell.content(name)
    if content is None:
        return
    with shell.returns(), shell.deeper():
        try:
            shell.run_script(parse(content))
        except Return:
            pass
        except Exit:
            raise


def read_environment(child: Shell, shell: Interpreter, *, is_certain: bool) -> None:
    """Set what ``/etc/environment`` holds, as pam_env does: no expansion, quotes taken off."""
    found = shell.machine.files.get(_ENVIRONMENT)
    if found is None or found.content is None:
        return
    for line in found.content.lines():
        flat = line.flat.strip()
        start = len(line.flat) - len(line.flat.lstrip())
        if flat.startswith("export "):
            start += len("export ")
        name, mark, _ = line.flat[start:].partition("=")
        if not mark or not name.strip().isidentifier() or name.startswith("#"):
            continue
        value = _unquoted(line[start + len(name) + 1 :])
        variable = Variable(value, True, line.location, f"from {_ENVIRONMENT}", is_certain)
        child.variables.setdefault(name.strip(), replace(variable, is_certain=is_certain))


def _unquoted(value: Text) -> Text:
    return value[: len(value.flat.split(" #", 1)[0].rstrip())].unquoted


COMMANDS: Final = {"bash": _shell, "sh": _shell, "dash": _shell, "zsh": _shell}
