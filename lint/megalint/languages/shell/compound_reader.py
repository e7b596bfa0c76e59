"""Read compound commands: groups, tests, loops, ``case``, functions."""

from __future__ import annotations

from abc import abstractmethod

from megalint.languages.shell.syntax import (
    ArithmeticCommand,
    Case,
    CaseItem,
    Command,
    Conditional,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Literal,
    Part,
    Redirect,
    While,
    Word,
)
from megalint.languages.shell.words import META, Refused, WordReader


class CompoundReader(WordReader):
    """The part of the parser for commands that hold others."""

    @abstractmethod
    def body_until(self, *closers: str) -> tuple[Command, ...]:
        """Read commands up to one of the reserved words, which is left to be read."""

    @abstractmethod
    def take(self, word: str) -> None:
        """Take a reserved word."""

    @abstractmethod
    def reserved(self) -> str | None:
        """Return the reserved word that comes next, or None."""

    @abstractmethod
    def redirects(self) -> tuple[Redirect, ...]:
        """Read the redirections behind a compound command."""

    @abstractmethod
    def command(self) -> Command:
        """Read one command."""

    @abstractmethod
    def ended(self, command: Command) -> Command:
        """Take the ``;`` or ``&`` after a command."""

    @abstractmethod
    def and_or(self) -> Command:
        """Read commands joined by ``&&`` and ``||``."""

    @abstractmethod
    def blanks(self) -> None:
        """Skip blanks, continued lines and comments."""

    @abstractmethod
    def skip_lines(self) -> bool:
        """Skip blank lines and comments; whether anything follows."""

    @abstractmethod
    def some_word(self, *, is_assignment: bool = False) -> Word:
        """Read a word; there has to be one."""

    @abstractmethod
    def unexpected(self, at: int | None = None) -> Refused:
        """Return the refusal of what comes next."""

    def read_group(self, start: int) -> Command:
        """Read ``{ ...; }``."""
        self.at += 1
        body = self.body_until("}")
        self.take("}")
        return Group(self.range(start), body, self.redirects())

    def read_if(self, start: int) -> Command:
        """Read ``if``."""
        branches = []
        otherwise: tuple[Command, ...] = ()
        word = "if"
        while word in {"if", "elif"}:
            self.take(word)
            condition = self.body_until("then")
            self.take("then")
            branches.append((condition, self.body_until("elif", "else", "fi")))
            word = self.reserved() or ""
        if word == "else":
            self.take("else")
            otherwise = self.body_until("fi")
        self.take("fi")
        return If(self.range(start), tuple(branches), otherwise, self.redirects())

    def read_while(self, start: int) -> Command:
        """Read ``while`` or ``until``."""
        word = self.reserved() or ""
        self.take(word)
        condition = self.body_until("do")
        body = self._do()
        return While(self.range(start), condition, body, word == "until", self.redirects())

    def _do(self) -> tuple[Command, ...]:
        self.skip_lines()
        if self.reserved() == "{":
            self.take("{")
            body = self.body_until("}")
            self.take("}")
            return body
        self.take("do")
        body = self.body_until("done")
        self.take("done")
        return body

    def read_for(self, start: int) -> Command:
        """Read ``for`` or ``select``."""
        self.at += len(self.reserved() or "")
        self.blanks()
        if self.peek("(("):
            return self._arithmetic_loop(start)
        name = self.word().range.text.flat
        self.skip_lines()
        words: tuple[Word, ...] | None = None
        if self.flat[self.at : self.at + 2] == "in" and self.flat[self.at + 2 : self.at + 3] in {
            *META,
            "",
        }:
            self.at += 2
            words = self._words_of_line()
        self.blanks()
        if self.peek(";"):
            self.at += 1
        return For(self.range(start), name, words, self._do(), self.redirects())

    def _words_of_line(self) -> tuple[Word, ...]:
        found: list[Word] = []
        self.blanks()
        while self.at < len(self.flat) and self.flat[self.at] not in ";\n&|)":
            found.append(self.some_word())
            self.blanks()
        return tuple(found)

    def _arithmetic_loop(self, start: int) -> Command:
        end = self._arithmetic_end(self.at + 2)
        if end is None:
            raise self.unexpected()
        begin, header = self.at + 2, []
        for part in self.flat[begin:end].split(";"):
            header.append(self.document(begin, begin + len(part)))
            begin += len(part) + 1
        self.at = end + 2
        self.blanks()
        if self.peek(";"):
            self.at += 1
        return ForArithmetic(self.range(start), tuple(header), self._do(), self.redirects())

    def read_case(self, start: int) -> Command:
        """Read ``case``."""
        self.take("case")
        self.blanks()
        word = self.some_word()
        self.skip_lines()
        if not self.peek("in"):
            raise self.unexpected()
        self.at += 2
        items = []
        while self.skip_lines() and self.reserved() != "esac":
            items.append(self._case_item())
        self.take("esac")
        return Case(self.range(start), word, tuple(items), self.redirects())

    def _case_item(self) -> CaseItem:
        if self.peek("("):
            self.at += 1
        patterns = []
        while True:
            self.blanks()
            patterns.append(self.some_word())
            self.blanks()
            if not self.peek("|"):
                break
            self.at += 1
        if not self.peek(")"):
            raise self.unexpected()
        self.at += 1
        body, end = self._case_body()
        return CaseItem(tuple(patterns), body, end)

    def _case_body(self) -> tuple[tuple[Command, ...], str]:
        found: list[Command] = []
        while True:
            if not self.skip_lines():
                raise self.refuse("unexpected end of file")
            for end in (";;&", ";;", ";&"):
                if self.peek(end):
                    self.at += len(end)
                    return tuple(found), end
            if self.reserved() == "esac":
                return tuple(found), ";;"
            found.append(self.ended(self.and_or()))

    def read_function(self, start: int) -> Command:
        """Read a definition that begins with ``function``."""
        self.at += len("function")
        self.blanks()
        name = self.word().range.text.flat
        self.blanks()
        if self.peek("("):
            self.at = self.flat.find(")", self.at) + 1
        self.skip_lines()
        return Function(self.range(start), name, self.command())

    def read_conditional(self, start: int) -> Command:
        """Read ``[[ ... ]]``."""
        self.at += 2
        words: list[Word] = []
        while True:
            if not self.skip_lines():
                raise self.refuse("unexpected end of file", start)
            begin = self.at
            if self.peek("]]") and self.flat[self.at + 2 : self.at + 3] in {*META, ""}:
                self.at += 2
                return Conditional(self.range(start), tuple(words), self.redirects())
            if words and words[-1].plain == "=~":
                words.append(self._regular_expression())
                continue
            for operator in ("&&", "||", "(", ")", "<", ">"):
                if self.peek(operator):
                    self.at += len(operator)
                    words.append(self._operator_word(begin))
                    break
            else:
                words.append(self.some_word())

    def _operator_word(self, begin: int) -> Word:
        place = self.range(begin)
        return Word(place, (Literal(place, is_quoted=False),))

    def _regular_expression(self) -> Word:
        """Read the right side of ``=~``: parentheses and bars belong to it."""
        parts: list[Part] = []
        start = self.at
        while self.at < len(self.flat) and self.flat[self.at] not in " \t\n":
            if self.flat[self.at] in META:
                self.at += 1
                parts.append(Literal(self.range(self.at - 1), is_quoted=False))
            else:
                parts.extend(self.word().parts)
        return Word(self.range(start), tuple(parts))

    def read_arithmetic(self) -> Command | None:
        """Read ``(( ... ))``; None where it is a subshell in a subshell."""
        start = self.at
        end = self._arithmetic_end(start + 2)
        if end is None:
            return None
        expression = self.document(start + 2, end)
        self.at = end + 2
        return ArithmeticCommand(self.range(start), expression, self.redirects())
