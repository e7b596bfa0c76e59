"""What leaves a command before its end, and what becomes of the roads that did."""

from __future__ import annotations

from megalint.languages.shell.state import Status


class Signal(Exception):
    """A command that ends more than itself."""

    def __init__(self, status: Status = Status.OK) -> None:
        super().__init__(type(self).__name__)
        self.status = status


class Exit(Signal):
    """The shell ends; :attr:`is_guard` tells one that ends because something is wrong."""

    def __init__(self, status: Status = Status.OK, *, is_guard: bool = False) -> None:
        super().__init__(status)
        self.is_guard = is_guard
        self.is_of_redirection = False


class Return(Signal):
    """A function or a sourced file ends."""


class Discard(Signal):
    """An expansion failed: the rest of the line is not run."""


class Leave(Signal):
    """``break`` (or ``continue``) of so many loops."""

    def __init__(self, levels: int, *, is_continue: bool) -> None:
        super().__init__()
        self.levels = levels
        self.is_continue = is_continue


class Spent(Exception):
    """More steps than a script of people takes."""
