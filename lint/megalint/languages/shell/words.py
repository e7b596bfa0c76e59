"""Read words: quotes, expansions, here-documents. The lower half of the parser."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final

from megalint.languages.shell.syntax import (
    ArithmeticExpansion,
    BackQuoted,
    Command,
    Literal,
    Parameter,
    Part,
    Problem,
    ProcessSubstitution,
    Range,
    Substitution,
    Tilde,
    Word,
)
from megalint.source import Span
from megalint.text import Text, joined

BLANKS: Final = " \t"
META: Final = " \t\n;&|<>()"
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_DEPTH: Final = 80
_SPECIAL: Final = "@*#?$!-0123456789"
_PLAIN: Final = re.compile(r"[^ \t\n;&|<>()\\'\"$`]+")
_PLAIN_IN_DOUBLE: Final = re.compile(r"[^\\\"$`]+")
_PLAIN_IN_DOCUMENT: Final = re.compile(r"[^\\$`]+")
_PLAIN_IN_BRACES: Final = re.compile(r"[^\\'\"$`}/]+")
_OPERATOR: Final = re.compile(r":?[-=?+]|##?|%%?|/[/#%]?|\^\^?|,,?|@[A-Za-z]|:")
_ESCAPES: Final = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "?": "?",
}
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL
)


class Refused(Exception):
    """Bash would not read this."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def decoded(text: str) -> str:
    """Return *text* with the escapes of ``$'...'`` replaced."""

    def one(match: re.Match[str]) -> str:
        hexadecimal, short, long, octal, letter = match.groups()
        code = hexadecimal or short or long
        if code is not None:
            value = int(code, 16)
            return chr(value) if value < 0x110000 else ""  # noqa: PLR2004 - the end of Unicode
        if octal is not None:
            return chr(int(octal, 8) & 0xFF)
        return _ESCAPES.get(letter, "\\" + letter)

    return _ESCAPE.sub(one, text)


