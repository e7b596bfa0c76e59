"""``docker run`` and its like: a container gets what is named, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status, Variable
from megalint.project.launches import options
from megalint.text import Text
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_VALUED: Final = frozenset(
    [
        "-e",
        "--env",
        "--env-file",
        "--name",
        "-p",
        "--publish",
        "-v",
        "--volume",
        "--network",
        "--net",
        "-w",
        "--workdir",
        "-u",
        "--user",
        "--restart",
        "-l",
        "--label",
        "-m",
        "--memory",
        "--cpus",
        "--log-driver",
        "--log-opt",
        "--entrypoint",
        "-h",
        "--hostname",
        "--add-host",
        "--mount",
        "--platform",
        "--pull",
        "--health-cmd",
        "--ip",
        "--device",
        "--cap-add",
        "--cap-drop",
        "--security-opt",
        "--shm-size",
        "--ulimit",
        "--gpus",
        "--link",
        "--expose",
        "--dns",
        "--tmpfs",
        "--stop-timeout",
    ]
)
_GLOBAL: Final = frozenset({"-H", "--host", "-c", "--context", "-l", "--log-level", "--config"})
_LINE: Final = re.compile(r"\s*(?P<name>[^=\s#][^=\s]*)(?:=(?P<value>.*))?", re.DOTALL)


def _docker(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, _GLOBAL)
    verb = read.operands[0].flat if read.operands else ""
    words = read.operands
    if verb == "container" and len(words) > 1:
        words = words[1:]
        verb = words[0].flat
    if verb in {"run", "create"}:
        return _run(call, shell, system, words)
    if verb in {"ps", "inspect", "images", "logs", "info", "version", "exec"}:
        shell.write(Text.opaque(Unknown("what docker prints"), call.location))
        return Status.UNKNOWN
    return Status.ASSUMED


def _run(call: Call, shell: Interpreter, system: System, words: tuple[Text, ...]) -> Status:
    read = options.read(words, _VALUED)
    if not read.operands:
        return Status.FAIL
    environment: dict[str, Variable] = {}
    for name in read.all("--env-file"):
        content = shell.content(name)
        if content is None or not _add_file(content, call, name, environment, shell):
            _refused(call, shell, system, read)
            return Status.FAIL
    for word in read.all("-e", "--env"):
        _add(word, call, environment, shell)
    name_option = read.get("--name")
    run = replace(call, words=read.operands, environment=environment, assigned=())
    child = system.child(
        run,
        shell,
        cwd=read.get("-w", "--workdir") or Text.opaque(Unknown("the image's folder")),
        environment=environment,
        is_reset=True,
    )
    child.missed |= shell.shell.missed
    with shell.apart(child):
        label = None if name_option is None else name_option.known
        system.start(run, shell, "docker", label)
    return Status.ASSUMED


def _refused(call: Call, shell: Interpreter, system: System, read: options.Options) -> None:
    name = read.get("--name")
    note = "docker refuses the env file"
    system.start(call, shell, "docker", None if name is None else name.known, note=note)


def _add(word: Text, call: Call, environment: dict[str, Variable], shell: Interpreter) -> None:
    """``-e X=y`` gives a value; ``-e X`` hands on docker's own, where it has one."""
    match = re.match(r"[^=]+=", word.flat)
    place = word.location or call.location
    if match is not None:
        name = word.flat[: match.end() - 1]
        environment[name] = Variable(word[match.end() :], True, place, "docker -e")
        return
    given = call.environment.get(word.flat)
    if given is None:
        environment.pop(word.flat, None)
    else:
        environment[word.flat] = replace(given, how="docker -e")


def _add_file(
    content: Text, call: Call, name: Text, environment: dict[str, Variable], shell: Interpreter
) -> bool:
    """Add an env file; False where docker refuses it: a name with a blank."""
    for line in content.lines():
        flat = line.flat.rstrip("\r")
        if not flat.strip() or flat.lstrip().startswith("#"):
            continue
        if re.match(r"\s*[^=\s]+\s+[^=]*=", flat):
            return False
        match = _LINE.match(flat)
        if match is None:
            continue
        if match["value"] is None:
            given = call.environment.get(match["name"])
            if given is not None:
                environment[match["name"]] = given
            continue
        value = line[match.start("value") : len(flat)]
        place = line.location or call.location
        environment[match["name"]] = Variable(value, True, place, f"from {name.flat}")
    return True


Handler = Callable[[Call, Interpreter, "System"], Status]
COMMANDS: Final[dict[str, Handler]] = {"docker": _docker, "podman": _docker, "nerdctl": _docker}
