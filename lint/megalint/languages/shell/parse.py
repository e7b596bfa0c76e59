r"""Read commands as bash does: line by line, with the here-documents that a line asks for.

No grammar at hand would do: tree-sitter-bash 0.25 takes ``EOF `` for the delimiter ``EOF``, ``\ ``
for a continued line and refuses two here-documents in one command, and bashlex reads no ``case``.
Each of them is a launch that does not happen. ``tests/oracle/shell`` compares this with bash.
"""

from __future__ import annotations

import re
from typing import Final

from megalint.languages.shell.compound_reader import CompoundReader
from megalint.languages.shell.syntax import (
    AndOr,
    Assignment,
    Background,
    Command,
    Function,
    HereDocument,
    Literal,
    Pipeline,
    Problem,
    Redirect,
    Script,
    Simple,
    Subshell,
    Word,
)
from megalint.languages.shell.words import BLANKS, MAX_DEPTH, META, Refused
from megalint.text import Text

_REDIRECT: Final = re.compile(
    r"(?P<fd>\d+|\{[A-Za-z_]\w*\})?(?P<op>&>>|&>|<<<|<<-|<<|<&|<>|<(?!\()|>>|>\||>&|>(?!\())"
)
_ASSIGNMENT: Final = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<index>\[[^\]\n]*\])?(?P<append>\+)?=")
_FUNCTION: Final = re.compile(r"(?P<name>[^\s;&|<>()$'\"`\\={}]+)[ \t]*\([ \t]*\)")
_RESERVED: Final = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for"}
    | {"select", "function", "{", "}", "!", "[[", "time"}
)
_LONGEST: Final = max(map(len, _RESERVED))
_DECLARATIONS: Final = frozenset({"export", "declare", "local", "readonly", "typeset"})
_CLOSERS: Final = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "}"})


def parse(text: Text) -> Script:
    """Return the script that *text* is; what bash refuses is its :attr:`~Script.problem`."""
    reader = _Reader(text)
    lines: list[tuple[Command, ...]] = []
    problem: Problem | None = None
    try:
        while reader.skip_lines():
            lines.append(reader.line())
    except Refused as refusal:
        problem = refusal.problem
    except RecursionError:
        problem = Problem("nested too deeply", reader.range(reader.at))
    return Script(text, tuple(lines), problem, tuple(reader.unclosed))


