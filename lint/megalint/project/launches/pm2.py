"""PM2: which environment a process gets, and keeps (measured with PM2 5.4, 6.0 and 7.0)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status, Variable
from megalint.project.launches import ecosystem, options
from megalint.project.launches.options import Options
from megalint.source import Location
from megalint.text import Text
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_VALUED: Final = frozenset(
    [
        "-n",
        "--name",
        "--cwd",
        "-i",
        "--instances",
        "--env",
        "--interpreter",
        "--node-args",
        "--interpreter-args",
        "-l",
        "--log",
        "-o",
        "--output",
        "-e",
        "--error",
        "-p",
        "--pid",
        "--only",
        "--namespace",
        "--max-memory-restart",
        "-u",
        "--user",
        "--uid",
        "--gid",
        "--restart-delay",
        "--log-date-format",
        "--watch-delay",
        "--ignore-watch",
        "--exp-backoff-restart-delay",
        "--max-restarts",
        "--kill-timeout",
        "--listen-timeout",
        "-c",
        "--cron",
        "--cron-restart",
        "--hp",
        "--service-name",
        "--filter-env",
        "--log-type",
        "--merge-logs-name",
        "--stop-exit-codes",
    ]
)
_CONFIG: Final = re.compile(r"\.(?:json|ya?ml)$|(?:config|ecosystem|process|pm2)[\w.-]*\.[cm]?js$")
_MANAGERS: Final = frozenset({"npm", "yarn", "pnpm", "bun", "npx", "node", "serve"})


class Process(Struct, frozen=True):
    """A process in PM2's list. :attr:`identity` tells a second start of the same script file."""

    name: str
    identity: str
    environment: Mapping[str, Variable]
    cwd: Text
    location: Location
    run: Call
    is_running: bool = True


Processes = tuple[Process, ...]


def _key(shell: Interpreter) -> tuple[str, str]:
    return ("pm2", shell.shell.user)


def _daemon(shell: Interpreter) -> tuple[str, str]:
    """Return the key of the daemon's environment: that of the user's first ``pm2`` command."""
    return ("pm2-daemon", shell.shell.user)


def _known(shell: Interpreter) -> Processes:
    found = shell.machine.kept.get(_key(shell), ())
    return found if isinstance(found, tuple) else ()


def _keep(shell: Interpreter, processes: Processes) -> None:
    shell.machine.kept[_key(shell)] = processes


def _pm2(call: Call, shell: Interpreter, system: System) -> Status:
    words, arguments = _split(call.words)
    read = options.read(words, _VALUED, is_mixed=True)
    verb = read.operands[0].flat if read.operands else ""
    operands = read.operands[1:]
    shell.machine.kept.setdefault(_daemon(shell), dict(call.environment))
    run = _VERBS.get(verb)
    if run is None:
        shell.write(Text.opaque(Unknown("what pm2 prints"), call.location))
        return Status.ASSUMED
    return run(_Order(call, shell, system, read, operands, arguments))


def _runtime(call: Call, shell: Interpreter, system: System) -> Status:
    words, arguments = _split(call.words)
    read = options.read(words, _VALUED, is_mixed=True)
    operands = (
        read.operands[1:]
        if read.operands[:1] and read.operands[0].flat == "start"
        else read.operands
    )
    return _start(_Order(call, shell, system, read, operands, arguments))


def _split(words: tuple[Text, ...]) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """Return the words before ``--``, and those after it, which are for the script."""
    for place, word in enumerate(words):
        if word.flat == "--":
            return words[:place], words[place + 1 :]
    return words, ()


class _Order(Struct, frozen=True):
    """One call of pm2, read."""

    call: Call
    shell: Interpreter
    system: System
    read: Options
    operands: tuple[Text, ...]
    arguments: tuple[Text, ...]

    @property
    def updates(self) -> bool:
        return "--update-env" in self.read

    def is_cluster(self, run: Call) -> bool:
        """Whether the daemon itself runs the script: with ``-i``, where node can do it."""
        is_node = bool(run.words) and run.words[0].flat == "node"
        return is_node and self.read.get("-i", "--instances") is not None

    def named(self, name: str) -> Processes:
        """Return the known processes that *name* means."""
        if name == "all":
            return _known(self.shell)
        return tuple(one for one in _known(self.shell) if one.name == name)


