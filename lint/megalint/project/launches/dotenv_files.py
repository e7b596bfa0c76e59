"""Env files that a command reads into the environment of another one."""

from __future__ import annotations

from msgspec.structs import replace

from megalint.formats import dotenv
from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Variable
from megalint.text import Text


def added(call: Call, shell: Interpreter, name: Text, *, overrides: bool = False) -> Call:
    """Return *call* with the variables of an env file; what is there already stays."""
    found = shell.file(shell.path(name))
    if found is None or found.content is None:
        return call
    environment = dict(call.environment)
    for entry in dotenv.parse(found.content):
        if overrides or entry.name not in environment:
            place = entry.location or call.location
            how = f"from {name.flat}"
            environment[entry.name] = Variable(entry.raw, True, place, how, found.is_certain)
    return replace(call, environment=environment)
