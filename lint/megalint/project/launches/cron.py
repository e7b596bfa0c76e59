"""cron: what ``@reboot`` lines start, with an environment that cron alone makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.signals import Signal, Spent
from megalint.languages.shell.state import Machine, Shell, Status, Variable
from megalint.project.launches import options, shells
from megalint.source import Location
from megalint.text import Text

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_SPOOL: Final = "/var/spool/cron/"
_SYSTEM: Final = ("/etc/cron.d/", "/etc/crontab")
_LINE: Final = re.compile(r"\s*@reboot\s+(?:(?P<user>[\w-]+)\s+)?(?P<command>.+)")
_VARIABLE: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(.*)")
_PATH: Final = "/usr/bin:/bin"


class _Job(Struct, frozen=True):
    user: str
    command: Text
    environment: dict[str, Variable]
    location: Location


def _crontab(call: Call, shell: Interpreter, system: System) -> Status:
    """``crontab FILE``, ``crontab -``: keep the table of the user."""
    read = options.read(call.words, {"-u"})
    if not {"-l", "-e", "-r"}.isdisjoint(name for name, _ in read.found):
        shell.write(Text())
        return Status.UNKNOWN
    named = read.get("-u")
    user = shell.shell.user if named is None else named.flat
    content: Text | None = Text()
    if not read.operands or read.operands[0].flat == "-":
        content = shell.read_rest()
    else:
        content = shell.content(read.operands[0])
    if content is not None:
        shell.keep_file(f"{_SPOOL}{user}", content)
    return Status.ASSUMED


def at_reboot(system: System, machine: Machine) -> Machine:
    """Run what cron starts when the machine boots the next time."""
    for job in _jobs(machine):
        _run(job, system, machine)
    return machine


def _run(job: _Job, system: System, machine: Machine) -> None:
    home = Text.literal(system.home(job.user) or "/")
    texts = {"HOME": home, "LOGNAME": Text.literal(job.user), "SHELL": Text.literal("/bin/sh")}
    own = {name: Variable(text, True, None, "set by cron") for name, text in texts.items()}
    own["PATH"] = Variable(Text.literal(_PATH), True, None, "set by cron")
    shell = Shell(job.user, home, "sh", variables=own | job.environment)
    interpreter = Interpreter(system, shell, machine.copy())
    if system.family.name == "debian":
        shells.read_environment(shell, interpreter, is_certain=True)
    try:
        with system.by(job.location):
            interpreter.run_text(job.command)
    except (Signal, Spent):
        return


def _jobs(machine: Machine) -> Iterator[_Job]:
    for path, file in sorted(machine.files.items()):
        is_system = path.startswith(_SYSTEM)
        if file.content is None or not (is_system or path.startswith(_SPOOL)):
            continue
        environment: dict[str, Variable] = {}
        for line in file.content.lines():
            yield from _job(line, path, environment, is_system=is_system)


def _job(
    line: Text, path: str, environment: dict[str, Variable], *, is_system: bool
) -> Iterator[_Job]:
    """Read a line: a variable for the lines after it, or a job."""
    match = _LINE.match(line.flat)
    if match is not None and line.location is not None:
        has_user = is_system and match["user"] is not None
        user = match["user"] if has_user else path.rpartition("/")[2]
        start = match.start("command") if has_user or match["user"] is None else match.start("user")
        yield _Job(user or "root", line[start:], dict(environment), line.location)
        return
    variable = _VARIABLE.fullmatch(line.flat)
    if variable is not None and not line.flat.lstrip().startswith("#"):
        value = line[variable.start(2) : variable.end(2)]
        environment[variable[1]] = Variable(value.unquoted, True, line.location, "in the crontab")


COMMANDS: Final = {"crontab": _crontab}
