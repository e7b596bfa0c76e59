"""``docker run`` and its like: a container gets what is named, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.formats import dotenv
from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status, Variable
from megalint.project.launches import compose_services, options
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
_COMPOSE_VALUED: Final = frozenset(
    {"-f", "--file", "-p", "--project-name", "--env-file", "--profile", "--project-directory"}
)
_COMPOSE_FILES: Final = (
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
)
_LINE: Final = re.compile(r"\s*(?P<name>[^=\s#][^=\s]*)(?:=(?P<value>.*))?", re.DOTALL)


def _docker(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, _GLOBAL)
    verb = read.operands[0].flat if read.operands else ""
    words = read.operands
    if verb == "container" and len(words) > 1:
        words = words[1:]
        verb = words[0].flat
    if verb == "compose":
        return _compose(replace(call, words=words), shell, system)
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


def _compose(call: Call, shell: Interpreter, system: System) -> Status:
    """``docker compose up``: each service gets what its file gives, and nothing else."""
    read = options.read(call.words, _COMPOSE_VALUED)
    if not read.operands or read.operands[0].flat not in {"up", "start", "restart", "run"}:
        return Status.ASSUMED
    folder = read.get("--project-directory")
    names = read.all("-f", "--file") or [Text.literal(one) for one in _COMPOSE_FILES]
    chosen = {one.flat for one in read.operands[1:] if not one.flat.startswith("-")}
    for name in names:
        path = shell.path(name)
        found = shell.file(path)
        if found is not None and found.content is not None:
            base = shell.path(folder) if folder is not None else path.rpartition("/")[0]
            given = _with_dotenv(call, shell, base, read.all("--env-file"))
            for service in compose_services.services(found.content, given):
                if not chosen or service.name in chosen:
                    _service(call, shell, system, service, base)
            if not read.all("-f", "--file"):
                break
    return Status.ASSUMED


def _with_dotenv(
    call: Call, shell: Interpreter, base: str, files: list[Text]
) -> dict[str, Variable]:
    """Return what values are interpolated from: the caller goes before ``.env``."""
    found: dict[str, Variable] = {}
    for name in files or [Text.literal(f"{base}/.env")]:
        file = shell.file(shell.path(name))
        if file is not None and file.content is not None:
            for entry in dotenv.parse(file.content):
                found[entry.name] = Variable(entry.raw, True, entry.location, f"from {name.flat}")
    return found | dict(call.environment)


def _service(
    call: Call,
    shell: Interpreter,
    system: System,
    service: compose_services.Service,
    base: str,
) -> None:
    environment: dict[str, Variable] = {}
    for name in service.env_files:
        file = shell.file(shell.path(Text.literal(f"{base}/{name}" if name[:1] != "/" else name)))
        if file is None or file.content is None:
            continue
        for entry in dotenv.parse(file.content):
            place = entry.location or call.location
            environment[entry.name] = Variable(entry.raw, True, place, f"from {name}")
    environment |= service.environment
    run = replace(call, words=(Text.literal("compose"),), environment=environment, assigned=())
    folder = Text.opaque(Unknown("the image's folder"))
    child = system.child(run, shell, cwd=folder, environment=environment, is_reset=True)
    child.missed |= shell.shell.missed
    with shell.apart(child):
        system.start(run, shell, "compose", service.name)


COMMANDS: Final = {
    "docker": _docker,
    "podman": _docker,
    "nerdctl": _docker,
    "docker-compose": _compose,
}