class WordReader(ABC):
    """Reads words from one text; commands inside them are read by the subclass."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.flat = text.flat
        self.at = 0
        self.depth = 0

    @abstractmethod
    def commands_until(self, closer: str) -> tuple[Command, ...]:
        """Read commands up to *closer*, and *closer*."""

    def range(self, start: int, end: int | None = None) -> Range:
        """Return the range from *start* to where the reader is."""
        return Range(self.text, Span(start, self.at if end is None else end))

    def refuse(self, message: str, start: int | None = None) -> Refused:
        """Return the error that ends the parse."""
        begin = min(self.at if start is None else start, len(self.flat))
        return Refused(Problem(message, self.range(begin, min(begin + 1, len(self.flat)))))

    def peek(self, text: str) -> bool:
        """Whether *text* comes next."""
        return self.flat.startswith(text, self.at)

    def word(self, *, is_assignment: bool = False) -> Word:
        """Read one word; the reader stands on its first character."""
        start = self.at
        parts: list[Part] = []
        self._tilde(parts)
        while self.at < len(self.flat):
            char = self.flat[self.at]
            if char in META:
                if char in "<>" and self.flat[self.at + 1 : self.at + 2] == "(":
                    parts.append(self._process())
                    continue
                break
            self._unquoted(parts, char)
            if is_assignment and self.flat[self.at - 1] in ":=":
                self._tilde(parts)
        return Word(self.range(start), tuple(parts))

    def _tilde(self, parts: list[Part]) -> None:
        match = re.compile(r"~([A-Za-z0-9_.+-]*)(?=[/:\s;&|<>()]|$)").match(self.flat, self.at)
        if match is not None:
            self.at = match.end()
            parts.append(Tilde(self.range(match.start()), match[1]))

    def _unquoted(self, parts: list[Part], char: str) -> None:
        start = self.at
        match = _PLAIN.match(self.flat, self.at)
        if match is not None:
            self.at = match.end()
            parts.append(Literal(self.range(start), is_quoted=False))
        elif char == "\\":
            self._escaped(parts)
        elif char == "'":
            self._single(parts)
        elif char == '"':
            self._double(parts)
        elif char == "`":
            parts.append(self._backquoted(is_quoted=False))
        else:
            self._dollar(parts, is_quoted=False)

    def _escaped(self, parts: list[Part]) -> None:
        self.at += 1
        if self.at >= len(self.flat):
            parts.append(Literal(self.range(self.at - 1), is_quoted=True))
        elif self.flat[self.at] == "\n":
            self.at += 1
        else:
            self.at += 1
            parts.append(Literal(self.range(self.at - 1), is_quoted=True))

    def _single(self, parts: list[Part]) -> None:
        start = self.at
        end = self.flat.find("'", start + 1)
        if end < 0:
            raise self.refuse("unexpected EOF while looking for matching `''", start)
        self.at = end + 1
        parts.append(Literal(self.range(start + 1, end), is_quoted=True))

    def _double(self, parts: list[Part]) -> None:
        start = self.at
        self.at += 1
        before = len(parts)
        while True:
            if self.at >= len(self.flat):
                raise self.refuse("unexpected EOF while looking for matching `\"'", start)
            if self.flat[self.at] == '"':
                break
            self._in_double(parts, _PLAIN_IN_DOUBLE, '$`"\\')
        self.at += 1
        if len(parts) == before:
            parts.append(Literal(self.range(start + 1, self.at - 1), is_quoted=True))

    def _in_double(self, parts: list[Part], plain: re.Pattern[str], escapable: str) -> None:
        """Read what is next inside double quotes or a here-document."""
        start = self.at
        match = plain.match(self.flat, start)
        if match is not None:
            self.at = match.end()
            parts.append(Literal(self.range(start), is_quoted=True))
            return
        char, following = self.flat[start], self.flat[start + 1 : start + 2]
        if char == "\\":
            self.at += 2 if following else 1
            if following and following in escapable:
                parts.append(Literal(self.range(start + 1), is_quoted=True))
            elif following != "\n":
                parts.append(Literal(self.range(start), is_quoted=True))
        elif char == "`":
            parts.append(self._backquoted(is_quoted=True))
        elif char == "$":
            self._dollar(parts, is_quoted=True)
        else:
            self.at += 1
            parts.append(Literal(self.range(start), is_quoted=True))

    def _dollar(self, parts: list[Part], *, is_quoted: bool) -> None:
        start = self.at
        following = self.flat[start + 1 : start + 2]
        if self.peek("$((") and (part := self._arithmetic(is_quoted=is_quoted)) is not None:
            parts.append(part)
        elif following == "(":
            self.at += 2
            body = self.commands_until(")")
            parts.append(Substitution(self.range(start), is_quoted, body))
        elif following == "{":
            parts.append(self._braced(is_quoted=is_quoted))
        elif following == "'" and not is_quoted:
            self._ansi(parts)
        elif following == '"' and not is_quoted:
            self.at += 1
            self._double(parts)
        elif (match := NAME.match(self.flat, start + 1)) is not None:
            self.at = match.end()
            parts.append(Parameter(self.range(start), match[0], is_quoted))
        elif following and following in _SPECIAL:
            self.at += 2
            parts.append(Parameter(self.range(start), following, is_quoted))
        else:
            self.at += 1
            parts.append(Literal(self.range(start), is_quoted=is_quoted))

    def _ansi(self, parts: list[Part]) -> None:
        start = self.at
        match = re.compile(r"(?:[^\\']|\\.)*", re.DOTALL).match(self.flat, start + 2)
        end = match.end() if match is not None else start + 2
        if end >= len(self.flat):
            raise self.refuse("unexpected EOF while looking for matching `''", start)
        self.at = end + 1
        text = decoded(self.flat[start + 2 : end])
        parts.append(Literal(self.range(start + 2, end), is_quoted=True, decoded=text))

    def _backquoted(self, *, is_quoted: bool) -> Part:
        start = self.at
        self.at += 1
        pieces: list[Text] = []
        taken = self.at
        while self.at < len(self.flat) and self.flat[self.at] != "`":
            if self.flat[self.at] == "\\" and self.flat[self.at + 1 : self.at + 2] in {
                *"$`\\",
                *('"' if is_quoted else ""),
            }:
                pieces.append(self.text[taken : self.at])
                taken = self.at + 1
                self.at += 1
            self.at += 1
        if self.at >= len(self.flat):
            raise self.refuse("unexpected EOF while looking for matching ``'", start)
        pieces.append(self.text[taken : self.at])
        self.at += 1
        return BackQuoted(self.range(start), is_quoted, joined(pieces))

    def _arithmetic(self, *, is_quoted: bool) -> Part | None:
        start = self.at
        end = self._arithmetic_end(start + 3)
        if end is None:
            return None
        expression = self.document(start + 3, end)
        self.at = end + 2
        return ArithmeticExpansion(self.range(start), is_quoted, expression)

    def _arithmetic_end(self, begin: int) -> int | None:
        """Return where the ``))`` is that closes what *begin* is in, or None."""
        level = 0
        for match in re.compile(r"[()]").finditer(self.flat, begin, begin + 4000):
            if match[0] == "(":
                level += 1
            elif level:
                level -= 1
            else:
                return match.start() if self.flat.startswith("))", match.start()) else None
        return None

    def _process(self) -> Part:
        start = self.at
        self.at += 2
        body = self.commands_until(")")
        return ProcessSubstitution(self.range(start), self.flat[start] == "<", body)

    # --- ${...} ----------------------------------------------------------------------------

    def _braced(self, *, is_quoted: bool) -> Part:
        start = self.at
        self.at += 2
        prefix = self._prefix()
        name = self._parameter_name()
        index = self._index() if name and self.peek("[") else None
        operator, argument, replacement = prefix, None, None
        if name and prefix == "indirect" and self.flat[self.at : self.at + 2] in {"*}", "@}"}:
            self.at += 1  # the names that begin so
        elif name and not self.peek("}"):
            match = _OPERATOR.match(self.flat, self.at)
            operator = match[0] if match is not None and prefix is None else "bad"
            if match is not None and prefix == "indirect":
                operator = f"!{match[0]}"
            self.at = match.end() if match is not None else self.at
            argument = self._braced_word(is_quoted=is_quoted, stop="/" if "/" in operator else "")
            if operator.lstrip("!").startswith("/") and self.peek("/"):
                self.at += 1
                replacement = self._braced_word(is_quoted=is_quoted)
        elif not name:
            operator = "bad"
            argument = self._braced_word(is_quoted=is_quoted)
        if not self.peek("}"):
            raise self.refuse("unexpected EOF while looking for matching `}'", start)
        self.at += 1
        return Parameter(self.range(start), name, is_quoted, operator, argument, replacement, index)

    def _prefix(self) -> str | None:
        following = self.flat[self.at + 1 : self.at + 2]
        if self.peek("#") and following not in {"}", ""} and re.match(r"[\w@*?$!#-]", following):
            self.at += 1
            return "length"
        if self.peek("!") and re.match(r"[\w@*]", following):
            self.at += 1
            return "indirect"
        return None

    def _parameter_name(self) -> str:
        match = NAME.match(self.flat, self.at) or re.compile(r"\d+").match(self.flat, self.at)
        if match is not None:
            self.at = match.end()
            return match[0]
        char = self.flat[self.at : self.at + 1]
        if char and char in _SPECIAL:
            self.at += 1
            return char
        return ""

    def _index(self) -> Word:
        end = self.flat.find("]", self.at)
        if end < 0:
            raise self.refuse("unexpected EOF while looking for matching `]'")
        word = self.document(self.at + 1, end)
        self.at = end + 1
        return word

    def _braced_word(self, *, is_quoted: bool, stop: str = "") -> Word:
        start = self.at
        parts: list[Part] = []
        while self.at < len(self.flat) and self.flat[self.at] != "}":
            char = self.flat[self.at]
            if stop and char == stop and self.at > start:
                break
            match = _PLAIN_IN_BRACES.match(self.flat, self.at)
            begin = self.at
            if match is not None or char == "/":
                self.at = match.end() if match is not None else self.at + 1
                parts.append(Literal(self.range(begin), is_quoted=is_quoted))
            elif is_quoted and char == "'":
                self.at += 1
                parts.append(Literal(self.range(begin), is_quoted=True))
            elif is_quoted and char != '"':
                self._in_double(parts, _PLAIN_IN_BRACES, '$`"\\}')
            else:
                self._unquoted(parts, char)
        return Word(self.range(start), tuple(parts))

    # --- here-documents --------------------------------------------------------------------

    def document(self, start: int, end: int) -> Word:
        """Read *start* to *end* as the body of a here-document that is expanded."""
        reader = self.fork(end)
        reader.at = start
        parts: list[Part] = []
        while reader.at < end:
            reader.read_document_part(parts)
        return Word(Range(self.text, Span(start, end)), tuple(parts))

    def read_document_part(self, parts: list[Part]) -> None:
        """Read what is next in a here-document."""
        self._in_double(parts, _PLAIN_IN_DOCUMENT, "$`\\")

    def fork(self, end: int) -> WordReader:
        """Return a reader of the same text that sees nothing beyond *end*."""
        other = type(self)(self.text)
        other.flat = self.flat[:end]
        other.depth = self.depth + 1
        if other.depth > MAX_DEPTH:
            raise self.refuse("nested too deeply")
        return other
