"""What a shell needs from the machine it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from megalint.languages.shell.state import File, Status, Variable
from megalint.source import Location
from megalint.text import Text

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter


class Expansion(Struct, frozen=True):
    """A parameter or a tilde that was expanded for a command: its name, place and value."""

    name: str
    location: Location | None
    value: Text | None


class Call(Struct, frozen=True):
    """A command that is no builtin: its words, and the environment it receives.

    :attr:`places` are where each word was written; :attr:`assigned` are the variables that were
    put before the command. :attr:`is_background` tells that the shell does not wait for it.
    """

    words: tuple[Text, ...]
    environment: Mapping[str, Variable]
    location: Location
    places: tuple[Location, ...] = ()
    assigned: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    is_background: bool = False

    @property
    def name(self) -> str | None:
        """The command's name, where it is known."""
        return self.words[0].known if self.words else None


class Host(Protocol):
    """Everything outside the shell: its commands, its users, the files of the image."""

    def run(self, call: Call, shell: Interpreter) -> Status:
        """Run a command; what it prints goes to ``shell.write``."""
        ...

    def home(self, user: str) -> str | None:
        """Return the home folder of *user*, as the list of users has it."""
        ...

    def image_file(self, path: str) -> File | None:
        """Return a file that the script did not write, where its content is known."""
        ...

    def ghost(self, location: Location | None, why: str) -> AbstractContextManager[None]:
        """Tell that the commands to come are never run, and why."""
        ...

    def has_folder(self, path: str) -> bool:
        """Whether a folder may be there: False where it cannot."""
        ...

    def refused(self, message: str, location: Location | None) -> None:
        """Hear that a shell refuses the script it was given."""
        ...
