"""Where a shell prints and reads, and what substitutions capture."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, cast

from megalint.languages.shell.expand import Expander
from megalint.languages.shell.parse import parse
from megalint.languages.shell.redirection import Redirection
from megalint.languages.shell.stream import Input
from megalint.languages.shell.syntax import Command, Range
from megalint.text import Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter


class Streams:
    """The input and the output of an interpreter."""

    input: Input | None
    sink: list[Text] | None
    words: Expander
    substitutions: int

    @abstractmethod
    def run_subshell(self, body: Sequence[Command]) -> None:
        """Run commands in a subshell."""

    @abstractmethod
    def tested(self) -> AbstractContextManager[None]:
        """Run commands whose failure ``set -e`` does not look at."""

    @abstractmethod
    def keep_file(
        self, path: str, content: Text, *, is_append: bool = False, owner: str | None = None
    ) -> None:
        """Write a file."""

    def write(self, text: Text) -> None:
        """Print *text*."""
        if self.sink is not None and text:
            self.sink.append(text)

    def read_rest(self) -> Text:
        """Return what is left of the input; nothing where there is none."""
        return Text() if self.input is None else self.input.rest()

    @contextmanager
    def printing(self, sink: list[Text] | None) -> Iterator[None]:
        """Print to *sink* for a while; to nowhere where it is None."""
        outer, self.sink = self.sink, sink
        try:
            yield
        finally:
            self.sink = outer

    @contextmanager
    def reading(self, source: Input | None) -> Iterator[None]:
        """Read from *source* for a while."""
        outer, self.input = self.input, source
        try:
            yield
        finally:
            self.input = outer

    @contextmanager
    def redirected(self, command: Command) -> Iterator[None]:
        """Apply the redirections of a command while it runs."""
        redirects = getattr(command, "redirects", ())
        if not redirects:
            yield
            return
        redirection = Redirection(redirects, cast("Interpreter", self))
        with redirection.applied():
            yield

    def printed(self, body: Sequence[Command]) -> Text:
        """Return what ``$(...)`` becomes: what *body* prints, without line feeds at its end."""
        return self._captured(lambda: self.run_subshell(body))

    def printed_by_text(self, content: Text) -> Text:
        """Return what backquotes become."""
        script = parse(content)
        body = tuple(command for line in script.lines for command in line)
        return self.printed(body)

    def _captured(self, run: Callable[[], None]) -> Text:
        sink: list[Text] = []
        seen = self.words.seen
        with self.printing(sink), self.tested():
            run()
        self.words.seen = seen
        self.substitutions += 1
        text = joined(sink)
        return text[: len(text.flat.rstrip("\n"))]

    def piped(self, place: Range, body: Sequence[Command], *, is_input: bool) -> Text:
        """Return the name of ``<(...)`` or ``>(...)``; what it prints is a file of that name."""
        path = f"/dev/fd/{place.span.start}"
        if is_input:
            self.keep_file(
                path, self._captured(lambda: self.run_subshell(body)) + Text.literal("\n")
            )
        else:
            self.keep_file(path, Text.opaque(Unknown("a pipe")))
        return Text.literal(path, place.location)
