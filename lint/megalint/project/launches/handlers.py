"""The commands of the machine, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import Status
from megalint.project.launches import (
    cloud,
    containers,
    cron,
    files,
    filters,
    node,
    pm2,
    programs,
    shells,
    switch,
    units,
    wrappers,
)

if TYPE_CHECKING:
    from megalint.project.launches.system import System

Handler = Callable[[Call, Interpreter, "System"], Status]

HANDLERS: Final[dict[str, Handler]] = {
    **files.COMMANDS,
    **filters.COMMANDS,
    **switch.COMMANDS,
    **shells.COMMANDS,
    **wrappers.COMMANDS,
    **pm2.COMMANDS,
    **programs.COMMANDS,
    **node.COMMANDS,
    **containers.COMMANDS,
    **cron.COMMANDS,
    **units.COMMANDS,
    **cloud.COMMANDS,
}
NODE_TOOLS: Final = frozenset({*pm2.COMMANDS, *node.COMMANDS} - {"bunx"})
PASSING: Final = frozenset({*switch.COMMANDS, *shells.COMMANDS, *wrappers.COMMANDS, "docker"})
"""Commands that hand their environment, or the rules of their own, to what they run."""
