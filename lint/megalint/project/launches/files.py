"""Commands that write, move and remove files."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import File, Status
from megalint.project.launches import options
from megalint.text import Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.project.launches.system import System

_MAX_DECODED: Final = 1_000_000
_REFERENCE: Final = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_]\w*)\}|(?P<bare>[A-Za-z_]\w*))")


def read_all(names: list[Text] | tuple[Text, ...], shell: Interpreter) -> Text | None:
    """Return what the files called *names* hold, or the input without any; None: none there."""
    if not names:
        return shell.read_rest()
    found: list[Text] = []
    for name in names:
        content = shell.input.rest() if name.flat == "-" and shell.input else shell.content(name)
        if content is None:
            return None
        found.append(content)
    return joined(found)


def _cat(call: Call, shell: Interpreter, system: System) -> Status:
    text = read_all(options.read(call.words, ()).operands, shell)
    if text is None:
        return Status.FAIL
    shell.write(text)
    return Status.OK


def _tee(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, ())
    text = shell.read_rest()
    is_append = "-a" in read or "--append" in read
    for name in read.operands:
        path = shell.path(name)
        if not path.startswith("/dev/"):
            shell.keep_file(path, text, is_append=is_append)
    shell.write(text)
    return Status.OK


def _copy(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-t", "--target-directory", "-S"}, is_mixed=True)
    return _placed(call, shell, read.get("-t", "--target-directory"), list(read.operands))


def _move(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-t", "--target-directory", "-S"}, is_mixed=True)
    target = read.get("-t", "--target-directory")
    return _placed(call, shell, target, list(read.operands), is_move=True)


def _install(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(
        call.words,
        {"-m", "--mode", "-o", "--owner", "-g", "--group", "-t", "-S"},
        is_mixed=True,
    )
    if "-d" in read or "--directory" in read:
        return Status.ASSUMED
    owner = read.get("-o", "--owner")
    return _placed(
        call, shell, read.get("-t"), list(read.operands), owner=None if not owner else owner.flat
    )


def _placed(
    call: Call,
    shell: Interpreter,
    target: Text | None,
    names: list[Text],
    *,
    is_move: bool = False,
    owner: str | None = None,
) -> Status:
    """Copy or move files; a folder takes its known files with it."""
    if target is None:
        if len(names) < 2:  # noqa: PLR2004 - a source and a target
            return Status.FAIL
        target = names.pop()
    place = shell.path(target)
    is_folder = len(names) > 1 or target.flat.endswith(("/", "/.")) or _is_folder(place, shell)
    status = Status.OK
    for name in names:
        source = shell.path(name)
        base = source.rpartition("/")[2]
        goal = f"{place.rstrip('/')}/{base}" if is_folder else place
        if not _one(source, goal, shell, call, is_move=is_move, owner=owner):
            status = Status.ASSUMED
    return status


def _is_folder(path: str, shell: Interpreter) -> bool:
    known = path in {"/tmp", "/etc", "/opt", "/root", "/home", "/usr/local/bin"}
    is_home = re.fullmatch(r"/home/[^/]+", path) is not None
    has_dot = "." in path.rpartition("/")[2]
    return known or is_home or (any(shell.machine.below(path)) and not has_dot)


def _one(
    source: str, goal: str, shell: Interpreter, call: Call, *, is_move: bool, owner: str | None
) -> bool:
    """Place one file or folder; whether it was known."""
    files = shell.machine.files
    found = shell.file(source)
    inside = [path for path in shell.machine.below(source)]
    for path in inside:
        files[goal + path[len(source) :]] = files[path]
        if is_move:
            files[path] = File(None, writes=(call.location,))
    if found is None:
        if not inside:
            unknown = Text.opaque(Unknown(f"a copy of {source}"), call.location)
            unknown += Text.literal("\n")
            files[goal] = File(unknown, owner or shell.shell.user, writes=(call.location,))
        return bool(inside)
    files[goal] = replace(
        found, owner=owner or shell.shell.user, writes=(*found.writes, call.location)
    )
    if is_move:
        files[source] = File(None, writes=(call.location,))
    return found.content is not None


def _remove(call: Call, shell: Interpreter, system: System) -> Status:
    files = shell.machine.files
    for name in options.read(call.words, (), is_mixed=True).operands:
        path = shell.path(name)
        if "*" in name.flat or "?" in name.flat:
            _remove_matching(path, shell)
            continue
        for inner in shell.machine.below(path):
            files[inner] = File(None, writes=(call.location,))
        files[path] = File(None, writes=(call.location,))
    return Status.ASSUMED


def _remove_matching(path: str, shell: Interpreter) -> None:
    expression = re.escape(path).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    for name in list(shell.machine.files):
        if re.fullmatch(expression, name):
            shell.machine.files[name] = File(None)


def _truncate(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-s", "--size"}, is_mixed=True)
    size = read.get("-s", "--size")
    if size is not None and size.flat == "0":
        for name in read.operands:
            shell.keep_file(shell.path(name), Text())
    return Status.OK


def _link(call: Call, shell: Interpreter, system: System) -> Status:
    names = options.read(call.words, {"-t"}, is_mixed=True).operands
    if len(names) == 2:  # noqa: PLR2004 - a target and a name
        found = shell.file(shell.path(names[0]))
        if found is not None:
            shell.machine.files[shell.path(names[1])] = found
    return Status.ASSUMED


def _owner(call: Call, shell: Interpreter, system: System) -> Status:
    operands = list(options.read(call.words, {"--reference"}, is_mixed=True).operands)
    if len(operands) < 2:  # noqa: PLR2004 - an owner and a file
        return Status.ASSUMED
    user = operands.pop(0).flat.partition(":")[0].partition(".")[0]
    for name in operands:
        path = shell.path(name)
        for one in (path, *shell.machine.below(path)):
            found = shell.machine.files.get(one)
            if found is not None and user:
                shell.machine.files[one] = replace(found, owner=user)
    return Status.ASSUMED


def _assumed(call: Call, shell: Interpreter, system: System) -> Status:
    return Status.ASSUMED


def _envsubst(call: Call, shell: Interpreter, system: System) -> Status:
    text = shell.read_rest()
    operands = options.read(call.words, ()).operands
    only = None
    if operands:
        found = _REFERENCE.finditer(operands[0].flat)
        only = {match["braced"] or match["bare"] for match in found}

    def one(match: re.Match[str]) -> Text:
        name = match["braced"] or match["bare"]
        if only is not None and name not in only:
            return text[match.start() : match.end()]
        variable = call.environment.get(name)
        return Text() if variable is None or variable.value is None else variable.value

    shell.write(text.replaced(_REFERENCE, one))
    return Status.OK


def _base64(call: Call, shell: Interpreter, system: System) -> Status:
    read = options.read(call.words, {"-w", "--wrap"}, is_mixed=True)
    text = read_all(read.operands, shell)
    known = None if text is None else text.known
    if known is None or len(known) > _MAX_DECODED:
        shell.write(Text.opaque(Unknown("base64 of what is not known"), call.location))
        return Status.ASSUMED
    if not {"-d", "-D", "--decode"}.isdisjoint(name for name, _ in read.found):
        try:
            plain = base64.b64decode(known.strip()).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return Status.FAIL
        shell.write(Text.literal(plain, text.location if text else None))
        return Status.OK
    encoded = base64.b64encode(known.encode()).decode("ascii")
    shell.write(Text.literal(encoded + "\n", call.location))
    return Status.OK


COMMANDS: Final = {
    "cat": _cat,
    "tee": _tee,
    "cp": _copy,
    "mv": _move,
    "install": _install,
    "rm": _remove,
    "touch": _assumed,
    "truncate": _truncate,
    "ln": _link,
    "chown": _owner,
    "chmod": _assumed,
    "chgrp": _assumed,
    "mkdir": _assumed,
    "sync": _assumed,
    "sleep": _assumed,
    "logger": _assumed,
    "envsubst": _envsubst,
    "base64": _base64,
}
