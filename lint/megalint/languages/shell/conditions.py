"""Tests: ``[ ... ]``, ``test``, ``[[ ... ]]`` and the patterns of ``case``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from megalint.languages.shell import patterns
from megalint.languages.shell.parameters import is_filled
from megalint.languages.shell.state import Status
from megalint.languages.shell.syntax import Word
from megalint.text import OPAQUE, Text

if TYPE_CHECKING:
    from megalint.languages.shell.interpreter import Interpreter

Verdict = bool | None

_NUMBERS: Final = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge"}
_FILES: Final = frozenset("abcdefghkprstuwxLSGON")
_BINARY: Final = frozenset({"=", "==", "!=", "=~", "<", ">", "-nt", "-ot", "-ef"} | _NUMBERS)


def status_of(verdict: Verdict) -> Status:
    """Return the status of a test."""
    return Status.UNKNOWN if verdict is None else Status.OK if verdict else Status.FAIL


def negated(verdict: Verdict) -> Verdict:
    """Return the verdict of ``!``."""
    return None if verdict is None else not verdict


def both(left: Verdict, right: Verdict) -> Verdict:
    """Return the verdict of ``and``."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def matches_any(words: Sequence[Word], subject: Text, shell: Interpreter) -> Verdict:
    """Whether a word of ``case`` matches one of the patterns."""
    is_known = True
    for word in words:
        verdict = matches(word, subject, shell)
        if verdict:
            return True
        is_known = is_known and verdict is not None
    return False if is_known else None


def matches(word: Word, subject: Text, shell: Interpreter) -> Verdict:
    """Whether *subject* matches the pattern *word*."""
    expression = shell.words.pattern(word)
    if expression is None:
        return None
    if subject.known is not None:
        return patterns.matches(expression, subject.flat)
    return True if expression == ".*" else _could_match(expression, subject)


def _could_match(expression: str, subject: Text) -> Verdict:
    """Return False where the known start of *subject* already differs from a plain pattern."""
    start = subject.flat.split(OPAQUE, 1)[0]
    plain = re.sub(r"\\(.)", r"\1", expression)
    is_plain = re.fullmatch(r"(?:[^\\.*\[\]^]|\\.)*", expression) is not None
    return False if is_plain and start and not plain.startswith(start) else None


class _Terms:
    """The words of a test, read one after the other."""

    def __init__(self, shell: Interpreter) -> None:
        self.shell = shell

    def unary(self, operator: str, subject: Text) -> Verdict:
        letter = operator[1:]
        if letter == "n":
            return is_filled(subject)
        if letter == "z":
            return negated(is_filled(subject))
        if letter == "v":
            known = subject.known
            return None if known is None else self.shell.value(known) is not None
        if letter in _FILES and subject.known is not None:
            return self._file(letter, subject)
        return None

    def _file(self, letter: str, name: Text) -> Verdict:
        path = self.shell.path(name)
        found = self.shell.file(path)
        if found is None or not found.is_certain:
            is_folder = any(self.shell.machine.below(path))
            return True if is_folder and letter in "de" else None
        if found.content is None:
            return False
        if letter == "s":
            return is_filled(found.content)
        return True if letter in "efr" else False if letter in "dLhS" else None

    def binary(self, left: Text, operator: str, right: Text) -> Verdict:
        if operator in _NUMBERS:
            return self._numbers(left, operator, right)
        if operator in {"=", "==", "!="}:
            verdict = _equal(left, right)
            return negated(verdict) if operator == "!=" else verdict
        if operator in {"<", ">"} and left.known is not None and right.known is not None:
            return left.flat < right.flat if operator == "<" else left.flat > right.flat
        return None

    def _numbers(self, left: Text, operator: str, right: Text) -> Verdict:
        one, other = self.shell.words.integer(left), self.shell.words.integer(right)
        if one is None or other is None:
            return None
        return {
            "-eq": one == other,
            "-ne": one != other,
            "-lt": one < other,
            "-le": one <= other,
            "-gt": one > other,
            "-ge": one >= other,
        }[operator]


def _equal(left: Text, right: Text) -> Verdict:
    if left.known is not None and right.known is not None:
        return left.flat == right.flat
    for one, other in ((left, right), (right, left)):
        start, end = one.flat.split(OPAQUE, 1)[0], one.flat.rsplit(OPAQUE, 1)[-1]
        has_ends = other.flat.startswith(start) and other.flat.endswith(end)
        if other.known is not None and one.known is None and not has_ends:
            return False
    return None