# --- start ----------------------------------------------------------------------------------


def _start(order: _Order) -> Status:
    if not order.operands:
        return Status.FAIL
    target = order.operands[0]
    if _CONFIG.search(target.flat):
        return _configured(order, target)
    if order.named(target.flat) or _is_bare_name(order, target):
        # start of a known name is a restart: the environment is the old one
        return _restarted(order, target, how="start")
    run = _command(order, target)
    name = order.read.get("-n", "--name")
    label = name.known if name is not None else _default_name(target)
    return _begin(order, label, _identity(order, target), run, order.call.environment)


def _is_bare_name(order: _Order, target: Text) -> bool:
    """Whether the operand can only be the name of a process that the image brought."""
    flat = target.flat
    is_word = re.fullmatch(r"[\w-]+", flat) is not None and flat not in _MANAGERS
    is_command = flat in {"python", "python3", "bash", "sh", "java", "ruby", "php", "next", "tsx"}
    has_name = order.read.get("-n", "--name") is not None
    return is_word and not is_command and not has_name and not order.arguments


def _default_name(target: Text) -> str | None:
    known = target.known
    return None if known is None else re.sub(r"\.\w+$", "", known.rpartition("/")[2])


def _identity(order: _Order, target: Text) -> str:
    """PM2 knows a script again by its path; npm and strings are always new."""
    if target.flat in _MANAGERS or " " in target.flat:
        return ""
    return order.shell.path(target)


def _command(order: _Order, target: Text) -> Call:
    """Return the call that PM2 makes of a target."""
    interpreter = order.read.get("--interpreter")
    words: tuple[Text, ...]
    if " " in target.flat.strip():
        words = (Text.literal("/bin/bash"), Text.literal("-c"), target)
    elif interpreter is not None and interpreter.flat != "none":
        words = (interpreter, target, *order.operands[1:], *order.arguments)
    elif target.flat.endswith((".js", ".cjs", ".mjs", ".ts")):
        words = (Text.literal("node"), target, *order.operands[1:], *order.arguments)
    elif target.flat.endswith(".sh"):
        words = (Text.literal("bash"), target, *order.operands[1:], *order.arguments)
    else:
        words = (target, *order.operands[1:], *order.arguments)
    return replace(order.call, words=words, places=(), assigned=(), expansions=())


def _begin(
    order: _Order,
    name: str | None,
    identity: str,
    run: Call,
    environment: Mapping[str, Variable],
    cwd: Text | None = None,
) -> Status:
    shell, system = order.shell, order.system
    label = name or ""
    twins = [one for one in order.named(label) if one.is_running]
    if twins and identity and twins[0].identity == identity and "-f" not in order.read:
        system.note("already-launched", order.call.location, label, twins[0].location)
        return Status.FAIL
    if twins:
        system.note("second-process", order.call.location, label, twins[0].location)
    folder = order.read.get("--cwd") if cwd is None else cwd
    place = shell.shell.cwd if folder is None else Text.literal(shell.path(folder), folder.location)
    if order.is_cluster(run):
        daemon = shell.machine.kept.get(_daemon(shell))
        environment = {**(daemon if isinstance(daemon, dict) else {}), **environment}
    process = Process(label, identity, dict(environment), place, order.call.location, run)
    _keep(shell, (*_known(shell), process))
    _launch(order, process)
    return Status.ASSUMED


def _launch(order: _Order, process: Process) -> None:
    """Run the process's command with the environment that PM2 gives it."""
    shell, system = order.shell, order.system
    environment = process.environment
    child = system.child(order.call, shell, cwd=process.cwd, environment=environment)
    run = replace(process.run, environment=environment, location=order.call.location)
    system.run_as(run, child, shell, "node", process.name or None)


