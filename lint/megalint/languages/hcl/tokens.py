"""Walk over the text of HCL: blanks, comments, names."""

from __future__ import annotations

import re
from typing import Final

from megalint.languages.hcl.syntax import Problem
from megalint.source import Span

NAME: Final = re.compile(r"[A-Za-z_][\w-]*")
_BLANK: Final = re.compile(r"[ \t]+|/\*.*?\*/", re.DOTALL)
_SPACE: Final = re.compile(r"(?:\s+|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)


class Refused(Exception):
    """Terraform would not read this."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Scanner:
    """A place in a text; :attr:`inside` counts the brackets in which lines may end anywhere."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.inside = 0

    def peek(self, text: str) -> bool:
        """Whether *text* comes next."""
        return self.text.startswith(text, self.at)

    def blanks(self) -> None:
        """Skip blanks of one line."""
        while (match := _BLANK.match(self.text, self.at)) is not None:
            self.at = match.end()

    def skip(self) -> None:
        """Skip blanks, line ends and comments."""
        match = _SPACE.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def skip_inside(self) -> None:
        """Skip what may stand before the next token of an expression."""
        if self.inside:
            self.skip()
        else:
            self.blanks()

    def expect(self, text: str) -> None:
        """Take *text*."""
        self.blanks()
        if not self.peek(text):
            raise self.refuse(f"`{text}` is wanted here")
        self.at += len(text)

    def refuse(self, message: str, start: int | None = None) -> Refused:
        """Return the error that ends what is being read."""
        begin = min(self.at if start is None else start, len(self.text))
        return Refused(Problem(message, Span(begin, min(begin + 1, len(self.text)))))
