"""The machine that a launch script runs on: its commands, users and files, and what it starts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.state import File, Missed, Shell, Status, Variable
from megalint.project.launches import image, programs
from megalint.project.launches.facts import Certainty, Event
from megalint.project.launches.families import Family
from megalint.project.launches.handlers import HANDLERS, NODE_TOOLS, PASSING
from megalint.source import Location
from megalint.text import Text
from megalint.values import Unknown

_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")


class Started(Struct, frozen=True):
    """A process that the script starts, as the shell left it.

    :attr:`files` are those of the machine at that moment, :attr:`missed` what did not reach it.
    :attr:`env_folder` is where it looks for env files, where that is not :attr:`cwd`.
    """

    location: Location
    kind: str
    process: str | None
    user: str
    cwd: Text
    environment: Mapping[str, Variable]
    files: Mapping[str, File]
    starts: Certainty
    missed: Mapping[str, Missed]
    words: tuple[Text, ...] = ()
    note: str | None = None
    is_open: bool = False
    env_folder: str | None = None


class Scope(Struct, frozen=True):
    """A line that starts a process by way of another command: npm by pm2, a shell by systemd."""

    location: Location
    process: str | None


class System(Struct):
    """The host of an interpreter; everything that was started ends up in :attr:`started`."""

    family: Family
    scripts: image.Scripts = field(default_factory=image.Scripts)
    has_nvm: bool = False
    started: list[Started] = field(default_factory=list[Started])
    events: list[Event] = field(default_factory=list[Event])
    scope: Scope | None = None
    dead: str | None = None
    has_lost_home: bool = False
    """Whether an empty ``$HOME`` was expanded into the command of another user."""

    # --- what the interpreter asks for -----------------------------------------------------

    def run(self, call: Call, shell: Interpreter) -> Status:
        """Run a command; a script that was written before is run as such."""
        name = call.name
        if name is None:
            return Status.ASSUMED
        if _ASSIGNMENT.match(name):
            return Status.FAIL
        base = name.rpartition("/")[2]
        if call.assigned and base not in PASSING and base not in NODE_TOOLS:
            shell.note_other(call)
        if base in NODE_TOOLS and self.is_absent(call):
            return self._absent(call, shell, base)
        handler = HANDLERS.get(base)
        if handler is not None and image.is_command(name):
            return handler(call, shell, self)
        if "/" in name:
            return self._program(call, shell, name)
        programs.note_writes(call, shell)
        shell.write(Text.opaque(Unknown(f"what {base} prints"), call.location))
        return Status.ASSUMED

    def home(self, user: str) -> str | None:
        """Return the home folder of *user*."""
        return image.home(user)

    def image_file(self, path: str) -> File | None:
        """Return a file of the image whose content every image of its family has."""
        return image.file(path, self.family, self.scripts, has_nvm=self.has_nvm)

    @contextmanager
    def ghost(self, location: Location | None, why: str) -> Iterator[None]:
        """Record what is started as never started, for a while."""
        outer = self.dead
        where = "" if location is None else f" ({location.source.path}:{location.line})"
        self.dead = outer or f"{why}{where}"
        try:
            yield
        finally:
            self.dead = outer

    def has_folder(self, path: str) -> bool:
        """Whether a folder may be there: not below the root where ``$HOME`` should have been."""
        top = path.split("/")[1]
        return not self.has_lost_home or not top or top in image.TOP_FOLDERS

    def refused(self, message: str, location: Location | None) -> None:
        """Keep what a shell refuses."""
        if location is not None:
            self.note("syntax", location, words=message)

    # --- what the commands use -------------------------------------------------------------

    def note(
        self,
        kind: str,
        location: Location,
        subject: str = "",
        related: Location | None = None,
        words: str = "",
    ) -> None:
        """Keep an event; the same one of a loop once, and none of what is never run."""
        if self.dead is not None:
            return
        event = Event(kind, location, subject, related, words)
        if event not in self.events:
            self.events.append(event)

    def is_absent(self, call: Call) -> bool:
        """Whether node, npm or pm2 cannot be found: nvm's are on the PATH of its user only."""
        base = (call.name or "").rpartition("/")[2]
        is_file = "/" in (call.name or "")
        if not self.has_nvm or base not in NODE_TOOLS:
            return False
        if is_file and (base == "node" or "/.nvm/" not in (call.name or "")):
            return False
        path = call.environment.get("PATH")
        if path is None or path.value is None or path.value.known is None:
            return False
        return "/.nvm/" not in path.value.flat and not self.scripts.has_node

    def _absent(self, call: Call, shell: Interpreter, base: str) -> Status:
        note = f"{base}: command not found"
        self.note("not-on-path", call.location, base)
        if image.is_start(call):
            self.start(call, shell, base, image.process_name(call), note=note)
        return Status.FAIL

    def _program(self, call: Call, shell: Interpreter, name: str) -> Status:
        content = self.script(Text.literal(name) if not call.words else call.words[0], shell)
        if content is None:
            shell.write(Text.opaque(Unknown(f"what {name} prints"), call.location))
            return Status.ASSUMED
        if content.flat.startswith("#!") and "\r\n" in content.flat.split("\n", 1)[0] + "\n":
            return Status.FAIL
        return self.run_script(call, shell, content, call.words[0], call.words[1:])

    def script(self, name: Text, shell: Interpreter) -> Text | None:
        """Return the script that a file holds; None where that is not known."""
        found = shell.file(shell.path(name))
        return None if found is None or found.content is None else found.content

    def run_script(
        self,
        call: Call,
        shell: Interpreter,
        content: Text,
        name: Text,
        arguments: tuple[Text, ...],
        options: frozenset[str] = frozenset(),
    ) -> Status:
        """Run a script in a shell of its own, the one that its first line asks for."""
        first = content.flat.split("\n", 1)[0]
        is_sh = first.startswith("#!") and first.rstrip().endswith(("/sh", "/dash", "env sh"))
        child = self.child(call, shell)
        child.name = "sh" if is_sh else "bash"
        child.script_name, child.positional, child.options = name, arguments, options
        return shell.run_child(child, content)

    def child(
        self,
        call: Call,
        shell: Interpreter,
        *,
        user: str | None = None,
        cwd: Text | None = None,
        environment: Mapping[str, Variable] | None = None,
        is_reset: bool = False,
    ) -> Shell:
        """Return the shell that a command of *shell* begins with.

        *is_reset*: its environment is *environment*, and nothing that cannot be seen.
        """
        outer = shell.shell
        given = dict(call.environment if environment is None else environment)
        return Shell(
            user or outer.user,
            outer.cwd if cwd is None else cwd,
            variables={name: replace(one, is_exported=True) for name, one in given.items()},
            missed=dict(self._missed(outer, given)),
            has_known_environment=outer.has_known_environment or is_reset,
        )

    def _missed(self, outer: Shell, given: Mapping[str, Variable]) -> Iterator[tuple[str, Missed]]:
        yield from outer.missed.items()
        for name, variable in outer.variables.items():
            if name not in given and variable.location is not None and not variable.is_exported:
                yield name, Missed(name, "unexported", variable.location, None)

    @contextmanager
    def by(self, location: Location, process: str | None = None) -> Iterator[None]:
        """Start what follows on behalf of the line at *location*; an outer one goes first."""
        outer = self.scope
        self.scope = outer or Scope(location, process)
        try:
            yield
        finally:
            self.scope = outer

    def run_as(
        self,
        run: Call,
        child: Shell,
        shell: Interpreter,
        kind: str,
        process: str | None,
        *,
        note: str | None = None,
    ) -> None:
        """Run a command in *child*; where it starts nothing that is known, it is the process.

        Not at all where *note* says why it cannot.
        """
        before = len(self.started)
        with shell.apart(child), self.by(run.location, process):
            if note is None and run.words:
                self.run(run, shell)
            if len(self.started) == before:
                self.start(run, shell, kind, process, note=note)

    def start(
        self,
        call: Call,
        shell: Interpreter,
        kind: str,
        process: str | None = None,
        *,
        note: str | None = None,
        cwd: Text | None = None,
        starts: Certainty | None = None,
        env_folder: str | None = None,
    ) -> None:
        """Record that a process is started; not at all where *note* says why it cannot."""
        note = self.dead or note
        if starts is None:
            starts = Certainty.ALWAYS if shell.is_certain else Certainty.SOMETIMES
            starts = Certainty.NEVER if note is not None else starts
        scope = self.scope
        folder = shell.shell.cwd if cwd is None else cwd
        inner = self.child(call, shell)
        self.started.append(
            Started(
                call.location if scope is None else scope.location,
                kind,
                process if scope is None else scope.process or process,
                shell.shell.user,
                folder,
                dict(call.environment),
                dict(shell.machine.files),
                starts,
                inner.missed,
                call.words,
                note,
                not shell.shell.has_known_environment or programs.is_filled(folder, shell),
                env_folder,
            )
        )


ROOT_ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}
"""What cloud-init gives a script: no HOME, USER, LOGNAME or SHELL (cloud-init 22.4, measured)."""
