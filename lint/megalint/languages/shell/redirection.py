"""Where a command reads and prints: ``>``, ``>>``, ``<``, ``<<``, ``<<<`` and their like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from megalint.languages.shell.signals import Exit
from megalint.languages.shell.state import Status
from megalint.languages.shell.stream import Input
from megalint.languages.shell.syntax import Redirect
from megalint.text import Text, joined
from megalint.values import Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

_OUTPUTS: Final = frozenset({">", ">>", ">|", "&>", "&>>", "<>"})
_STDOUT: Final = frozenset({None, "1", "&"})


class Redirection:
    """The redirections of one command."""

    def __init__(self, redirects: Sequence[Redirect], shell: Interpreter) -> None:
        self._shell = shell
        self._redirects = redirects
        self._output: tuple[str, bool] | None = None
        self._sink = shell.sink
        self._input = shell.input

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Run the body with the redirections, then write what it printed."""
        try:
            for redirect in self._redirects:
                self._apply(redirect)
        except Exit as signal:
            signal.is_of_redirection = True
            raise
        shell = self._shell
        if self._output is None:
            with shell.reading(self._input), shell.printing(self._sink):
                yield
            return
        printed: list[Text] = []
        try:
            with shell.reading(self._input), shell.printing(printed):
                yield
        finally:
            self._write(printed)

    def _write(self, printed: list[Text]) -> None:
        path, _ = self._output or ("", False)
        if not path.startswith("/dev/"):
            self._shell.keep_file(path, joined(printed), is_append=True)

    def _apply(self, redirect: Redirect) -> None:
        operator = redirect.operator
        if operator in {"<<", "<<-"}:
            document = redirect.document
            body = Text() if document is None else self._shell.words.text(document.body)
            self._input = Input(body)
        elif operator == "<<<":
            body = self._shell.words.text(redirect.target) + Text.literal("\n")
            self._input = Input(body)
        elif operator == "<":
            self._read(self._shell.words.text(redirect.target))
        elif operator in _OUTPUTS:
            self._open(redirect, is_append=operator in {">>", "&>>"})
        elif operator == ">&":
            self._duplicate(redirect)

    def _read(self, name: Text) -> None:
        content = self._shell.content(name)
        if content is None:
            self._shell.shell.status = Status.FAIL
        self._input = Input(Text() if content is None else content)

    def _open(self, redirect: Redirect, *, is_append: bool) -> None:
        shell = self._shell
        name = shell.words.text(redirect.target)
        path = shell.path(name)
        is_stdout = redirect.fd in _STDOUT and redirect.operator != "<>"
        if path.startswith(("/dev/", "/proc/")):
            if is_stdout:
                self._output, self._sink = None, None
            return
        if not is_append:
            shell.keep_file(path, Text())
        if is_stdout:
            self._output = (path, is_append)
        elif redirect.fd is not None:
            shell.keep_file(path, Text.opaque(Unknown("what is printed there")), is_append=True)

    def _duplicate(self, redirect: Redirect) -> None:
        """``>&2`` and ``1>&2`` leave nothing on the standard output; ``2>&1`` adds messages."""
        target = redirect.target.range.text.flat
        if redirect.fd in {None, "1"} and target in {"2", "-"}:
            self._output, self._sink = None, None
        elif redirect.fd is None and not target.isdigit() and target != "-":
            self._open(redirect, is_append=False)
