"""Other users: ``sudo``, ``su``, ``runuser``, ``setpriv``, and what each lets through.

Every rule here is a row that was measured (sudo 1.9.13, util-linux 2.38) and is run again by
``tests/oracle/launch``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Missed, Status, Variable
from megalint.project.launches import families, options, shells
from megalint.project.launches.options import Options
from megalint.text import Text, joined

if TYPE_CHECKING:
    from megalint.project.launches.families import Family
    from megalint.project.launches.system import System

_SUDO_VALUED: Final = frozenset(
    [
        "-u",
        "--user",
        "-g",
        "--group",
        "-p",
        "--prompt",
        "-C",
        "--close-from",
        "-D",
        "--chdir",
        "-R",
        "--chroot",
        "-T",
        "--command-timeout",
        "-h",
        "--host",
        "-r",
        "--role",
        "-t",
        "--type",
        "-a",
        "-c",
        "-U",
        "--other-user",
    ]
)
_SU_VALUED: Final = frozenset(
    [
        "-c",
        "--command",
        "-s",
        "--shell",
        "-g",
        "--group",
        "-G",
        "--supp-group",
        "-w",
        "--whitelist-environment",
        "-u",
        "--user",
        "--session-command",
    ]
)
_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=", re.DOTALL)
_NEVER_KEPT: Final = re.compile(
    r"PATH|LD_\w+|PYTHON\w*|PERL\w*|BASH_FUNC\w*|IFS|CDPATH|ENV|BASH_ENV|SHELLOPTS|PS4|TERMCAP"
)
_IDENTITY: Final = ("HOME", "USER", "LOGNAME", "SHELL", "PATH", "MAIL")
_SAFE: Final = re.compile(r"[^A-Za-z0-9_\-$]")


def _sudo(call: Call, shell: Interpreter, system: System) -> Status:
    read = _sudo_options(call)
    given, words, offset = _assignments(call, read)
    target = read.get("-u", "--user")
    user = "root" if target is None else target.known or "?"
    if read.get("-l", "-v", "-k", "-K", "--validate") is not None and not words:
        return Status.ASSUMED
    if "-i" in read and ("-E" in read or "--preserve-env" in read):
        return Status.FAIL
    environment = _sudo_environment(call, shell, system, read, user) | given
    inner = replace(call, words=tuple(words), places=call.places[offset:])
    _note_lost(call, inner, environment, shell, "sudo")
    _note_home(call, shell, system, user)
    if "-i" in read or "--login" in read:
        return _login(inner, shell, system, user, environment, words)
    folder = read.get("-D", "--chdir")
    if "-s" in read or "--shell" in read:
        text = _escaped(words) if words else None
        return _in_shell(inner, shell, system, user, environment, text)
    if not words:
        return Status.ASSUMED
    is_reset = "-E" not in read and "--preserve-env" not in read
    looked_up = _identity(user, _sudoers(shell, system).secure_path, system)
    return _as_user(
        inner, shell, system, user, environment, folder, is_reset=is_reset, looked_up=looked_up
    )


def _sudo_options(call: Call) -> Options:
    """Read the options of sudo; variables may stand between them."""
    words, moved = list(call.words), []
    at = 1
    while at < len(words) and (words[at].flat.startswith("-") or _ASSIGNED.match(words[at].flat)):
        if words[at].flat == "--":
            break
        if words[at].flat.startswith("-"):
            at += 2 if words[at].flat in _SUDO_VALUED else 1
        elif at + 1 < len(words) and words[at + 1].flat.startswith("-"):
            moved.append(words.pop(at))
        else:
            break
    read = options.read(words, _SUDO_VALUED)
    return replace(read, operands=(*moved, *read.operands))


def _assignments(call: Call, read: Options) -> tuple[dict[str, Variable], list[Text], int]:
    """Return the variables among the operands, the command after them, and where it starts.

    After ``--`` the first operand is the command, whatever it looks like.
    """
    given: dict[str, Variable] = {}
    words = list(read.operands)
    offset = read.offset
    if read.is_ended:
        return given, words, offset
    while words and (match := _ASSIGNED.match(words[0].flat)) is not None:
        place = call.places[offset] if offset < len(call.places) else call.location
        given[match[1]] = Variable(words[0][match.end() :], True, place, "given to sudo")
        words.pop(0)
        offset += 1
    return given, words, offset


def _sudo_environment(
    call: Call, shell: Interpreter, system: System, read: Options, user: str
) -> dict[str, Variable]:
    family = _sudoers(shell, system)
    listed = _listed(read)
    keeps_all = any(name in {"-E", "--preserve-env"} and not value for name, value in read.found)
    found: dict[str, Variable] = {}
    for name, variable in call.environment.items():
        is_wanted = family.keeps(name) or name in listed or keeps_all or not family.resets
        is_barred = name not in listed and _NEVER_KEPT.fullmatch(name) is not None
        if is_wanted and not is_barred and (name not in _IDENTITY or name in listed):
            found[name] = variable
    identity = _identity(user, family.secure_path, system)
    if keeps_all and not family.always_sets_home and "HOME" not in listed:
        identity.pop("HOME", None)
        if "HOME" in call.environment:
            identity["HOME"] = call.environment["HOME"]
    return {**identity, **found}


def _listed(read: Options) -> set[str]:
    return {
        name.strip()
        for value in read.all("--preserve-env")
        for name in value.flat.split(",")
        if name.strip()
    }


def _sudoers(shell: Interpreter, system: System) -> Family:
    found = system.family
    for path, file in shell.machine.files.items():
        is_sudoers = path == "/etc/sudoers" or path.startswith("/etc/sudoers.d/")
        if is_sudoers and file.content is not None and "." not in path.rpartition("/")[2]:
            found = families.with_sudoers(found, file.content.flat)
    return found


def _identity(user: str, path: str | None, system: System) -> dict[str, Variable]:
    home = system.home(user)
    texts = {
        "HOME": home,
        "USER": user,
        "LOGNAME": user,
        "SHELL": "/bin/bash",
        "PATH": path,
    }
    return {
        name: Variable(Text.literal(text), True, None, "set for the user")
        for name, text in texts.items()
        if text is not None
    }


def _note_lost(
    call: Call,
    inner: Call,
    environment: Mapping[str, Variable],
    shell: Interpreter,
    words: str,
) -> None:
    """Remember what the user switch takes away."""
    for name, variable in call.environment.items():
        if name not in environment and variable.location is not None:
            shell.shell.missed[name] = Missed(
                name, "user-switch", variable.location, call.location, words
            )


def _note_home(call: Call, shell: Interpreter, system: System, user: str) -> None:
    """Keep that ``$HOME`` or ``~`` was expanded for a command of another user."""
    if user == shell.shell.user:
        return
    for one in call.expansions:
        if one.name in {"HOME", "~"} and one.location is not None:
            value = None if one.value is None else one.value.flat
            system.has_lost_home = system.has_lost_home or not value
            if value != system.home(user):
                system.note("home-expanded", one.location, user, call.location, value or "")


def _login(
    call: Call,
    shell: Interpreter,
    system: System,
    user: str,
    environment: Mapping[str, Variable],
    words: list[Text],
) -> Status:
    home = system.home(user) or "/"
    child = system.child(
        call, shell, user=user, cwd=Text.literal(home), environment=environment, is_reset=True
    )
    text = _escaped(words) if words else shell.read_rest()
    return shells.run_login(child, text, shell, system, reads_environment=_pam(system, "sudo"))


def _in_shell(
    call: Call,
    shell: Interpreter,
    system: System,
    user: str,
    environment: Mapping[str, Variable],
    text: Text | None,
) -> Status:
    child = system.child(call, shell, user=user, environment=environment, is_reset=True)
    return shell.run_child(child, shell.read_rest() if text is None else text)


def _as_user(
    call: Call,
    shell: Interpreter,
    system: System,
    user: str,
    environment: Mapping[str, Variable],
    folder: Text | None = None,
    *,
    is_reset: bool = False,
    looked_up: Mapping[str, Variable] | None = None,
) -> Status:
    """Run a command as another user, without a shell between.

    *looked_up* holds the PATH on which the command is found, where that is not its own.
    """
    child = system.child(
        call, shell, user=user, cwd=folder, environment=environment, is_reset=is_reset
    )
    if looked_up is not None and system.is_absent(replace(call, environment=looked_up)):
        environment = {**environment, "PATH": looked_up["PATH"]}
    if call.name in {"cd", "source", "export", "set", "."}:
        system.note("builtin-by-sudo", call.location, call.name or "")
        return Status.FAIL
    with shell.apart(child):
        return system.run(replace(call, environment=environment, assigned=()), shell)


def _escaped(words: list[Text]) -> Text:
    """Return the words as ``sudo -i`` hands them to the shell: all but letters escaped."""
    parts: list[Text] = []
    for place, word in enumerate(words):
        if place:
            parts.append(Text.literal(" "))
        for at, char in enumerate(word.flat):
            if _SAFE.match(char) and not char.isalnum() and char != "\ue000":
                parts.append(Text.literal("\\"))
            parts.append(word[at : at + 1])
    return joined(parts)


def _pam(system: System, command: str) -> bool | None:
    """Whether *command* reads ``/etc/environment``; None where that is not certain."""
    if system.family.name == "debian":
        return command != "sudo"
    return None if command == "sudo" else False


# --- su and its like ------------------------------------------------------------------------


def _su(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(_without_dash(call.words), _SU_VALUED, is_mixed=True)
    is_login = any(word.flat == "-" for word in call.words[1:]) or not {
        "-l",
        "--login",
    }.isdisjoint(name for name, _ in read.found)
    direct = read.get("-u", "--user") if call.name != "su" else None
    operands = list(read.operands)
    target = direct if direct is not None else operands.pop(0) if operands else None
    user = "root" if target is None else target.known or "?"
    keeps = any(name in read for name in ("-m", "-p", "--preserve-environment"))
    environment = _su_environment(call, read, system, user, is_login=is_login, keeps=keeps)
    _note_home(call, shell, system, user)
    if direct is not None:
        first = len(call.words) - len(operands)
        inner = replace(call, words=tuple(operands), places=call.places[first:])
        return _as_user(inner, shell, system, user, environment)
    _note_lost(call, call, environment, shell, str(call.name) + (" -" if is_login else ""))
    text = read.get("-c", "--command", "--session-command")
    return _su_shell(
        call, shell, system, user, environment, text=text, is_login=is_login, rest=operands
    )


def _su_shell(
    call: Call,
    shell: Interpreter,
    system: System,
    user: str,
    environment: Mapping[str, Variable],
    *,
    text: Text | None,
    is_login: bool,
    rest: list[Text],
) -> Status:
    script = shell.read_rest() if text is None else text
    reads = _pam(system, "su")
    if is_login:
        home = Text.literal(system.home(user) or "/")
        child = system.child(
            call, shell, user=user, cwd=home, environment=environment, is_reset=True
        )
        return shells.run_login(child, script, shell, system, reads_environment=reads)
    child = system.child(call, shell, user=user, environment=environment)
    child.positional = tuple(rest[1:])
    if reads and call.name == "su":
        shells.read_environment(child, shell, is_certain=True)
    return shell.run_child(child, script)


def _without_dash(words: tuple[Text, ...]) -> list[Text]:
    return [word for place, word in enumerate(words) if not place or word.flat != "-"]


def _su_environment(
    call: Call, read: Options, system: System, user: str, *, is_login: bool, keeps: bool
) -> dict[str, Variable]:
    identity = _identity(user, None, system)
    if is_login:
        listed = {
            name
            for value in read.all("-w", "--whitelist-environment")
            for name in value.flat.split(",")
        }
        kept = {name: one for name, one in call.environment.items() if name in {*listed, "TERM"}}
        path = "/usr/local/bin:/usr/bin:/bin"
        return {**_identity(user, path, system), **kept}
    if keeps:
        return dict(call.environment)
    if call.name != "su" and read.get("-u", "--user") is not None:
        identity.pop("SHELL", None)
    if user == "root":
        identity = {name: identity[name] for name in ("HOME", "SHELL") if name in identity}
    return {**call.environment, **identity}


def _setpriv(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words, {"--reuid", "--regid", "--ruid", "--euid", "--rgid", "--egid", "--groups"}
    )
    target = read.get("--reuid", "--ruid", "--euid")
    user = shell.shell.user if target is None else target.known or "?"
    inner = replace(call, words=read.operands, places=call.places[read.offset :])
    if not read.operands:
        return Status.ASSUMED
    return _as_user(inner, shell, system, user, dict(call.environment))


def _gosu(call: Call, shell: Interpreter, system: System) -> Status:
    """``gosu`` and ``su-exec`` keep the environment and set HOME."""
    if len(call.words) < 3:  # noqa: PLR2004 - the command, a user, a command
        return Status.ASSUMED
    user = (call.words[1].known or "?").partition(":")[0]
    inner = replace(call, words=call.words[2:], places=call.places[2:])
    home = Variable(Text.literal(system.home(user) or "/"), True, None, "set for the user")
    return _as_user(inner, shell, system, user, {**call.environment, "HOME": home})


COMMANDS: Final = {
    "sudo": _sudo,
    "su": _su,
    "runuser": _su,
    "setpriv": _setpriv,
    "gosu": _gosu,
    "su-exec": _gosu,
}