def _configured(order: _Order, target: Text) -> Status:
    """Start the processes of an ecosystem file: their ``env`` wins over the caller's."""
    content = order.system.script(target, order.shell)
    path = order.shell.path(target)
    if content is None:
        found = order.shell.file(path)
        if found is not None:
            return Status.FAIL
        order.system.start(order.call, order.shell, "ecosystem")
        return Status.ASSUMED
    only = order.read.get("--only")
    for app in ecosystem.apps(content, path):
        if only is None or app.name in only.flat.split(","):
            _start_app(order, app, path)
    return Status.ASSUMED


def _start_app(order: _Order, app: ecosystem.App, path: str) -> None:
    environment = dict(order.call.environment)
    running = order.named(app.name)
    if running:
        environment = dict(running[0].environment)
    for prefix in app.filtered:
        environment = {k: v for k, v in environment.items() if not k.startswith(prefix)}
    mode = order.read.get("--env")
    names = ("env",) if mode is None else ("env", f"env_{mode.flat}")
    for name in names:
        for entry in app.blocks.get(name, ()):
            variable = _entry(entry, order.call.environment)
            if variable is None:
                environment.pop(entry.name, None)
            else:
                environment[entry.name] = variable
    folder = path.rpartition("/")[0] or "/"
    cwd = Text.literal(folder)
    if app.folder:
        cwd = Text.literal(app.folder if app.folder.startswith("/") else f"{folder}/{app.folder}")
    run = replace(order.call, words=app.words, places=(), assigned=(), expansions=())
    if running:
        rest = tuple(one for one in _known(order.shell) if one.name != app.name)
        process = replace(running[0], environment=environment, run=run)
        _keep(order.shell, (*rest, process))
        _launch(order, process)
        return
    _begin(order, app.name, "", run, environment, Text.literal(order.shell.path(cwd)))


def _entry(entry: ecosystem.Entry, caller: Mapping[str, Variable]) -> Variable | None:
    """Return the variable of an entry; None where it hands on what the caller does not have."""
    if entry.reads is not None:
        given = caller.get(entry.reads)
        if given is not None and given.value:
            return replace(given, how="from the ecosystem file")
        if entry.value is None:
            return None
    value = entry.value
    if value is None:
        value = Text.opaque(Unknown("computed in the ecosystem file"), entry.location)
    return Variable(value, True, entry.location, "in the ecosystem file")


# --- restart, delete, save ------------------------------------------------------------------


def _restart(order: _Order) -> Status:
    if not order.operands:
        return Status.FAIL
    target = order.operands[0]
    if _CONFIG.search(target.flat):
        return _configured(order, target)
    return _restarted(order, target, how=order.read.operands[0].flat)


def _restarted(order: _Order, target: Text, *, how: str) -> Status:
    known = order.named(target.flat)
    if not known:
        return _restarted_of_image(order, target, how)
    for process in known:
        environment = dict(process.environment)
        if order.updates:
            environment |= order.call.environment
        elif _differs(order.call.environment, process.environment):
            order.system.note("keeps-old", order.call.location, process.name, process.location, how)
        fresh = replace(process, environment=environment, is_running=True)
        _keep(order.shell, tuple(fresh if one is process else one for one in _known(order.shell)))
        _launch(order, fresh)
    return Status.ASSUMED


def _differs(new: Mapping[str, Variable], old: Mapping[str, Variable]) -> bool:
    return any(
        name not in old or old[name].value != one.value
        for name, one in new.items()
        if one.location is not None
    )


