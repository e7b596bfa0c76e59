"""Commands that hold others: ``if``, ``while``, ``for``, ``case``, and how often they run."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from megalint.languages.shell import conditions
from megalint.languages.shell.expand import Expander
from megalint.languages.shell.roads import Roads
from megalint.languages.shell.signals import Leave
from megalint.languages.shell.state import Status
from megalint.languages.shell.syntax import (
    Case,
    Command,
    For,
    ForArithmetic,
    If,
    Simple,
    While,
)
from megalint.source import Location
from megalint.text import Text

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

MAX_TURNS: Final = 64
MAX_TURNS_UNKNOWN: Final = 4
MAX_TURNS_ENDLESS: Final = 3
"""How often the body of ``while true`` is run: it says the same again, or leaves by itself."""


class Compounds(Roads):
    """The compound commands of an interpreter."""

    words: Expander

    @abstractmethod
    def run(self, commands: Sequence[Command]) -> None:
        """Run commands one after the other."""

    @abstractmethod
    def tested(self) -> AbstractContextManager[None]:
        """Run commands whose failure ``set -e`` does not look at."""

    @abstractmethod
    def assign(
        self, name: str, value: Text, location: Location | None, *, is_append: bool = False
    ) -> None:
        """Set a variable."""

    def _condition(self, commands: Sequence[Command]) -> Status:
        with self.tested():
            self.run(commands)
        status = self.shell.status
        return Status.UNKNOWN if status is Status.ASSUMED else status

    def run_if(self, command: If) -> None:
        """Run ``if``: each branch that may be the one."""
        self._branches(list(command.branches), command.otherwise)

    def _branches(
        self,
        branches: list[tuple[tuple[Command, ...], tuple[Command, ...]]],
        otherwise: Sequence[Command],
    ) -> None:
        if not branches:
            self.shell.status = Status.OK
            self.run(otherwise)
            return
        condition, body = branches[0]
        status = self._condition(condition)
        if status is Status.OK:
            self.run(body)
        elif status is Status.FAIL:
            self._branches(branches[1:], otherwise)
        else:
            self.fork(lambda: self.run(body), lambda: self._branches(branches[1:], otherwise))

    def run_while(self, command: While) -> None:
        """Run ``while`` or ``until``."""
        limit = MAX_TURNS_ENDLESS if _is_endless(command) else MAX_TURNS
        with self.loop():
            while limit > 0:
                limit -= 1
                status = self._condition(command.condition)
                if command.is_until:
                    status = status.negated
                if status is Status.FAIL:
                    break
                if status is Status.UNKNOWN:
                    self.maybe(lambda: self._last_turn(command.body))
                    break
                if self.has_exits:
                    limit = min(limit, MAX_TURNS_UNKNOWN)
                if not self._turn(command.body):
                    return
        self.shell.status = Status.OK

    def _last_turn(self, body: Sequence[Command]) -> None:
        self._turn(body)

    def _turn(self, body: Sequence[Command]) -> bool:
        """Run the body of a loop once; whether the loop goes on."""
        try:
            self.run(body)
        except Leave as signal:
            if signal.levels > 1:
                raise Leave(signal.levels - 1, is_continue=signal.is_continue) from None
            return signal.is_continue
        return True

    def run_for(self, command: For) -> None:
        """Run ``for NAME in words``."""
        if command.words is None:
            items = list(self.shell.positional)
        else:
            items, _ = self.words.fields(command.words)
        self.shell.status = Status.OK
        with self.loop():
            for item in items[:MAX_TURNS]:
                self.assign(command.name, item, item.location or command.range.location)
                if not self._turn(command.body):
                    return

    def run_for_arithmetic(self, command: ForArithmetic) -> None:
        """Run ``for ((...))``."""
        start, test, step = (*command.header, None, None, None)[:3]
        if start is not None:
            self.words.integer(self.words.text(start))
        with self.loop():
            for _ in range(MAX_TURNS):
                text = Text() if test is None else self.words.text(test)
                if text and self.words.integer(text) in {0, None}:
                    return
                if not self._turn(command.body):
                    return
                if step is not None:
                    self.words.integer(self.words.text(step))

    def run_case(self, command: Case) -> None:
        """Run ``case``."""
        subject = self.words.text(command.word)
        self.shell.status = Status.OK
        self._items(command, 0, subject)

    def _items(self, command: Case, at: int, subject: Text) -> None:
        for place in range(at, len(command.items)):
            verdict = conditions.matches_any(
                command.items[place].patterns, subject, cast("Interpreter", self)
            )
            if verdict:
                self._case_item(command, place, subject)
                return
            if verdict is None:
                self.fork(
                    partial(self._case_item, command, place, subject),
                    partial(self._items, command, place + 1, subject),
                )
                return

    def _case_item(self, command: Case, place: int, subject: Text) -> None:
        item = command.items[place]
        self.run(item.body)
        if item.end == ";&" and place + 1 < len(command.items):
            self._case_item(command, place + 1, subject)
        elif item.end == ";;&":
            self._items(command, place + 1, subject)


def _is_endless(command: While) -> bool:
    """Whether a loop has no test: it is left by its body, or never."""
    only = command.condition[0] if len(command.condition) == 1 else None
    name = only.words[0].plain if isinstance(only, Simple) and len(only.words) == 1 else None
    return name == "false" if command.is_until else name in {"true", ":"}