# --- test and [ -----------------------------------------------------------------------------


def test(words: Sequence[Text], shell: Interpreter) -> Status:
    """Return the status of ``test`` or ``[``, given the words between."""
    verdict, rest = _Test(shell, words).parsed()
    return status_of(verdict if not rest else None)


class _Test(_Terms):
    def __init__(self, shell: Interpreter, words: Sequence[Text]) -> None:
        super().__init__(shell)
        self._words = words
        self._at = 0

    def parsed(self) -> tuple[Verdict, bool]:
        if not self._words:
            return False, False
        verdict = self._or()
        return verdict, self._at < len(self._words)

    def _peek(self, ahead: int = 0) -> str | None:
        place = self._at + ahead
        return self._words[place].flat if place < len(self._words) else None

    def _or(self) -> Verdict:
        verdict = self._and()
        while self._peek() == "-o":
            self._at += 1
            verdict = negated(both(negated(verdict), negated(self._and())))
        return verdict

    def _and(self) -> Verdict:
        verdict = self._not()
        while self._peek() == "-a":
            self._at += 1
            verdict = both(verdict, self._not())
        return verdict

    def _not(self) -> Verdict:
        if self._peek() == "!" and self._peek(1) is not None:
            self._at += 1
            return negated(self._not())
        return self._term()

    def _term(self) -> Verdict:
        first = self._words[self._at] if self._at < len(self._words) else Text()
        operator = self._peek(1)
        if operator in _BINARY and self._peek(2) is not None:
            second = self._words[self._at + 2]
            self._at += 3
            return self.binary(first, operator or "", second)
        if re.fullmatch(r"-[a-zA-Z]", first.flat) and operator is not None:
            self._at += 2
            return self.unary(first.flat, self._words[self._at - 1])
        self._at += 1
        return is_filled(first)


# --- [[ -------------------------------------------------------------------------------------


def conditional(words: Sequence[Word], shell: Interpreter) -> Status:
    """Return the status of ``[[ ... ]]``."""
    reader = _Conditional(shell, words)
    try:
        return status_of(reader.verdict())
    except (IndexError, RecursionError):
        return Status.UNKNOWN


class _Conditional(_Terms):
    def __init__(self, shell: Interpreter, words: Sequence[Word]) -> None:
        super().__init__(shell)
        self._words = words
        self._at = 0

    def _peek(self) -> str | None:
        return self._words[self._at].plain if self._at < len(self._words) else None

    def verdict(self) -> Verdict:
        found = self._and()
        while self._peek() == "||":
            self._at += 1
            found = negated(both(negated(found), negated(self._and())))
        return found

    def _and(self) -> Verdict:
        found = self._not()
        while self._peek() == "&&":
            self._at += 1
            found = both(found, self._not())
        return found

    def _not(self) -> Verdict:
        if self._peek() == "!":
            self._at += 1
            return negated(self._not())
        if self._peek() == "(":
            self._at += 1
            found = self.verdict()
            self._at += 1
            return found
        return self._term()

    def _term(self) -> Verdict:
        first = self._words[self._at]
        name = first.plain or ""
        if re.fullmatch(r"-[a-zA-Z]", name) and self._at + 1 < len(self._words):
            self._at += 2
            return self.unary(name, self.shell.words.text(self._words[self._at - 1]))
        left = self.shell.words.text(first)
        self._at += 1
        operator = self._peek()
        if operator not in _BINARY:
            return is_filled(left)
        right = self._words[self._at + 1]
        self._at += 2
        return self._compared(left, operator or "", right)

    def _compared(self, left: Text, operator: str, right: Word) -> Verdict:
        if operator in {"=", "=="}:
            return matches(right, left, self.shell)
        if operator == "!=":
            return negated(matches(right, left, self.shell))
        if operator == "=~":
            return self._searched(left, right)
        return self.binary(left, operator, self.shell.words.text(right))

    def _searched(self, left: Text, right: Word) -> Verdict:
        expression = self.shell.words.regular_expression(right)
        if expression is None or left.known is None:
            return None
        found = patterns.bounded(expression, left.flat)
        return None if found is None else found.search(left.flat) is not None