class _Reader(CompoundReader):
    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self._pending: list[tuple[int, Redirect, str, bool, bool]] = []
        self._documents: dict[int, HereDocument] = {}
        self.unclosed: list[Redirect] = []

    # --- blanks, comments, line ends -------------------------------------------------------

    def blanks(self) -> None:
        """Skip blanks, continued lines and comments."""
        while self.at < len(self.flat):
            char = self.flat[self.at]
            if char in BLANKS:
                self.at += 1
            elif char == "\\" and self.flat[self.at + 1 : self.at + 2] == "\n":
                self.at += 2
            elif char == "#":
                end = self.flat.find("\n", self.at)
                self.at = len(self.flat) if end < 0 else end
            else:
                return

    def _newline(self) -> None:
        """Take a line end, and the here-documents that begin after it."""
        self.at += 1
        pending, self._pending = self._pending, []
        for key, redirect, delimiter, is_quoted, strips in pending:
            self._documents[key] = self._here(redirect, delimiter, is_quoted, strips=strips)

    def skip_lines(self) -> bool:
        """Skip blank lines and comments; whether anything follows."""
        self.blanks()
        while self.at < len(self.flat) and self.flat[self.at] == "\n":
            self._newline()
            self.blanks()
        return self.at < len(self.flat)

    def _here(
        self, redirect: Redirect, delimiter: str, is_quoted: bool, *, strips: bool
    ) -> HereDocument:
        start = self.at
        lines: list[tuple[int, int]] = []
        is_closed = False
        while self.at < len(self.flat):
            end = self.flat.find("\n", self.at)
            end = len(self.flat) if end < 0 else end
            begin = self.at
            while strips and begin < end and self.flat[begin] == "\t":
                begin += 1
            self.at = min(end + 1, len(self.flat))
            if self.flat[begin:end] == delimiter:
                is_closed = True
                break
            lines.append((begin, self.at))
        if not is_closed:
            self.unclosed.append(redirect)
        return HereDocument(self._body(start, lines, is_quoted), delimiter, is_quoted, is_closed)

    def _body(self, start: int, lines: list[tuple[int, int]], is_quoted: bool) -> Word:
        end = lines[-1][1] if lines else start
        if is_quoted:
            parts = tuple(
                Literal(self.range(a, b), is_quoted=True) for a, b in _merged(lines) if b > a
            )
            return Word(self.range(start, end), parts)
        if len(_merged(lines)) <= 1:
            return self.document(start, end)
        words = [self.document(a, b) for a, b in lines]
        return Word(self.range(start, end), tuple(part for word in words for part in word.parts))

    # --- lists -----------------------------------------------------------------------------

    def line(self) -> tuple[Command, ...]:
        """Read the commands up to the end of the line."""
        found: list[Command] = []
        while True:
            found.append(self.ended(self.and_or()))
            self.blanks()
            if self.at >= len(self.flat):
                self._unclosed_at_end()
                return tuple(found)
            if self.flat[self.at] == "\n":
                self._newline()
                return tuple(found)
            if self.flat[self.at] in ")" or self.reserved() in _CLOSERS:
                raise self.unexpected()

    def _unclosed_at_end(self) -> None:
        """Give what was asked for on the last line an empty body."""
        for key, redirect, delimiter, is_quoted, _ in self._pending:
            self.unclosed.append(redirect)
            empty = Word(self.range(self.at), ())
            self._documents[key] = HereDocument(empty, delimiter, is_quoted, is_closed=False)
        self._pending = []

    def ended(self, command: Command) -> Command:
        """Take the ``;`` or ``&`` after a command; without one only an end may follow."""
        self.blanks()
        if self.peek("&") and not self.peek("&&"):
            self.at += 1
            return Background(command.range, command)
        if self.peek(";") and not self.peek(";;") and not self.peek(";&"):
            self.at += 1
        elif not self._is_end():
            raise self.unexpected()
        return command

    def _is_end(self) -> bool:
        is_mark = self.flat[self.at : self.at + 1] in {"", "\n", ")", ";"}
        return is_mark or self.reserved() in _CLOSERS

    def body_until(self, *closers: str) -> tuple[Command, ...]:
        """Read commands up to one of the reserved words, which is left to be read."""
        found: list[Command] = []
        while True:
            if not self.skip_lines():
                raise self.refuse("unexpected end of file")
            word = self.reserved()
            if word in closers:
                if not found:
                    raise self.unexpected()
                return tuple(found)
            if word in _CLOSERS or self.flat[self.at] == ")":
                raise self.unexpected()
            found.append(self.ended(self.and_or()))

    def commands_until(self, closer: str) -> tuple[Command, ...]:
        """Read the commands of ``( ... )`` or ``$( ... )``, and the closing parenthesis."""
        start = self.at
        self._deeper(start)
        found: list[Command] = []
        while True:
            if not self.skip_lines():
                raise self.refuse(f"unexpected EOF while looking for matching `{closer}'", start)
            if self.peek(closer):
                break
            if self.reserved() in _CLOSERS:
                raise self.unexpected()
            found.append(self.ended(self.and_or()))
        self.at += 1
        self.depth -= 1
        return tuple(found)

    def _deeper(self, start: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse("nested too deeply", start)

    def and_or(self) -> Command:
        """Read commands joined by ``&&`` and ``||``."""
        left = self._pipeline()
        while True:
            self.blanks()
            operator = self.flat[self.at : self.at + 2]
            if operator not in {"&&", "||"}:
                return left
            self.at += 2
            self._after_operator()
            right = self._pipeline()
            left = AndOr(left.range.to(right.range), left, operator, right)

    def _after_operator(self) -> None:
        if not self.skip_lines():
            raise self.refuse("unexpected end of file")

    def _pipeline(self) -> Command:
        start = self.at
        is_negated = False
        while (word := self.reserved()) in {"!", "time"}:
            self.at += len(word or "")
            is_negated ^= word == "!"
            self.blanks()
            if word == "time" and self.peek("-p "):
                self.at += 2
                self.blanks()
        commands = [self.command()]
        while True:
            self.blanks()
            if not self.peek("|") or self.peek("||"):
                break
            self.at += 2 if self.peek("|&") else 1
            self._after_operator()
            commands.append(self.command())
        if len(commands) == 1 and not is_negated:
            return commands[0]
        return Pipeline(self.range(start), tuple(commands), is_negated)

    # --- compound commands -----------------------------------------------------------------

    def reserved(self) -> str | None:
        """Return the reserved word that comes next, or None."""
        end = self.at
        while end < len(self.flat) and self.flat[end] not in META and end - self.at <= _LONGEST:
            end += 1
        word = self.flat[self.at : end]
        return word if word in _RESERVED else None

    def take(self, word: str) -> None:
        """Take a reserved word."""
        self.skip_lines()
        if self.reserved() != word:
            raise (
                self.unexpected()
                if self.at < len(self.flat)
                else self.refuse("unexpected end of file")
            )
        self.at += len(word)

    def command(self) -> Command:
        """Read one command."""
        start = self.at
        self._deeper(start)
        try:
            if self.at >= len(self.flat) or self.flat[self.at] == "\n":
                raise self.unexpected()
            if self.peek("((") and (arithmetic := self.read_arithmetic()) is not None:
                return arithmetic
            if self.peek("("):
                self.at += 1
                body = self.commands_until(")")
                if not body:
                    raise self.unexpected(self.at - 1)
                return Subshell(self.range(start), body, self.redirects())
            read = {
                "{": self.read_group,
                "if": self.read_if,
                "while": self.read_while,
                "until": self.read_while,
                "for": self.read_for,
                "select": self.read_for,
                "case": self.read_case,
                "function": self.read_function,
                "[[": self.read_conditional,
            }.get(self.reserved() or "")
            if read is not None:
                return read(start)
            return self._function_or_simple(start)
        finally:
            self.depth -= 1

    # --- simple commands -------------------------------------------------------------------

    def _function_or_simple(self, start: int) -> Command:
        match = _FUNCTION.match(self.flat, self.at)
        if match is not None and self.reserved() is None:
            self.at = match.end()
            if not self.skip_lines():
                raise self.refuse("unexpected end of file")
            return Function(self.range(start), match["name"], self.command())
        if self.reserved() in _CLOSERS:
            raise self.unexpected()
        return self._simple(start)

    def _simple(self, start: int) -> Command:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        end = self.at
        while True:
            self.blanks()
            if self.at >= len(self.flat):
                break
            if (redirect := self._redirect()) is not None:
                redirects.append(redirect)
            elif self.flat[self.at] in META and not self._is_process():
                if self.peek("("):
                    raise self.unexpected()
                break
            elif not words and _ASSIGNMENT.match(self.flat, self.at):
                assignments.append(self._assignment())
            else:
                words.append(self._argument(words))
            end = self.at
        if end == start:
            raise self.unexpected()
        place = self.range(start, end)
        return Simple(place, tuple(assignments), tuple(words), tuple(redirects))

    def _is_process(self) -> bool:
        return self.peek("<(") or self.peek(">(")

    def _argument(self, words: list[Word]) -> Word:
        """Read an argument; ``export`` and its like take arrays."""
        match = _ASSIGNMENT.match(self.flat, self.at)
        is_declaration = bool(words) and words[0].plain in _DECLARATIONS
        if match and is_declaration and self.flat[match.end() : match.end() + 1] == "(":
            start = self.at
            self._assignment()
            return Word(self.range(start), (Literal(self.range(start), is_quoted=True),))
        return self.some_word(is_assignment=match is not None)

    def some_word(self, *, is_assignment: bool = False) -> Word:
        """Read a word; there has to be one."""
        start = self.at
        word = self.word(is_assignment=is_assignment)
        if self.at == start:
            raise self.unexpected()
        return word

    def _assignment(self) -> Assignment:
        start = self.at
        match = _ASSIGNMENT.match(self.flat, start)
        assert match is not None
        self.at = match.end()
        index = None
        if match["index"] is not None:
            index = self.document(match.start("index") + 1, match.end("index") - 1)
        items = value = None
        if self.peek("("):
            items = self._items()
        else:
            value = self.word(is_assignment=True)
        return Assignment(
            self.range(start), match["name"], value, items, index, match["append"] is not None
        )

    def _items(self) -> tuple[Word, ...]:
        self.at += 1
        found: list[Word] = []
        while True:
            if not self.skip_lines():
                raise self.refuse("unexpected EOF while looking for matching `)'")
            if self.peek(")"):
                self.at += 1
                return tuple(found)
            found.append(self.some_word())

    # --- redirections ----------------------------------------------------------------------

    def redirects(self) -> tuple[Redirect, ...]:
        """Read the redirections behind a compound command."""
        found: list[Redirect] = []
        while True:
            self.blanks()
            redirect = self._redirect()
            if redirect is None:
                return tuple(found)
            found.append(redirect)

    def _redirect(self) -> Redirect | None:
        match = _REDIRECT.match(self.flat, self.at)
        if match is None:
            return None
        start = self.at
        self.at = match.end()
        operator = match["op"]
        fd = "&" if operator.startswith("&") else match["fd"]
        self.blanks()
        if self.at >= len(self.flat) or self.flat[self.at] == "\n":
            raise self.unexpected()
        target = self.some_word()
        redirect = Redirect(self.range(start), operator, fd, target, self._documents)
        if operator in {"<<", "<<-"}:
            self._ask(redirect, target)
        return redirect

    def _ask(self, redirect: Redirect, target: Word) -> None:
        """Remember that a here-document follows the line."""
        delimiter = "".join(
            one.decoded
            if isinstance(one, Literal) and one.decoded is not None
            else one.range.text.flat
            for one in target.parts
        )
        is_quoted = any(isinstance(one, Literal) and one.is_quoted for one in target.parts)
        key = redirect.range.span.start
        self._pending.append((key, redirect, delimiter, is_quoted, redirect.operator == "<<-"))

    # --- refusals --------------------------------------------------------------------------

    def unexpected(self, at: int | None = None) -> Refused:
        """Return the refusal of what comes next."""
        start = self.at if at is None else at
        if start >= len(self.flat):
            return self.refuse("unexpected end of file")
        match = re.compile(r"\n|;;|&&|\|\||[;&|<>()]|[^\s;&|<>()]+").match(self.flat, start)
        token = match[0] if match is not None else self.flat[start]
        shown = "newline" if token == "\n" else token
        end = start + len(token)
        return Refused(
            Problem(f"syntax error near unexpected token `{shown}'", self.range(start, end))
        )


def _merged(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ranges with those that touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in lines:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
