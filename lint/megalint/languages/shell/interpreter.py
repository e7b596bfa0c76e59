"""Run a script without starting anything: both roads where a test cannot be known.

The state after a command is what bash would have; where roads meet again, a variable that differs
is one of several values. Sources of a fact: bash(1), and ``tests/oracle/launch`` runs the same
scripts for real.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from megalint.languages.shell import builtins, conditions
from megalint.languages.shell.compounds import Compounds
from megalint.languages.shell.expand import Expander
from megalint.languages.shell.host import Call, Host
from megalint.languages.shell.parse import parse
from megalint.languages.shell.roads import Roads, Run
from megalint.languages.shell.signals import Discard, Exit, Return, Signal, Spent
from megalint.languages.shell.state import Machine, Missed, Shell, Status, Variable
from megalint.languages.shell.stream import Input
from megalint.languages.shell.streams import Streams
from megalint.languages.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Assignment,
    Background,
    Case,
    Command,
    Conditional,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Pipeline,
    Range,
    Script,
    Simple,
    Subshell,
    While,
)
from megalint.languages.shell.variables import Variables
from megalint.source import Location, Source, Span
from megalint.text import Text, joined

FUEL: Final = 30_000
MAX_DEPTH: Final = 60
FORK_COST: Final = 20
_TESTS: Final = frozenset(
    {"[", "test", "grep", "egrep", "command", "which", "false", "true", "read", "diff", "cmp"}
)
_NOWHERE: Final = Location(Source(PurePosixPath(), ""), Span(0, 0))


class Interpreter(Variables, Compounds, Streams):
    """One run: the shell that is current, its machine, and where it reads and prints."""

    def __init__(self, host: Host, shell: Shell, machine: Machine) -> None:
        Roads.__init__(self, shell, machine)
        self.host = host
        self.input: Input | None = None
        self.fuel = FUEL
        self.depth = 0
        self.unchecked = 0
        self.is_background = False
        self.words = Expander(self)
        self.here: Location | None = None

    # --- scripts ---------------------------------------------------------------------------

    def run_script(self, script: Script) -> None:
        """Run the lines of a script in the current shell, up to what bash refuses."""
        for line in script.lines:
            try:
                self.run(line)
            except Discard as signal:
                self.shell.status = signal.status
        for redirect in script.unclosed:
            document = redirect.document
            wanted = "" if document is None else document.delimiter
            self.host.refused(
                f"here-document delimited by end-of-file (wanted `{wanted}')",
                redirect.range.location,
            )
        if script.problem is not None:
            self.host.refused(script.problem.message, script.problem.range.location)
            self.shell.status = Status.FAIL

    def run_text(self, text: Text) -> None:
        """Run a text in the current shell, as ``eval`` and ``source`` do."""
        with self.deeper():
            self.run_script(parse(text))

    def run_child(self, shell: Shell, text: Text) -> Status:
        """Run a text in a shell of its own; return how it ends."""
        with self.apart(shell):
            try:
                with self.deeper():
                    self.run_script(parse(text))
            except Exit as signal:
                self.shell.status = signal.status
            except Signal:
                pass
            return self.shell.status

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one more script inside another; raises :class:`Spent` where there are too many."""
        if self.depth >= MAX_DEPTH:
            raise Spent
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def apart(self, shell: Shell) -> Iterator[None]:
        """Make *shell* the current one for a while."""
        outer, unchecked, is_certain = self.shell, self.unchecked, self.is_certain
        self.shell, self.unchecked = shell, 0
        try:
            with self.own_frames():
                yield
        finally:
            self.shell, self.unchecked, self.is_certain = outer, unchecked, is_certain

    def fork(self, *roads: Run) -> None:
        """Take each road from here, at a price."""
        self.spend(FORK_COST)
        super().fork(*roads)

    def spend(self, steps: int) -> None:
        """Count steps; raises :class:`Spent` where there are too many."""
        self.fuel -= steps
        if self.fuel < 0:
            raise Spent

    # --- lists -----------------------------------------------------------------------------

    def run(self, commands: Sequence[Command]) -> None:
        """Run commands one after the other."""
        for command in commands:
            self.execute(command)

    def execute(self, command: Command) -> None:
        """Run one command; its status is that of the shell afterwards."""
        self.spend(1)
        match command:
            case Simple():
                self._simple(command)
            case AndOr():
                self._and_or(command)
            case Pipeline():
                self._pipeline(command)
            case Background(_, inner):
                self._background(inner)
            case Function(name=name):
                self.shell.functions[name] = command
                self.shell.status = Status.OK
            case _:
                self._compound(command)

    def _compound(self, command: Command) -> None:
        with self.redirected(command):
            match command:
                case Subshell(_, body):
                    self.run_subshell(body)
                    self.check_status()
                case Group(_, body):
                    self.run(body)
                case If():
                    self.run_if(command)
                case While():
                    self.run_while(command)
                case For():
                    self.run_for(command)
                case ForArithmetic():
                    self.run_for_arithmetic(command)
                case Case():
                    self.run_case(command)
                case Conditional(_, words):
                    self.shell.status = conditions.conditional(words, self)
                    self.check_status()
                case ArithmeticCommand(_, expression):
                    self._arithmetic(self.words.text(expression))
                    self.check_status()

    def _arithmetic(self, text: Text) -> None:
        value = self.words.integer(text)
        status = Status.UNKNOWN if value is None else Status.OK if value else Status.FAIL
        self.shell.status = status

    def check_status(self) -> None:
        """End the shell where ``set -e`` asks for it."""
        if self.shell.status is Status.FAIL and "e" in self.shell.options and not self.unchecked:
            raise Exit(Status.FAIL, is_guard=True)

    @contextmanager
    def tested(self) -> Iterator[None]:
        """Run commands whose failure ``set -e`` does not look at."""
        self.unchecked += 1
        try:
            yield
        finally:
            self.unchecked -= 1

    def _and_or(self, command: AndOr) -> None:
        with self.tested():
            self.execute(command.left)
        status = self.shell.status
        is_and = command.operator == "&&"
        if status is Status.FAIL and is_and:
            if not _is_test(command.left):
                self._ghost(command.right)
            return
        if status is Status.OK and not is_and:
            return
        if status is Status.UNKNOWN or (status is Status.ASSUMED and not is_and):
            self.maybe(lambda: self.execute(command.right), is_fallback=status is Status.ASSUMED)
            return
        self.execute(command.right)

    def _ghost(self, command: Command) -> None:
        """Run what is never run, for what it would have started; nothing of it stays."""
        shell, machine, here = self.shell, self.machine, self.here
        self.shell, self.machine = shell.copy(), machine.copy()
        try:
            with self.host.ghost(here, "the command before `&&` fails"), self.printing(None):
                self.execute(command)
        except Signal:
            pass
        self.shell, self.machine, self.here = shell, machine, here

    def _pipeline(self, command: Pipeline) -> None:
        if command.is_negated:
            with self.tested():
                self._piped(command.commands)
            self.shell.status = self.shell.status.negated
            return
        self._piped(command.commands)
        self.check_status()

    def _piped(self, commands: Sequence[Command]) -> None:
        if len(commands) == 1:
            self.execute(commands[0])
            return
        worst = Status.OK
        source = self.input
        for place, command in enumerate(commands):
            is_last = place == len(commands) - 1
            sink: list[Text] | None = self.sink if is_last else []
            with self.reading(source), self.printing(sink):
                self.run_subshell((command,))
            source = Input(joined(sink or ()))
            if self.shell.status is Status.FAIL:
                worst = Status.FAIL
        if worst is Status.FAIL and "pipefail" in self.shell.options:
            self.shell.status = worst

    def _background(self, command: Command) -> None:
        outer, self.is_background = self.is_background, True
        try:
            self.run_subshell((command,))
        finally:
            self.is_background = outer
        self.shell.status = Status.OK

    def run_subshell(self, body: Sequence[Command]) -> None:
        """Run commands in a subshell: what they set ends with it."""
        outer = self.shell
        inner = outer.copy()
        status = Status.OK
        unchecked = self.unchecked
        with self.apart(inner):
            self.unchecked = unchecked
            try:
                self.run(body)
                status = self.shell.status
            except Signal as signal:
                status = signal.status
            inner = self.shell
        outer.status = status
        self._note_lost(inner, outer)

    def _note_lost(self, inner: Shell, outer: Shell) -> None:
        """Remember what a subshell exported in vain."""
        for name, variable in inner.variables.items():
            before = outer.variables.get(name)
            if variable.is_exported and variable.location and variable != before:
                outer.missed[name] = Missed(name, "subshell", variable.location, self.here)
        for name, missed in inner.missed.items():
            outer.missed.setdefault(name, missed)

    # --- simple commands -------------------------------------------------------------------

    def _simple(self, command: Simple) -> None:
        self.here = command.range.location
        self.words.seen = []
        try:
            self._run_simple(command)
        except Exit as signal:
            # a command outside of the shell redirects in a process of its own, which alone ends
            if not signal.is_of_redirection or not self._is_external(command):
                raise
            self.shell.status = Status.FAIL
        self.check_status()

    def _run_simple(self, command: Simple) -> None:
        substituted = self.substitutions
        with self.redirected(command):
            fields, ranges = self._fields(command)
            if fields:
                self._invoke(command, fields, ranges)
                return
            for assignment in command.assignments:
                self.set(assignment)
            if self.substitutions == substituted:
                self.shell.status = Status.OK

    def _is_external(self, command: Simple) -> bool:
        name = command.words[0].plain if command.words else None
        return (
            name is not None
            and name not in self.shell.functions
            and builtins.find(name, self.shell.name) is None
        )

    def _fields(self, command: Simple) -> tuple[list[Text], list[Range]]:
        """Return the fields; bash does not cut the values that ``export`` is given."""
        first = command.words[0].plain if command.words else None
        if first not in builtins.DECLARATIONS or self.shell.name == "sh":
            return self.words.fields(command.words)
        fields: list[Text] = []
        ranges: list[Range] = []
        for word in command.words:
            if builtins.ASSIGNED.match(word.range.text.flat):
                fields.append(self.words.text(word))
                ranges.append(word.range)
            else:
                more, places = self.words.fields((word,))
                fields += more
                ranges += places
        return fields, ranges

    def set(self, assignment: Assignment) -> None:
        """Run an assignment that stands alone."""
        place = assignment.range.location
        if assignment.items is not None:
            items, _ = self.words.fields(assignment.items)
            self.assign_items(assignment.name, tuple(items), place, is_append=assignment.is_append)
            return
        value = self._value(assignment)
        if assignment.index is not None:
            self.assign_item(assignment.name, self.words.text(assignment.index), value, place)
            return
        self.assign(assignment.name, value, place, is_append=assignment.is_append)

    def _invoke(self, command: Simple, fields: list[Text], ranges: list[Range]) -> None:
        name = fields[0].known
        function = self.shell.functions.get(name or "")
        if function is not None:
            self._call_function(function, command, fields)
            return
        builtin = builtins.find(name, self.shell.name)
        if builtin is not None:
            self._call_builtin(builtin, command, fields, ranges)
            return
        self.shell.status = self.dispatch(self.call(command, fields, ranges))

    def call(self, command: Simple, fields: list[Text], ranges: list[Range]) -> Call:
        """Return the call of an external command."""
        environment = self.shell.exported() | self._inline(command)
        written = ranges[0].to(ranges[-1]) if ranges else command.range
        place = written.location or self.here or _NOWHERE
        return Call(
            tuple(fields),
            environment,
            place,
            tuple(one.location or place for one in ranges),
            tuple(assignment.name for assignment in command.assignments),
            tuple(self.words.seen),
            self.is_background,
        )

    def _inline(self, command: Simple) -> dict[str, Variable]:
        """Return what is put before a command; each one sees those before it."""
        found: dict[str, Variable] = {}
        with self._kept([one.name for one in command.assignments]):
            for assignment in command.assignments:
                value = self._value(assignment)
                variable = Variable(value, True, assignment.range.location, "inline")
                found[assignment.name] = self.shell.variables[assignment.name] = variable
        return found

    def _value(self, assignment: Assignment) -> Text:
        return Text() if assignment.value is None else self.words.text(assignment.value)

    def dispatch(self, call: Call) -> Status:
        """Run a call that is no function: a builtin by its name, or a command of the machine."""
        return self.host.run(call, self)

    def _call_function(self, function: Function, command: Simple, fields: list[Text]) -> None:
        with self.deeper(), self._temporary(self._inline(command)):
            saved, self.shell.positional = self.shell.positional, tuple(fields[1:])
            self.shell.locals = (*self.shell.locals, ())
            with self.returns():
                try:
                    self.execute(function.body)
                except Return as signal:
                    self.shell.status = signal.status
            self.restore_locals()
            self.shell.positional = saved
        self.check_status()

    def _call_builtin(
        self, builtin: builtins.Builtin, command: Simple, fields: list[Text], ranges: list[Range]
    ) -> None:
        call = self.call(command, fields, ranges)
        if not command.assignments:
            self.shell.status = builtin(call, self)
            return
        with self._temporary({name: call.environment[name] for name in call.assigned}):
            self.shell.status = builtin(call, self)
        if fields[0].known not in builtins.KEEPERS:
            self.note_other(call)

    def note_other(self, call: Call) -> None:
        """Remember that what was put before a command reached that command only."""
        words = call.name or ""
        for name in call.assigned:
            place = call.environment[name].location
            if place is not None:
                missed = Missed(name, "other-command", place, call.location, words)
                self.shell.missed[name] = missed

    @contextmanager
    def _temporary(self, given: Mapping[str, Variable]) -> Iterator[None]:
        """Set what is put before a function or a builtin while it runs."""
        with self._kept(given):
            self.shell.variables |= given
            yield

    @contextmanager
    def _kept(self, names: Iterable[str]) -> Iterator[None]:
        """Give variables the values back that they have now."""
        before = {name: self.shell.variables.get(name) for name in names}
        yield
        for name, variable in before.items():
            if variable is None:
                self.shell.variables.pop(name, None)
            else:
                self.shell.variables[name] = variable

    def external(self, call: Call, words: Sequence[Text], offset: int) -> Call:
        """Return *call* without its first *offset* words, as a wrapper runs it."""
        return replace(call, words=tuple(words), places=call.places[offset:])


def _is_test(command: Command) -> bool:
    """Whether a command is asked for its status: what follows ``&&`` is not meant to run always."""
    match command:
        case AndOr(_, left, _, right):
            return _is_test(left) or _is_test(right)
        case Pipeline(_, commands):
            return _is_test(commands[-1])
        case Simple(_, _, words):
            return not words or words[0].plain in _TESTS
        case _:
            return True
