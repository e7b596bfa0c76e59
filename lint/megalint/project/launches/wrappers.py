"""Commands that run another one: ``env``, ``nohup``, ``timeout``, ``xargs`` and their like."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status, Variable
from megalint.numerals import is_whole
from megalint.project.launches import options
from megalint.text import Text, joined, separated
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_ASSIGNED: Final = re.compile(r"([^=\s]+)=", re.DOTALL)


def inner(call: Call, offset: int) -> Call:
    """Return the call of the command that starts at word *offset*."""
    return replace(call, words=call.words[offset:], places=call.places[offset:], assigned=())


def _env(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(_split_string(call.words), {"-u", "--unset", "-C", "--chdir", "-S"})
    environment = dict(call.environment)
    if not {"-i", "--ignore-environment", "-"}.isdisjoint(name for name, _ in read.found):
        environment = {}
    for name in read.all("-u", "--unset"):
        environment.pop(name.flat, None)
    words = list(read.operands)
    while words and (match := _ASSIGNED.match(words[0].flat)) is not None:
        word = words.pop(0)
        environment[match[1]] = Variable(
            word[match.end() :], True, word.location or call.location, "given to env"
        )
    if not words:
        shell.write(_listed(environment, call))
        return Status.OK
    folder = read.get("-C", "--chdir")
    child = system.child(call, shell, cwd=folder, environment=environment)
    places = call.places[len(call.words) - len(words) :]
    run = replace(call, words=tuple(words), environment=environment, places=places, assigned=())
    with shell.apart(child):
        return system.run(run, shell)


def _split_string(words: tuple[Text, ...]) -> list[Text]:
    """Return the words with the text of ``env -S`` split into its own."""
    found: list[Text] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.flat in {"-S", "--split-string"} and rest and len(found) <= 1:
            text = rest.pop(0)
            try:
                found += [Text.literal(one, text.location) for one in shlex.split(text.flat)]
            except ValueError:
                found.append(text)
        else:
            found.append(word)
    return found


def _listed(environment: dict[str, Variable], call: Call) -> Text:
    lines = [
        joined([Text.literal(f"{name}=", call.location), one.value or Text(), Text.literal("\n")])
        for name, one in environment.items()
    ]
    return joined(lines)


def _plain(call: Call, shell: Interpreter, system: System) -> Status:
    """``nohup``, ``nice``, ...: options, then a command."""
    read = options.read(call.words, {"-n", "-c", "-p", "-o", "-e", "-f", "-P"})
    return _rest(call, shell, system, read.offset)


def _timeout(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-s", "--signal", "-k", "--kill-after"})
    return _rest(call, shell, system, read.offset + 1)


def _flock(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-w", "--timeout", "-E", "-c"})
    return _rest(call, shell, system, read.offset + 1)


def _stdbuf(call: Call, shell: Interpreter, system: System) -> Status:
    return _rest(call, shell, system, options.read(call.words, {"-i", "-o", "-e"}).offset)


def _rest(call: Call, shell: Interpreter, system: System, offset: int) -> Status:
    if offset >= len(call.words):
        return Status.ASSUMED
    return system.run(inner(call, offset), shell)


def _xargs(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words, {"-n", "-I", "-P", "-d", "-L", "-a", "-s", "-E", "--max-args", "--delimiter"}
    )
    source = shell.read_rest()
    arguments = _arguments(source)
    command = list(read.operands) or [Text.literal("echo")]
    if arguments is None:
        shell.write(Text.opaque(Unknown("what xargs prints"), call.location))
        return Status.UNKNOWN
    if (mark := read.get("-I")) is not None:
        for argument in arguments:
            words = [_replaced(word, mark.flat, argument) for word in command]
            _one(call, shell, system, words)
        return Status.OK
    size = read.get("-n", "-L", "--max-args")
    count = int(size.flat) if size is not None and is_whole(size.flat) else len(arguments)
    status = Status.OK
    for at in range(0, max(len(arguments), 1), max(count, 1)):
        status = _one(call, shell, system, [*command, *arguments[at : at + count]])
    return status


def _replaced(word: Text, mark: str, argument: Text) -> Text:
    return separated(word.split(mark) if mark else [word], argument)


def _arguments(source: Text) -> list[Text] | None:
    """Return the words of *source* as xargs splits them; None where it would stop."""
    flat = source.flat
    if not re.search(r"['\"\\]", flat):
        return [source[m.start() : m.end()] for m in re.finditer(r"\S+", flat)]
    try:
        words = [word for line in flat.split("\n") for word in shlex.split(line, posix=True)]
    except ValueError:
        return None
    return [Text.literal(word, source.location) for word in words]


def _one(call: Call, shell: Interpreter, system: System, words: list[Text]) -> Status:
    if words[0].flat in {"echo", "printf"}:
        shell.write(separated(words[1:], Text.literal(" ")) + Text.literal("\n"))
        return Status.OK
    return system.run(replace(call, words=tuple(words), places=(), assigned=()), shell)


def _screen(call: Call, shell: Interpreter, system: System) -> Status:
    """``screen -dmS NAME command``: the environment is the caller's."""
    read = options.read(call.words, {"-S", "-t", "-c", "-h", "-s", "-L", "-X"})
    return _rest(call, shell, system, read.offset) if "-m" in read else Status.ASSUMED


def _tmux(call: Call, shell: Interpreter, system: System) -> Status:
    """``tmux new-session -d -s NAME 'command'``: a shell runs it."""
    read = options.read(call.words, {"-s", "-n", "-c", "-e", "-t", "-x", "-y"}, is_mixed=True)
    verb = read.operands[0].flat if read.operands else ""
    if verb not in {"new", "new-session"} or len(read.operands) < 2:  # noqa: PLR2004 - a command
        return Status.ASSUMED
    text = separated(read.operands[1:], Text.literal(" "))
    return shell.run_child(system.child(call, shell, cwd=read.get("-c")), text)


def _script(call: Call, shell: Interpreter, system: System) -> Status:
    """``script -c 'command' FILE``."""
    text = options.read(call.words, {"-c", "--command", "-t"}, is_mixed=True).get("-c", "--command")
    return Status.ASSUMED if text is None else shell.run_child(system.child(call, shell), text)


COMMANDS: Final = {
    "screen": _screen,
    "tmux": _tmux,
    "script": _script,
    "env": _env,
    "nohup": _plain,
    "nice": _plain,
    "ionice": _plain,
    "setsid": _plain,
    "stdbuf": _stdbuf,
    "timeout": _timeout,
    "flock": _flock,
    "time": _plain,
    "dumb-init": _plain,
    "tini": _plain,
    "catchsegv": _plain,
    "unbuffer": _plain,
    "xargs": _xargs,
}
