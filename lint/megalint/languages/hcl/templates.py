"""Read templates: ``${}``, ``%{}``, their escapes and ``~``, in strings, documents and files."""

from __future__ import annotations

import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from megalint.languages.hcl.syntax import (
    Expression,
    ForDirective,
    IfDirective,
    Interpolation,
    Problem,
    Template,
    TemplatePart,
    TextPart,
)
from megalint.languages.hcl.tokens import NAME, Refused, Scanner
from megalint.source import Span

MAX_DEPTH: Final = 60
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_STRETCH: Final = re.compile(r"[^$%\"\\\n]+")
_STRETCH_IN_FILE: Final = re.compile(r"[^$%]+")
_DIRECTIVE: Final = re.compile(r"\s*(?P<word>if|else|endif|for|endfor)\b")


class _Directive:
    """A ``%{ ... }`` that was read: its word, what follows it, and whether ``~`` strips."""

    def __init__(self, word: str, start: int) -> None:
        self.word = word
        self.start = start
        self.condition: Expression | None = None
        self.names: tuple[str | None, str] = (None, "")
        self.trims = False


class TemplateReader(Scanner, ABC):
    """The half of the parser that reads templates.

    Where it :attr:`recovers`, what Terraform refuses is kept, and read as plain text.
    """

    recovers = False

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problems: list[Problem] = []
        self.depth = 0

    def deeper(self) -> None:
        """Note that what follows is nested; refuse it where it is so too deeply."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse("nested too deeply")

    @abstractmethod
    def expression(self) -> Expression:
        """Read an expression."""

    def quoted(self) -> Template:
        """Read a string in double quotes."""
        start = self.at
        self.at += 1
        parts = self.template_parts(len(self.text), is_quoted=True)
        self.at += 1
        return Template(Span(start, self.at), parts)

    def heredoc(self, match: re.Match[str]) -> Template:
        """Read a here-document; ``<<-`` takes the common indentation off every line."""
        start = self.at
        closing = re.compile(rf"^[ \t]*{re.escape(match['name'])}[ \t]*\r?$", re.MULTILINE)
        end = closing.search(self.text, match.end())
        if end is None:
            raise self.refuse(f"the here-document has no `{match['name']}` at its end", start)
        self.at = match.end()
        parts = self.template_parts(end.start(), is_quoted=False)
        self.at = end.end() - (1 if end[0].endswith("\r") else 0)
        is_indented = match["dash"] is not None
        if is_indented:
            parts = _unindented(self.text, parts)
        return Template(Span(start, self.at), parts, True, is_indented)

    def template_parts(self, end: int, *, is_quoted: bool) -> tuple[TemplatePart, ...]:
        """Read the parts of a template up to *end*, or to the closing quote."""
        parts, directive = self._parts(end, is_quoted=is_quoted)
        if directive is not None:
            raise self.refuse(f"unexpected {directive.word}", directive.start)
        return tuple(parts)

    def _parts(self, end: int, *, is_quoted: bool) -> tuple[list[TemplatePart], _Directive | None]:
        """Read parts until a directive that closes or continues an outer one."""
        found: list[TemplatePart] = []
        trims = False
        stretch = _STRETCH if is_quoted else _STRETCH_IN_FILE
        while self.at < end:
            before = len(found)
            if is_quoted and self.peek('"'):
                return found, None
            if self.peek("${"):
                trims = self._interpolation_or_text(found, end)
                continue
            if self.peek("%{"):
                read = self._directive_or_text(found, end)
                if read is None:
                    continue
                directive, trims_after = read
                if directive.word in {"else", "endif", "endfor"}:
                    directive.trims = trims_after
                    return found, directive
                self._block(directive, found, end, is_quoted=is_quoted, trims=trims_after)
                trims = self._block_trims
                continue
            self._text(found, stretch, end, is_quoted=is_quoted)
            if trims and len(found) > before:
                found[before:] = _left_trimmed(self.text, found[before:])
                trims = not found[before:]
        if is_quoted:
            raise self.refuse("the string has no closing quote")
        return found, None

    _block_trims = False

    def _text(
        self, found: list[TemplatePart], stretch: re.Pattern[str], end: int, *, is_quoted: bool
    ) -> None:
        start = self.at
        match = stretch.match(self.text, start, end)
        if match is not None:
            self.at = match.end()
            found.append(TextPart(Span(start, self.at)))
        elif self.peek("$${") or self.peek("%%{"):
            self.at += 3
            found.append(TextPart(Span(start + 1, self.at)))
        elif is_quoted and self.peek("\\"):
            found.append(self._escape())
        elif is_quoted and self.peek("\n"):
            raise self.refuse("a string may not go over a line end")
        else:
            self.at += 1
            found.append(TextPart(Span(start, self.at)))

    def _escape(self) -> TextPart:
        start = self.at
        letter = self.text[start + 1 : start + 2]
        if letter in {"u", "U"}:
            size = 4 if letter == "u" else 8
            digits = self.text[start + 2 : start + 2 + size]
            if (
                not re.fullmatch(rf"[0-9a-fA-F]{{{size}}}", digits)
                or int(digits, 16) > sys.maxunicode
            ):
                raise self.refuse("an escape is not valid here")
            self.at += 2 + size
            return TextPart(Span(start, self.at), chr(int(digits, 16)))
        if letter not in _ESCAPES:
            raise self.refuse("an escape is not valid here")
        self.at += 2
        return TextPart(Span(start, self.at), _ESCAPES[letter])

    def _interpolation_or_text(self, found: list[TemplatePart], end: int) -> bool:
        start, inside, depth = self.at, self.inside, self.depth
        try:
            return self._interpolation(found)
        except Refused as refusal:
            self._skip_refused(refusal, found, start, end)
            self.inside, self.depth = inside, depth
            return False

    def _directive_or_text(
        self, found: list[TemplatePart], end: int
    ) -> tuple[_Directive, bool] | None:
        start, inside, depth = self.at, self.inside, self.depth
        try:
            return self._directive(found)
        except Refused as refusal:
            self._skip_refused(refusal, found, start, end)
            self.inside, self.depth = inside, depth
            return None

    def _skip_refused(
        self, refusal: Refused, found: list[TemplatePart], start: int, end: int
    ) -> None:
        """Keep what is refused and go on behind it, or raise it where nothing recovers."""
        if not self.recovers:
            raise refusal
        line = self.text.find("\n", start, end)
        close = self.text.find("}", start, end if line < 0 else line)
        self.at = start + 2 if close < 0 else close + 1
        span = Span(start, self.at)
        self.problems.append(Problem(refusal.problem.message, span))
        found.append(TextPart(span))

    def _interpolation(self, found: list[TemplatePart]) -> bool:
        start = self.at
        self.at += 2
        if self.peek("~"):
            self.at += 1
            found[:] = _right_trimmed(self.text, found)
        expression = self._inner("${", start)
        after = self.peek("~")
        self.at += after
        if not self.peek("}"):
            raise self.refuse(_extra(self.text, self.at))
        self.at += 1
        found.append(Interpolation(Span(start, self.at), expression))
        return after

    def _inner(self, opener: str, start: int) -> Expression:
        """Read the expression of an interpolation or a directive."""
        outer, self.inside = self.inside, 1
        try:
            self.skip()
            if self.at >= len(self.text):
                raise self.refuse(f"`{opener}` is never closed", start)
            expression = self.expression()
            self.skip()
        finally:
            self.inside = outer
        return expression

    def _directive(self, found: list[TemplatePart]) -> tuple[_Directive, bool]:
        start = self.at
        self.at += 2
        if self.peek("~"):
            self.at += 1
            found[:] = _right_trimmed(self.text, found)
        match = _DIRECTIVE.match(self.text, self.at)
        if match is None:
            raise self.refuse(
                "`%{` begins a template directive: if, else, endif, for or endfor", start
            )
        self.at = match.end()
        directive = _Directive(match["word"], start)
        if directive.word == "if":
            directive.condition = self._inner("%{", start)
        elif directive.word == "for":
            directive.names = self.for_names()
            directive.condition = self._inner("%{", start)
        self.skip()
        after = self.peek("~")
        self.at += after
        if not self.peek("}"):
            raise self.refuse("`}` is wanted here")
        self.at += 1
        return directive, after

    def for_names(self) -> tuple[str | None, str]:
        """Read ``x in`` or ``k, v in``."""
        names: list[str] = []
        while True:
            self.skip()
            match = NAME.match(self.text, self.at)
            if match is None:
                raise self.refuse("a name is wanted here")
            self.at = match.end()
            if match[0] == "in" and names:
                break
            names.append(match[0])
            self.skip()
            if self.peek(","):
                self.at += 1
        return (names[0], names[1]) if len(names) > 1 else (None, names[0])

    def _block(
        self,
        opener: _Directive,
        found: list[TemplatePart],
        end: int,
        *,
        is_quoted: bool,
        trims: bool,
    ) -> None:
        self.deeper()
        first, closer = self._branch(end, is_quoted=is_quoted, trims=trims)
        second: list[TemplatePart] = []
        if closer is not None and closer.word == "else" and opener.word == "if":
            second, closer = self._branch(end, is_quoted=is_quoted, trims=closer.trims)
        wanted = "endif" if opener.word == "if" else "endfor"
        if closer is None or closer.word != wanted or opener.condition is None:
            raise self.refuse(f"`%{{ {opener.word} }}` has no `%{{ {wanted} }}`", opener.start)
        self.depth -= 1
        self._block_trims = closer.trims
        span = Span(opener.start, self.at)
        if opener.word == "if":
            found.append(IfDirective(span, opener.condition, tuple(first), tuple(second)))
        else:
            key, value = opener.names
            found.append(ForDirective(span, key, value, opener.condition, tuple(first)))

    def _branch(
        self, end: int, *, is_quoted: bool, trims: bool
    ) -> tuple[list[TemplatePart], _Directive | None]:
        parts, closer = self._parts(end, is_quoted=is_quoted)
        return (_left_trimmed(self.text, parts) if trims else parts), closer


def _extra(text: str, at: int) -> str:
    """Return the words for what Terraform says of a shell expansion in a template."""
    if text.startswith(":", at):
        return "a template interpolation expects no colon: `$${` keeps it for the shell"
    return "extra characters after the interpolation: `$${` keeps it for the shell"


def _content(text: str, part: TextPart) -> str:
    return text[part.span.start : part.span.end] if part.decoded is None else part.decoded


def _right_trimmed(text: str, parts: Sequence[TemplatePart]) -> list[TemplatePart]:
    """Return the parts without the blanks at the end, as far as the last line goes.

    Terraform strips one token, and a line end closes a token (measured with 1.11).
    """
    found = list(parts)
    part = found[-1] if found else None
    if isinstance(part, TextPart):
        found.pop()
        content = _content(text, part)
        start = content.rfind("\n", 0, len(content) - 1) + 1
        kept = start + len(content[start:].rstrip())
        if kept:
            found.append(_cut(part, 0, kept, content[:kept]))
    return found


def _left_trimmed(text: str, parts: Sequence[TemplatePart]) -> list[TemplatePart]:
    """Return the parts without the blanks at the start, as far as the first line goes."""
    found = list(parts)
    part = found[0] if found else None
    if isinstance(part, TextPart):
        found.pop(0)
        content = _content(text, part)
        end = content.find("\n") + 1 or len(content)
        cut = end - len(content[:end].lstrip())
        if cut < len(content):
            found.insert(0, _cut(part, cut, len(content), content[cut:]))
    return found


def _cut(part: TextPart, start: int, end: int, kept: str) -> TextPart:
    if part.decoded is not None:
        return replace(part, decoded=kept)
    return TextPart(Span(part.span.start + start, part.span.start + end))


def _unindented(text: str, parts: tuple[TemplatePart, ...]) -> tuple[TemplatePart, ...]:
    """Return the parts without the indentation that all their lines share."""
    widths: list[int] = []
    is_start = True
    for part in parts:
        if isinstance(part, TextPart):
            for line in text[part.span.start : part.span.end].splitlines(keepends=True):
                if is_start and line.strip():
                    widths.append(len(line) - len(line.lstrip(" \t")))
                is_start = line.endswith("\n")
        else:
            if is_start:
                widths.append(0)
            is_start = False
    width = min(widths, default=0)
    return tuple(_without_indent(text, parts, width)) if width else parts


def _without_indent(
    text: str, parts: tuple[TemplatePart, ...], width: int
) -> Sequence[TemplatePart]:
    found: list[TemplatePart] = []
    is_start = True
    for part in parts:
        if not isinstance(part, TextPart):
            found.append(part)
            is_start = False
            continue
        at = part.span.start
        for line in text[at : part.span.end].splitlines(keepends=True):
            skip = min(width, len(line) - len(line.lstrip(" \t"))) if is_start else 0
            if len(line) > skip:
                found.append(TextPart(Span(at + skip, at + len(line))))
            at += len(line)
            is_start = line.endswith("\n")
    return found
