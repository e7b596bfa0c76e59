"""systemd: what ``systemctl start`` starts, and with which environment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.formats import systemd
from megalint.formats.systemd import Unit
from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Machine, Status, Variable
from megalint.project.launches import options
from megalint.text import Text
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_FOLDERS: Final = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MANAGER: Final = ("systemd", "environment")
_STARTS: Final = frozenset({"start", "restart", "reload-or-restart", "try-restart"})
_REFERENCE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


def _systemctl(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-H", "-M", "-t", "-p", "--property"}, is_mixed=True)
    verb = read.operands[0].flat if read.operands else ""
    names = read.operands[1:]
    if verb in {"set-environment", "import-environment"}:
        _set_manager(call, names, shell)
        return Status.OK
    if verb in {"is-active", "is-enabled", "is-failed", "status", "show", "list-units", "cat"}:
        shell.write(Text.opaque(Unknown("what systemctl prints"), call.location))
        return Status.UNKNOWN
    if verb in _STARTS or (verb == "enable" and "--now" in read):
        for name in names:
            _start(call, shell, system, name)
    return Status.ASSUMED


def _set_manager(call: Call, names: tuple[Text, ...], shell: Interpreter) -> None:
    given = _given(call, names, "set in systemd")
    shell.machine.kept[_MANAGER] = _manager(shell.machine) | given


def _given(call: Call, words: Iterable[Text], how: str) -> dict[str, Variable]:
    """Return the variables that ``NAME=value`` sets and ``NAME`` hands on."""
    given: dict[str, Variable] = {}
    for word in words:
        name, mark, _ = word.flat.partition("=")
        if mark:
            place = word.location or call.location
            given[name] = Variable(word[len(name) + 1 :], True, place, how)
        elif name in call.environment:
            given[name] = call.environment[name]
    return given


def _manager(machine: Machine) -> dict[str, Variable]:
    found = machine.kept.get(_MANAGER)
    return found if isinstance(found, dict) else {}


def unit(name: str, shell: Interpreter) -> Unit | None:
    """Return the unit called *name* with its drop-ins, as far as the script wrote it."""
    base = name if "." in name else f"{name}.service"
    texts: list[Text] = []
    for folder in _FOLDERS:
        found = shell.file(f"{folder}/{base}")
        if found is not None and found.content is not None:
            texts.append(found.content)
            break
    for folder in _FOLDERS:
        for path in sorted(shell.machine.below(f"{folder}/{base}.d")):
            content = shell.machine.files[path].content
            if path.endswith(".conf") and content is not None:
                texts.append(content)
    return systemd.parse(texts) if texts else None


def _start(call: Call, shell: Interpreter, system: System, name: Text) -> None:
    found = unit(name.flat, shell)
    command = None if found is None else found.last("ExecStart")
    if found is None or command is None:
        return
    start_unit(call, shell, system, found, command, name.flat.removesuffix(".service"))


def start_unit(
    call: Call, shell: Interpreter, system: System, found: Unit, command: Text, name: str
) -> None:
    """Start a unit: the caller's environment does not matter."""
    environment = dict(_manager(shell.machine))
    user = found.last("User")
    account = None if user is None else user.known
    environment |= _identity(account, system)
    for one in found.environment():
        place = one.location or call.location
        environment[one.name] = Variable(one.value, True, place, "Environment= of the unit")
    note = _add_files(call, found, environment, shell)
    for word in found.all("UnsetEnvironment"):
        for variable in word.flat.split():
            environment.pop(variable, None)
    folder = found.last("WorkingDirectory")
    cwd = Text.literal("/") if folder is None else _folder(folder, account, system)
    words = tuple(_expanded(word, environment) for word in systemd.words(_bare(command)))
    run = replace(call, words=words, environment=environment, places=(), assigned=(), expansions=())
    child = system.child(
        run, shell, user=account or "root", cwd=cwd, environment=environment, is_reset=True
    )
    child.missed |= shell.shell.missed
    system.run_as(run, child, shell, "systemd", name, note=note)


def _identity(user: str | None, system: System) -> dict[str, Variable]:
    texts = {"PATH": _PATH, "LANG": "C.UTF-8"}
    if user is not None:
        home = system.home(user)
        texts |= {"USER": user, "LOGNAME": user, "SHELL": "/bin/bash"}
        texts |= {"HOME": home} if home is not None else {}
    return {
        name: Variable(Text.literal(text), True, None, "set by systemd")
        for name, text in texts.items()
    }


def _add_files(
    call: Call, found: Unit, environment: dict[str, Variable], shell: Interpreter
) -> str | None:
    """Add the env files; return why the unit does not start without one."""
    for value in found.all("EnvironmentFile"):
        is_optional = value.flat.startswith("-")
        name = value[1:] if is_optional else value
        file = shell.file(shell.path(name))
        if file is None:
            continue
        if file.content is None:
            if not is_optional:
                return f"systemd finds no {name.flat}"
            continue
        for one in systemd.environment_file(file.content):
            place = one.location or call.location
            environment[one.name] = Variable(
                one.value, True, place, f"from {name.flat}", file.is_certain
            )
    return None


def _folder(folder: Text, user: str | None, system: System) -> Text:
    folder = folder[1:] if folder.flat.startswith("-") else folder
    if folder.flat == "~":
        return Text.literal(system.home(user or "root") or "/", folder.location)
    return folder


def _bare(command: Text) -> Text:
    """Return a command without the marks before its path."""
    start = len(command.flat) - len(command.flat.lstrip("@-:+!"))
    return command[start:]


def _expanded(word: Text, environment: dict[str, Variable]) -> Text:
    """Replace ``$NAME`` and ``${NAME}`` as systemd does; ``$$`` is a dollar."""

    def one(match: re.Match[str]) -> Text:
        variable = environment.get(match[1] or match[2])
        return Text() if variable is None or variable.value is None else variable.value

    return word.replaced(_REFERENCE, one)


def _systemd_run(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words,
        {"-E", "--setenv", "-p", "--property", "-u", "--unit", "--uid", "--gid", "--description"},
    )
    environment = dict(_manager(shell.machine)) | _identity(None, system)
    environment |= _given(call, read.all("-E", "--setenv"), "given to systemd-run")
    if not read.operands:
        return Status.ASSUMED
    user = read.get("--uid")
    run = replace(call, words=read.operands, environment=environment, places=(), assigned=())
    account = None if user is None else user.known
    child = system.child(run, shell, user=account, cwd=Text.literal("/"), environment=environment)
    with shell.apart(child):
        return system.run(run, shell)


COMMANDS: Final = {"systemctl": _systemctl, "systemd-run": _systemd_run}
