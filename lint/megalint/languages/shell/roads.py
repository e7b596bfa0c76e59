"""Both roads where a test cannot be known, and what holds where they meet again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce

from msgspec import Struct

from megalint.languages.shell.signals import Exit, Leave, Return, Signal
from megalint.languages.shell.state import (
    Machine,
    Shell,
    Status,
    either,
    joined_machines,
    joined_shells,
)
from megalint.text import Text, joined

Run = Callable[[], None]


class World(Struct):
    """Everything that a road may change."""

    shell: Shell
    machine: Machine

    def copy(self) -> World:
        """Return a world of its own."""
        return World(self.shell.copy(), self.machine.copy())

    def met(self, other: World) -> World:
        """Return the world after one of two roads."""
        return World(
            joined_shells(self.shell, other.shell), joined_machines(self.machine, other.machine)
        )


class Roads:
    """Keeps the current world; :attr:`is_certain` tells whether every run comes here."""

    def __init__(self, shell: Shell, machine: Machine) -> None:
        self.shell = shell
        self.machine = machine
        self.is_certain = True
        self.sink: list[Text] | None = None
        self._loops: list[list[World]] = []
        self._returns: list[list[World]] = []

    def maybe(self, run: Run, *, is_fallback: bool = False) -> None:
        """Run what not every run comes to."""

        def skip() -> None:
            if is_fallback:
                self.shell.status = Status.OK

        self.fork(run, skip)

    def fork(self, *roads: Run) -> None:
        """Take each road from here; go on with the world where they meet."""
        start = World(self.shell, self.machine)
        was_certain, sink = self.is_certain, self.sink
        ends: list[World] = []
        signals: list[Signal] = []
        printed: list[Text] = []
        for road in roads:
            world = start.copy()
            self.shell, self.machine = world.shell, world.machine
            self.is_certain, self.sink = False, None if sink is None else []
            try:
                road()
                ends.append(World(self.shell, self.machine))
                printed.append(joined(self.sink or ()))
            except Signal as signal:
                signals.append(signal)
                self._keep(signal)
        self.sink = sink
        self.is_certain = was_certain and not any(map(_is_early, signals))
        if sink is not None and printed:
            sink.append(reduce(either, printed))
        self._meet(ends, signals)

    def _keep(self, signal: Signal) -> None:
        """Keep the world of a road that left a loop or a function."""
        world = World(self.shell, self.machine)
        if isinstance(signal, Leave) and len(self._loops) >= signal.levels > 0:
            self._loops[-signal.levels].append(world)
        elif isinstance(signal, Return) and self._returns:
            self._returns[-1].append(world)

    def _meet(self, ends: list[World], signals: list[Signal]) -> None:
        if not ends:
            raise signals[0]
        world = ends[0]
        for other in ends[1:]:
            world = world.met(other)
        self.shell, self.machine = world.shell, world.machine

    @property
    def has_exits(self) -> bool:
        """Whether a road has left the innermost loop."""
        return bool(self._loops and self._loops[-1])

    @contextmanager
    def loop(self) -> Iterator[None]:
        """Run a loop: roads that leave it meet at its end."""
        self._loops.append([])
        try:
            yield
        finally:
            self._join(self._loops.pop())

    @contextmanager
    def returns(self) -> Iterator[None]:
        """Run a function: roads that return from it meet at its end."""
        self._returns.append([])
        try:
            yield
        finally:
            self._join(self._returns.pop())

    def _join(self, worlds: list[World]) -> None:
        world = World(self.shell, self.machine)
        for other in worlds:
            world = world.met(other)
        self.shell, self.machine = world.shell, world.machine

    @contextmanager
    def own_frames(self) -> Iterator[None]:
        """Run another shell: it cannot leave the loops and functions of this one."""
        loops, returns = self._loops, self._returns
        self._loops, self._returns = [], []
        try:
            yield
        finally:
            self._loops, self._returns = loops, returns


def _is_early(signal: Signal) -> bool:
    """Whether a road ended the script with nothing being wrong: what follows is not always run."""
    return isinstance(signal, Exit) and not signal.is_guard