def _restarted_of_image(order: _Order, target: Text, how: str) -> Status:
    """Restart a process that this script did not start: PM2 has its environment in the image."""
    name = target.known
    shell, system = order.shell, order.system
    if name == "all" and not order.updates:
        system.note("keeps-old", order.call.location, "all", None, how)
        return Status.UNKNOWN
    if not order.updates:
        system.note("keeps-old", order.call.location, name or "", None, how)
    environment = dict(order.call.environment) if order.updates else {}
    unknown = Text.opaque(Unknown("the folder in which the image started it"))
    run = replace(order.call, environment=environment)
    child = system.child(run, shell, cwd=unknown, environment=environment)
    with shell.apart(child):
        system.start(run, shell, "pm2-restart", name, cwd=unknown)
    return Status.UNKNOWN


def _delete(order: _Order) -> Status:
    order.system.note("replaced", order.call.location)
    found: Processes = ()
    for target in order.operands:
        found += order.named(target.flat)
    if order.operands and order.operands[0].flat == "all":
        _keep(order.shell, ())
        order.shell.machine.kept[_emptied(order.shell)] = True
        return Status.ASSUMED if found else Status.FAIL
    _keep(order.shell, tuple(one for one in _known(order.shell) if one not in found))
    return Status.OK if found else Status.FAIL


def _stop(order: _Order) -> Status:
    found = [one for target in order.operands for one in order.named(target.flat)]
    stopped = tuple(
        replace(one, is_running=False) if one in found else one for one in _known(order.shell)
    )
    _keep(order.shell, stopped)
    return Status.OK if found else Status.FAIL


def _kill(order: _Order) -> Status:
    _keep(order.shell, ())
    order.shell.machine.kept.pop(_daemon(order.shell), None)
    return Status.OK


def _save(order: _Order) -> Status:
    key = ("pm2-saved", order.shell.shell.user)
    if _known(order.shell) or "--force" in order.read:
        order.shell.machine.kept[key] = _known(order.shell)
    is_empty = order.shell.machine.kept.get(_emptied(order.shell)) is True
    if is_empty and not _known(order.shell) and "--force" not in order.read:
        order.system.note("saved-empty", order.call.location)
    return Status.OK


def _emptied(shell: Interpreter) -> tuple[str, str]:
    """Return the key that tells a list which the script has emptied, the image's processes too."""
    return ("pm2-emptied", shell.shell.user)


def _startup(order: _Order) -> Status:
    return Status.OK if order.shell.shell.user == "root" else Status.FAIL


def _resurrect(order: _Order) -> Status:
    """Start what was saved, with the environment of that moment."""
    saved = order.shell.machine.kept.get(("pm2-saved", order.shell.shell.user))
    running = {one.name for one in _known(order.shell) if one.is_running}
    for process in saved if isinstance(saved, tuple) else ():
        if process.name not in running:
            _keep(order.shell, (*_known(order.shell), process))
            _launch(order, process)
    return Status.ASSUMED


def _asked(order: _Order) -> Status:
    """``pm2 describe NAME`` and its like: what a script asks before it decides."""
    known = bool(order.operands and order.named(order.operands[0].flat))
    order.shell.write(Text.opaque(Unknown("what pm2 prints"), order.call.location))
    return Status.OK if known else Status.UNKNOWN


def by_user(kept: Mapping[object, object]) -> Iterator[tuple[str, Processes]]:
    """Yield the lists of processes that a machine keeps, by user."""
    for key, value in kept.items():
        if isinstance(key, tuple) and key[0] == "pm2" and isinstance(value, tuple):
            yield key[1], value


_VERBS: Final[dict[str, Callable[[_Order], Status]]] = {
    "start": _start,
    "startOrRestart": _start,
    "startOrReload": _start,
    "restart": _restart,
    "reload": _restart,
    "gracefulReload": _restart,
    "delete": _delete,
    "del": _delete,
    "stop": _stop,
    "kill": _kill,
    "save": _save,
    "dump": _save,
    "startup": _startup,
    "resurrect": _resurrect,
    "describe": _asked,
    "show": _asked,
    "info": _asked,
    "pid": _asked,
}
COMMANDS: Final = {"pm2": _pm2, "pm2-runtime": _runtime, "pm2-docker": _runtime}
