"""The syntax of a shell script: frozen nodes that point into the text they were read from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from megalint.source import Location, Span
from megalint.text import Text


class Range(Struct, frozen=True):
    """A part of the text that was parsed."""

    whole: Text
    span: Span

    @property
    def text(self) -> Text:
        """The characters, each with its place."""
        return self.whole[self.span]

    @property
    def location(self) -> Location | None:
        """Where they were written."""
        return self.whole.locate(self.span)

    def to(self, end: Range) -> Range:
        """Return the range that reaches to the end of another one."""
        return Range(self.whole, Span(self.span.start, end.span.end))


# --- words ---------------------------------------------------------------------------------


class Literal(Struct, frozen=True):
    """Characters that stand for themselves; :attr:`decoded` where escapes were replaced."""

    range: Range
    is_quoted: bool
    decoded: str | None = None


class Parameter(Struct, frozen=True):
    """``$name`` or ``${name...}``.

    :attr:`operator` is what follows the name: ``:-``, ``##``, ``/``, ``:`` (substring), ``^^``, ...
    or ``#`` before it as ``length``, ``!`` as ``indirect``. :attr:`index` is the text in brackets.
    """

    range: Range
    name: str
    is_quoted: bool
    operator: str | None = None
    argument: Word | None = None
    replacement: Word | None = None
    index: Word | None = None


class Substitution(Struct, frozen=True):
    """``$(...)`` or backquotes: what commands print."""

    range: Range
    is_quoted: bool
    body: tuple[Command, ...]


class BackQuoted(Struct, frozen=True):
    """Backquotes whose text must be freed of backslashes before it can be parsed."""

    range: Range
    is_quoted: bool
    content: Text


class ArithmeticExpansion(Struct, frozen=True):
    """``$((...))``."""

    range: Range
    is_quoted: bool
    expression: Word


class ProcessSubstitution(Struct, frozen=True):
    """``<(...)`` or ``>(...)``."""

    range: Range
    is_input: bool
    body: tuple[Command, ...]


class Tilde(Struct, frozen=True):
    """``~`` or ``~user`` at the start of a word or after ``=`` and ``:`` of an assignment."""

    range: Range
    user: str


Part = (
    Literal
    | Parameter
    | Substitution
    | BackQuoted
    | ArithmeticExpansion
    | ProcessSubstitution
    | Tilde
)


class Word(Struct, frozen=True):
    """Parts without a blank between them."""

    range: Range
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str | None:
        """The text of a word without quotes and expansions, else None."""
        if len(self.parts) != 1:
            return None
        (only,) = self.parts
        is_bare = isinstance(only, Literal) and not only.is_quoted and only.decoded is None
        return only.range.text.flat if is_bare else None


# --- commands ------------------------------------------------------------------------------


class Assignment(Struct, frozen=True):
    """``NAME=value``; :attr:`items` are those of an array."""

    range: Range
    name: str
    value: Word | None
    items: tuple[Word, ...] | None = None
    index: Word | None = None
    is_append: bool = False


class HereDocument(Struct, frozen=True):
    """The body of ``<<``; :attr:`is_closed` says whether its delimiter was found."""

    body: Word
    delimiter: str
    is_quoted: bool
    is_closed: bool


class Redirect(Struct, frozen=True):
    """A redirection; :attr:`fd` is the number written before it, ``&`` for both outputs.

    :attr:`documents` are the here-documents of the script, by the start of their redirection: they
    follow the line, so they are read after it.
    """

    range: Range
    operator: str
    fd: str | None
    target: Word
    documents: Mapping[int, HereDocument]

    @property
    def document(self) -> HereDocument | None:
        """The here-document that it asks for."""
        return self.documents.get(self.range.span.start)


class Simple(Struct, frozen=True):
    """Assignments, words and redirections."""

    range: Range
    assignments: tuple[Assignment, ...] = ()
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Pipeline(Struct, frozen=True):
    """Commands joined by ``|``, or one with ``!`` before it."""

    range: Range
    commands: tuple[Command, ...]
    is_negated: bool = False


class AndOr(Struct, frozen=True):
    """Two commands joined by ``&&`` or ``||``."""

    range: Range
    left: Command
    operator: str
    right: Command


class Background(Struct, frozen=True):
    """A command followed by ``&``."""

    range: Range
    command: Command


class Subshell(Struct, frozen=True):
    """``( ... )``."""

    range: Range
    body: tuple[Command, ...]
    redirects: tuple[Redirect, ...] = ()


class Group(Struct, frozen=True):
    """``{ ...; }``."""

    range: Range
    body: tuple[Command, ...]
    redirects: tuple[Redirect, ...] = ()


class If(Struct, frozen=True):
    """``if``, each ``elif``, and ``else``."""

    range: Range
    branches: tuple[tuple[tuple[Command, ...], tuple[Command, ...]], ...]
    otherwise: tuple[Command, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class While(Struct, frozen=True):
    """``while`` or ``until``."""

    range: Range
    condition: tuple[Command, ...]
    body: tuple[Command, ...]
    is_until: bool
    redirects: tuple[Redirect, ...] = ()


class For(Struct, frozen=True):
    """``for NAME in words`` (or ``select``); :attr:`words` is None for ``"$@"``."""

    range: Range
    name: str
    words: tuple[Word, ...] | None
    body: tuple[Command, ...]
    redirects: tuple[Redirect, ...] = ()


class ForArithmetic(Struct, frozen=True):
    """``for ((start; test; step))``."""

    range: Range
    header: tuple[Word, ...]
    body: tuple[Command, ...]
    redirects: tuple[Redirect, ...] = ()


class CaseItem(Struct, frozen=True):
    """Patterns, what they do, and how it ends: ``;;``, ``;&`` or ``;;&``."""

    patterns: tuple[Word, ...]
    body: tuple[Command, ...]
    end: str = ";;"


class Case(Struct, frozen=True):
    """``case word in ... esac``."""

    range: Range
    word: Word
    items: tuple[CaseItem, ...]
    redirects: tuple[Redirect, ...] = ()


class Function(Struct, frozen=True):
    """A function definition."""

    range: Range
    name: str
    body: Command


class Conditional(Struct, frozen=True):
    """``[[ ... ]]``: its words, operators among them."""

    range: Range
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()


class ArithmeticCommand(Struct, frozen=True):
    """``(( ... ))``."""

    range: Range
    expression: Word
    redirects: tuple[Redirect, ...] = ()


Command = (
    Simple
    | Pipeline
    | AndOr
    | Background
    | Subshell
    | Group
    | If
    | While
    | For
    | ForArithmetic
    | Case
    | Function
    | Conditional
    | ArithmeticCommand
)


class Problem(Struct, frozen=True):
    """What bash refuses, and where."""

    message: str
    range: Range


class Script(Struct, frozen=True):
    """The commands of a script, line by line as bash reads them, up to what it refuses.

    :attr:`lines` are the complete commands: bash runs each before it reads the next one, so those
    before a :attr:`problem` are run.
    """

    text: Text
    lines: tuple[tuple[Command, ...], ...]
    problem: Problem | None = None
    unclosed: tuple[Redirect, ...] = ()
