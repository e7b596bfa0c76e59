"""Programs that are not modelled: the files they may write are open, not absent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status
from megalint.languages.shell.words import decoded
from megalint.project.launches import options
from megalint.source import Span
from megalint.text import Text, separated
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_FILLED: Final = "filled-folders"
_ENV_FILE: Final = re.compile(r"[\w./~-]*\.env(?:\.[\w.-]+)?(?![\w-])")
_WRITTEN: Final = re.compile(
    r"open\(\s*(['\"])(?P<path>[^'\"]+)\1\s*,\s*['\"](?P<mode>[wa])t?['\"]\s*\)"
    r"\.write\(\s*(?P<quote>['\"])(?P<text>(?:[^'\"\\]|\\.)*)(?P=quote)\s*\)"
)


def note_writes(call: Call, shell: Interpreter) -> None:
    """Hold open each env file that a program is told of, by its words or by its input."""
    text = separated(call.words[1:], Text.literal(" "))
    _open_files(text + shell.read_rest(), call, shell)


def _open_files(text: Text, call: Call, shell: Interpreter) -> None:
    unknown = Text.opaque(Unknown(f"written by {call.name}"), call.location)
    for match in _ENV_FILE.finditer(text.flat):
        shell.keep_file(shell.path(Text.literal(match[0])), unknown)


def fill(folder: Text, shell: Interpreter) -> None:
    """Remember a folder into which files were put that nobody can see."""
    known = shell.machine.kept.get(_FILLED, ())
    if isinstance(known, tuple):
        shell.machine.kept[_FILLED] = (*known, shell.path(folder))


def is_filled(folder: Text, shell: Interpreter) -> bool:
    """Whether a folder lies in one that was filled so."""
    known = shell.machine.kept.get(_FILLED, ())
    path = f"{folder.flat.rstrip('/')}/"
    return isinstance(known, tuple) and any(path.startswith(f"{one.rstrip('/')}/") for one in known)


def _python(call: Call, shell: Interpreter, system: System) -> Status:
    """Read ``open('f', 'w').write('A=1')`` where it is written out; else hold the files open."""
    read = options.read(call.words, {"-c", "-m", "-W", "-X"})
    code = read.get("-c")
    if code is None and not read.operands and shell.input is not None:
        code = shell.input.rest()
    if code is None:
        note_writes(call, shell)
        return Status.ASSUMED
    found = list(_WRITTEN.finditer(code.flat))
    for match in found:
        place = code.locate(Span(match.start("text"), match.end("text")))
        content = Text.literal(decoded(match["text"]), place)
        name = Text.literal(match["path"])
        shell.keep_file(shell.path(name), content, is_append=match["mode"] == "a")
    if not found:
        _open_files(code, call, shell)
        shell.write(Text.opaque(Unknown(f"what {call.name} prints"), call.location))
    return Status.ASSUMED


def _unpacked(call: Call, shell: Interpreter, system: System) -> Status:
    """``tar x``, ``unzip``, ``rsync``: the folder holds what nobody can see."""
    read = options.read(call.words, {"-C", "--directory", "-d", "-f", "-e"}, is_mixed=True)
    folder = read.get("-C", "--directory", "-d")
    if folder is None and call.name == "rsync" and read.operands:
        folder = read.operands[-1]
    is_packing = call.name == "tar" and any(name in {"-c", "-t"} for name, _ in read.found)
    if not is_packing:
        fill(shell.shell.cwd if folder is None else folder, shell)
    return Status.ASSUMED


COMMANDS: Final = {
    "python": _python,
    "python3": _python,
    "tar": _unpacked,
    "unzip": _unpacked,
    "rsync": _unpacked,
}
