"""From a script to launches: run it on the model of a machine, and say what each process gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from megalint.formats import dotenv, user_data
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.parse import parse
from megalint.languages.shell.signals import Signal, Spent
from megalint.languages.shell.state import File, Machine, Missed, Shell, Status, Variable, likely
from megalint.project.launches import image
from megalint.project.launches.facts import Certainty, Channel, EnvFile, Injection, Launch
from megalint.project.launches.families import Family, family
from megalint.project.launches.system import ROOT_ENVIRONMENT, Event, Started, System
from megalint.source import Location
from megalint.text import Text

_ENVIRONMENT_OF_MACHINE: Final = frozenset(
    [
        *("PATH", "LANG", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "SHLVL", "TERM"),
        *("NVM_DIR", "NVM_BIN", "MAIL"),
    ]
)
"""What the machine itself sets: no launch has to give it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a boot comes to: the launches, what each of them missed, and what was seen."""

    launches: tuple[Launch, ...]
    missed: Mapping[Location, Mapping[str, Missed]]
    events: tuple[Event, ...]
    machine: Machine


def launches_of_script(text: Text, *, os: str = "amazon") -> tuple[Launch, ...]:
    """Return what one script starts when cloud-init runs it as root."""
    return boot(text, family(os)).launches


def boot(text: Text, os: Family, known: image.Scripts | None = None) -> Outcome:
    """Run user data: its files, then its scripts, as root and each with its own environment."""
    parts = user_data.read(text)
    system = System(os, known or image.Scripts(), ".nvm" in text.flat)
    machine = Machine(dict(_written(parts.files)))
    for part in parts.scripts:
        machine = _run(part, system, machine)
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
    launches = [launch_of(one) for one in system.started]
    missed = {
        launch.location: one.missed for launch, one in zip(launches, system.started, strict=True)
    }
    return Outcome(tuple(launches), missed, tuple(system.events), machine)


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
    try:
        interpreter.run_script(parse(text))
    except Signal as signal:
        _note_stop(signal, interpreter, system)
    except (Spent, RecursionError):
        if interpreter.here is not None:
            system.note("too-long", interpreter.here)
    return interpreter.machine


def _note_stop(signal: Signal, interpreter: Interpreter, system: System) -> None:
    if signal.status is Status.FAIL and interpreter.here is not None:
        system.note("stopped", interpreter.here)


# --- from what was started to what is received ----------------------------------------------


def launch_of(started: Started) -> Launch:
    """Return the launch: its environment, the env files it reads, and what comes of both."""
    environment = dict(_injections(started.environment, started))
    files = tuple(_env_files(started))
    return Launch(
        started.location,
        started.kind,
        started.process,
        started.user,
        started.cwd.known,
        started.starts,
        environment,
        files,
        _effective(environment, files, started) if files else environment,
        note=started.note,
    )


def _injections(
    environment: Mapping[str, Variable], started: Started
) -> Iterator[tuple[str, Injection]]:
    for name, variable in environment.items():
        is_own = variable.location is not None and variable.how != "set for the user"
        if variable.value is None or (name in _ENVIRONMENT_OF_MACHINE and not is_own):
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


def _env_files(started: Started) -> Iterator[EnvFile]:
    """Yield the env files in the folder of the process, the one that wins first."""
    if started.cwd.known is None or started.kind in {"docker", "compose"}:
        return
    for name in dotenv.NEXT_FILES:
        path = f"{started.cwd.flat.rstrip('/')}/{name}"
        found = started.files.get(path)
        if found is not None and found.content is not None:
            yield EnvFile(
                path,
                dict(_file_entries(found, name, started)),
                found.writes[-1] if found.writes else started.location,
                found.is_whole,
            )


def _file_entries(file: File, name: str, started: Started) -> Iterator[tuple[str, Injection]]:
    assert file.content is not None
    certain = Certainty.ALWAYS if file.is_certain else Certainty.SOMETIMES
    for entry in dotenv.parse(file.content):
        place = entry.location or started.location
        how = f"written to {name}"
        yield entry.name, Injection(entry.name, entry.raw, Channel.ENV_FILE, certain, place, how)


def _effective(
    environment: Mapping[str, Injection], files: tuple[EnvFile, ...], started: Started
) -> dict[str, Injection]:
    texts = [
        (file.path, content)
        for file in files
        if (content := started.files[file.path].content) is not None
    ]
    process = {name: one.value for name, one in environment.items()}
    loaded = dotenv.load(texts, process)
    found: dict[str, Injection] = {}
    for name, one in loaded.items():
        base = environment.get(name) if one.file is None else None
        if base is None:
            base = next(file.entries[name] for file in files if name in file.entries)
        found[name] = replace(base, value=one.value)
    return found
