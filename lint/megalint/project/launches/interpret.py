"""From a script to launches: run it on the model of a machine, and say what each process gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.formats import dotenv, user_data
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.parse import parse
from megalint.languages.shell.signals import Exit, Signal, Spent
from megalint.languages.shell.state import File, Machine, Shell, Status, Variable, likely
from megalint.languages.shell.syntax import Script
from megalint.numerals import is_whole
from megalint.project.launches import image
from megalint.project.launches.cron import at_reboot
from megalint.project.launches.facts import (
    Certainty,
    Channel,
    EnvFile,
    Event,
    Injection,
    Launch,
)
from megalint.project.launches.families import Family, family
from megalint.project.launches.system import ROOT_ENVIRONMENT, Started, System
from megalint.text import OPAQUE, Text
from megalint.values import Unknown

_ENVIRONMENT_OF_MACHINE: Final = frozenset(
    [
        *("PATH", "LANG", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "SHLVL", "TERM"),
        *("NVM_DIR", "NVM_BIN", "MAIL"),
    ]
)
"""What the machine itself sets: no launch has to give it."""


class Outcome(Struct, frozen=True):
    """What a boot comes to: the launches, what was seen, and the machine afterwards."""

    launches: tuple[Launch, ...]
    events: tuple[Event, ...]
    machine: Machine


def launches_of_script(text: Text, *, os: str = "amazon") -> tuple[Launch, ...]:
    """Return what one script starts when cloud-init runs it as root."""
    return boot(text, family(os)).launches


def boot(
    text: Text, os: Family, known: image.Scripts | None = None, *, has_nvm: bool = False
) -> Outcome:
    """Run user data: its files, then its scripts, as root and each with its own environment."""
    parts = user_data.read(text)
    system = System(os, known or image.Scripts(), has_nvm or ".nvm" in text.flat)
    machine = Machine(dict(_written(parts.files)))
    for part in parts.scripts:
        if part.dead is None:
            machine = _run(part, system, machine)
        else:
            with system.ghost(None, part.dead):
                _run(part, system, machine.copy())
    machine = at_reboot(system, machine)
    for problem in parts.problems:
        if problem.location is not None:
            system.note(problem.kind, problem.location, words=problem.message)
    return outcome(system, machine)


def _written(files: Iterable[user_data.WrittenFile]) -> Iterator[tuple[str, File]]:
    for one in files:
        place = one.content.location
        writes = () if place is None else (place,)
        yield one.path, File(one.content, one.owner, not one.is_append, writes=writes)


def outcome(system: System, machine: Machine) -> Outcome:
    """Return what a system has seen."""
    launches = tuple(launch_of(one, system.scripts) for one in system.started)
    return Outcome(launches, tuple(system.events), machine)


def by_somebody(
    text: Text, os: Family, known: image.Scripts, *, has_nvm: bool
) -> tuple[Launch, ...]:
    """Return what a script starts that is not run at boot: who starts it, and where, is unknown."""
    system = System(os, known, has_nvm)
    shell = root_shell()
    shell.user = "?"
    shell.variables = {}
    shell.has_known_environment = False
    shell.cwd = Text.opaque(Unknown("the folder of who starts the script"))
    first = text.flat.split("\n", 1)[0]
    shell.name = "sh" if first.rstrip().endswith(("/sh", "/dash")) else "bash"
    machine = run_in(shell, text, system, Machine())
    return outcome(system, machine).launches


def root_shell() -> Shell:
    """Return the shell in which cloud-init runs a script."""
    variables = {
        name: Variable(Text.literal(value), True) for name, value in ROOT_ENVIRONMENT.items()
    }
    return Shell("root", Text.literal("/"), variables=variables)


def _run(script: user_data.Part, system: System, machine: Machine) -> Machine:
    shell = root_shell()
    shell.name = script.interpreter
    shell.options = script.options
    return run_in(shell, script.text, system, machine)


def run_in(shell: Shell, text: Text, system: System, machine: Machine) -> Machine:
    """Run *text* in *shell*; return the machine afterwards."""
    interpreter = Interpreter(system, shell, machine)
    script = parse(text)
    try:
        _run_lines(script, interpreter, system)
    except (Spent, RecursionError):
        if interpreter.here is not None:
            system.note("too-long", interpreter.here)
    return interpreter.machine


def _run_lines(script: Script, interpreter: Interpreter, system: System) -> None:
    """Run a script; what stands behind the line that ends it too early is never run."""
    stopped = _stopped(script, interpreter)
    if stopped is None or interpreter.here is None:
        return
    system.note("stopped", interpreter.here)
    machine = interpreter.machine.copy()
    interpreter.shell.options = frozenset()
    with system.ghost(interpreter.here, "the script ends before"):
        _stopped(replace(script, lines=script.lines[stopped + 1 :]), interpreter)
    interpreter.machine = machine


def _stopped(script: Script, interpreter: Interpreter) -> int | None:
    """Run the lines; return the one that ends the script because something is wrong."""
    for number, line in enumerate(script.lines):
        try:
            interpreter.run_script(replace(script, lines=(line,), problem=None, unclosed=()))
        except Exit as signal:
            return number if signal.status is Status.FAIL else None
        except Signal:
            return None
    interpreter.run_script(replace(script, lines=()))
    return None


# --- from what was started to what is received ----------------------------------------------


def launch_of(started: Started, scripts: image.Scripts) -> Launch:
    """Return the launch: its environment, the env files it reads, and what comes of both."""
    environment = dict(_injections(started.environment, started))
    found = list(_env_files(started, scripts))
    files = tuple(one for one, _ in found)
    return Launch(
        started.location,
        started.kind,
        started.process,
        started.user,
        started.cwd.known,
        started.starts,
        environment,
        files,
        _effective(environment, found) if files else environment,
        note=started.note,
        port=_port(started, environment),
        is_open=started.is_open or any(_is_open(content) for _, content in found),
        missed=started.missed,
        files=started.files,
    )


def _port(started: Started, environment: Mapping[str, Injection]) -> str | None:
    """Return the port: that of the command line, else ``PORT``, else the default of Next.js."""
    words = [word.flat for word in started.words]
    for place, word in enumerate(words):
        if word in {"-p", "--port"} and place + 1 < len(words) and is_whole(words[place + 1]):
            return words[place + 1]
        if word.startswith("--port=") and is_whole(word[7:]):
            return word[7:]
    given = environment.get("PORT")
    if given is not None:
        known = given.value.known
        return known if known and is_whole(known) else None
    return "3000" if started.kind in {"next-start", "standalone"} else None


def _is_open(content: Text) -> bool:
    """Whether a file may hold variables that cannot be seen: the start of a line is not known.

    What the image may have in it does not count: a script that appends has its own lines for all.
    """
    starts = [line.pieces[0] for line in content.lines() if line.flat.startswith(OPAQUE)]
    return any(
        not isinstance(one.unknown, Unknown) or not one.unknown.reason.startswith("what the image")
        for one in starts
    )


def _injections(
    environment: Mapping[str, Variable], started: Started
) -> Iterator[tuple[str, Injection]]:
    for name, variable in environment.items():
        if variable.value is None or name in _ENVIRONMENT_OF_MACHINE:
            continue
        certain = Certainty.ALWAYS if variable.is_certain else Certainty.SOMETIMES
        if variable.value.known is None and likely(variable.value) is not None:
            certain = Certainty.SOMETIMES
        yield (
            name,
            Injection(
                name,
                variable.value,
                Channel.PROCESS,
                certain,
                variable.location or started.location,
                variable.how,
            ),
        )


def _env_files(started: Started, scripts: image.Scripts) -> Iterator[tuple[EnvFile, Text]]:
    """Yield the env files in the folder of the process, the one that wins first."""
    folder = started.env_folder or started.cwd.known
    if folder is None or OPAQUE in folder or started.kind in {"docker", "compose"}:
        return
    for name in dotenv.NEXT_FILES:
        path = f"{folder.rstrip('/')}/{name}"
        found = started.files.get(path)
        text = scripts.text_at(path) if found is None else found.content
        if text is not None:
            file = found or File(text)
            channel = Channel.ENV_FILE if found is not None else Channel.IMAGE
            entries = dict(_file_entries(text, file, name, channel, started))
            place = file.writes[-1] if file.writes else text.location or started.location
            yield EnvFile(path, entries, place, file.is_whole), text


def _file_entries(
    text: Text, file: File, name: str, channel: Channel, started: Started
) -> Iterator[tuple[str, Injection]]:
    certain = Certainty.ALWAYS if file.is_certain else Certainty.SOMETIMES
    how = f"written to {name}" if channel is Channel.ENV_FILE else f"in {name} of the repository"
    for entry in dotenv.parse(text):
        place = entry.location or started.location
        yield entry.name, Injection(entry.name, entry.raw, channel, certain, place, how)


def _effective(
    environment: Mapping[str, Injection], found: Iterable[tuple[EnvFile, Text]]
) -> dict[str, Injection]:
    files = list(found)
    process = {name: one.value for name, one in environment.items()}
    loaded = dotenv.load([(file.path, text) for file, text in files], process)
    made: dict[str, Injection] = {}
    for name, one in loaded.items():
        base = environment.get(name) if one.file is None else None
        if base is None:
            base = next(file.entries[name] for file, _ in files if name in file.entries)
        made[name] = replace(base, value=one.value)
    return made
