"""Code that replaces placeholders in user data, and that writes user data back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from typing import Final

import libcst as cst
from msgspec import Struct

from megalint.languages.python.evaluate import Evaluator
from megalint.languages.python.scopes import Index, Position
from megalint.languages.python.values import Coded, Namespace, PyValue, Record, alternatives
from megalint.languages.python.walk import last_name, walk
from megalint.project.python_files import PythonFiles
from megalint.project.versions.facts import EncodingMistake, Substitution
from megalint.source import Source
from megalint.text import Text

_WRITERS: Final = frozenset({"create_launch_template_version", "create_launch_template"})
_REPLACING: Final = frozenset({"replace", "sub", "subn"})
_ENOUGH: Final = 2
_COUNTS: Final = frozenset(
    {"count", "find", "rfind", "index", "search", "match", "fullmatch", "findall", "finditer"}
)
_TALK: Final = frozenset(
    {"print", "debug", "info", "warning", "error", "exception", "log", "write"}
)


class Reader(Struct, frozen=True):
    """Reads the Python files that speak of launch templates."""

    files: PythonFiles
    evaluator: Evaluator
    forms: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, files: PythonFiles, evaluator: Evaluator, globs: tuple[str, ...]) -> Reader:
        """Return a reader that takes words like *globs* for placeholders."""
        return cls(files, evaluator, tuple(re.compile(translate(one)) for one in globs))

    def read(self, source: Source) -> Iterator[Substitution | EncodingMistake]:
        """Yield the replacements of a file, and what it gets wrong about base64."""
        index = self.files.of(source)
        for call, at in index.calls if index is not None else ():
            self.evaluator.begin()
            if index is not None:
                yield from self._substitution(index, call, at)
            yield from self._write(call, at)

    def _substitution(
        self, index: Index, call: cst.Call, at: Position
    ) -> Iterator[Substitution | EncodingMistake]:
        named = last_name(call.func)
        if named not in _REPLACING:
            return
        subject = _subject(self.evaluator.value(call.func, at), call)
        if subject is None:
            return
        token = self._token(call.args[0].value, at)
        if token is None:
            return
        value = self.evaluator.value(subject, at)
        check = _Check(self, index, call, at, token, subject)
        place = at.scope.module.place(call)
        if _is_encoded(value):
            yield EncodingMistake(named, place, token)
        else:
            yield Substitution(token, place, check.is_guarded())

    def _token(self, node: cst.CSTNode, at: Position) -> str | None:
        """Return the placeholder that an expression is."""
        for one in alternatives(self.evaluator.value(node, at)):
            text = one.known if isinstance(one, Text) else None
            if text is not None and self.is_placeholder(text):
                return text
        return None

    def is_placeholder(self, text: str) -> bool:
        """Whether a text is, or holds, a word that later steps replace."""
        words = re.findall(r"[A-Za-z0-9_@{}]+", text)
        return any(form.fullmatch(word) for form in self.forms for word in words)

    def _write(self, call: cst.Call, at: Position) -> Iterator[EncodingMistake]:
        name = last_name(call.func)
        if name not in _WRITERS:
            return
        named = self.evaluator.arguments(call, at)[1]
        data = named.get("LaunchTemplateData")
        for one in () if data is None else alternatives(data):
            value = one.get("UserData") if isinstance(one, Record) else None
            if value is not None and _is_encoded(value) is False:
                yield EncodingMistake(name, at.scope.module.place(call.func), None)


def _subject(function: PyValue, call: cst.Call) -> cst.BaseExpression | None:
    """Return the text in which a call replaces something."""
    positional = [one.value for one in call.args if one.keyword is None and not one.star]
    for one in alternatives(function):
        if isinstance(one, Namespace) and one.name in {"re.sub", "re.subn"}:
            return positional[2] if len(positional) > _ENOUGH else None
    is_method = isinstance(call.func, cst.Attribute) and call.func.attr.value == "replace"
    if is_method and isinstance(call.func, cst.Attribute) and len(positional) >= _ENOUGH:
        return call.func.value
    return None


def _is_encoded(value: PyValue) -> bool | None:
    """Whether a value is in base64; None where that is not known."""
    states: set[bool | None] = set()
    for one in alternatives(value):
        if isinstance(one, Coded):
            states.add(one.is_encoded)
        elif isinstance(one, Text) and one.flat.lstrip().startswith(("#!", "#cloud-config")):
            states.add(False)
        else:
            states.add(None)
    return states.pop() if len(states) == 1 else None


class _Check(Struct, frozen=True):
    """One replacement, and whether code looks if there was something to replace."""

    reader: Reader
    index: Index
    call: cst.Call
    at: Position
    token: str
    subject: cst.BaseExpression

    def is_guarded(self) -> bool:
        """Whether a test, a count or a helper looks at the placeholder."""
        if any(self._tells(test, place) for test, place in self._tests(self.index, self.at)):
            return True
        if any(self._is_asked(call, place) for call, place in self._calls()):
            return True
        return any(self._is_checked_by_caller(index, at) for index, at in self._callers())

    def _tests(self, index: Index, at: Position) -> Iterator[tuple[cst.BaseExpression, Position]]:
        return ((test, place) for test, place in index.tests if place.scope is at.scope)

    def _calls(self) -> Iterator[tuple[cst.Call, Position]]:
        return ((one, at) for one, at in self.index.calls if at.scope is self.at.scope)

    def _callers(self) -> Iterator[tuple[Index, Position]]:
        function = self.at.scope.node
        if isinstance(function, cst.FunctionDef):
            for _, at in self.reader.files.callers(function.name.value, self.at.scope):
                yield self.reader.files.index(at.scope), at

    def _is_checked_by_caller(self, index: Index, at: Position) -> bool:
        tests = self._tests(index, at)
        return any(self._names_token(node, place) for test, place in tests for node in walk(test))

    def _tells(self, test: cst.BaseExpression, place: Position) -> bool:
        """Whether a test tells that the placeholder is there, or was replaced."""
        checks = set(self._names_of_checks())
        for node in walk(test):
            if isinstance(node, cst.Comparison) and self._compares(node, place):
                return True
            if isinstance(node, cst.Name) and node.value in checks:
                return True
            if isinstance(node, cst.Call) and self._is_look(node):
                return True
        return False

    def _compares(self, node: cst.Comparison, place: Position) -> bool:
        results = set(self._names_of_results())
        subject = _name(self.subject)
        for target in node.comparisons:
            left, right = node.left, target.comparator
            if isinstance(target.operator, cst.In | cst.NotIn):
                if self._is_token(left, place):
                    is_late = place.order > self.at.order and _name(right) in results
                    return not is_late
                return _name(right) in results
            names = {_name(left), _name(right)}
            if subject in names and (names & results or self.call in (left, right)):
                return True
        return False

    def _is_asked(self, call: cst.Call, place: Position) -> bool:
        """Whether a call looks for the placeholder, or a helper of the checkout is given it."""
        name = last_name(call.func)
        if call is self.call or not name:
            return False
        is_given = any(self._is_token(one.value, place) for one in call.args)
        if name == "index":
            return is_given
        is_helper = name not in _COUNTS | _TALK | {"replace", "sub", "subn", "escape", "get"}
        return is_given and is_helper and isinstance(call.func, cst.Name)

    def _names_token(self, node: cst.CSTNode, place: Position) -> bool:
        return isinstance(node, cst.BaseExpression) and self._is_token(node, place)

    def _is_token(self, node: cst.CSTNode, place: Position) -> bool:
        if not isinstance(node, cst.Name | cst.Attribute | cst.SimpleString | cst.Call):
            return False
        found = self.reader.evaluator.value(node, place)
        return any(isinstance(one, Text) and one.known == self.token for one in alternatives(found))

    def _names_of_results(self) -> Iterator[str]:
        """Yield the names that are given the replaced text."""
        for bindings in self.at.scope.bindings.values():
            for one in bindings:
                is_whole = not one.index or one.index == (0,)
                if is_whole and any(node is self.call for node in walk(one.node)):
                    yield one.name

    def _names_of_checks(self) -> Iterator[str]:
        """Yield the names of counts and answers: how often the placeholder was there."""
        for bindings in self.at.scope.bindings.values():
            for one in bindings:
                parts = list(walk(one.node))
                is_count = one.index == (1,) and any(node is self.call for node in parts)
                is_answer = one.kind == "assign" and any(map(self._is_look, parts))
                if is_count or is_answer:
                    yield one.name

    def _is_look(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Comparison):
            return self._compares(node, self.at)
        if isinstance(node, cst.Call) and last_name(node.func) in _COUNTS:
            return any(self._is_token(one.value, self.at) for one in node.args)
        return False


def _name(node: cst.CSTNode) -> str:
    """Return how an expression is called, for comparing one with another."""
    match node:
        case cst.Name(value):
            return value
        case cst.Subscript():
            return f"{_name(node.value)}[...]"
        case cst.Attribute():
            return f"{_name(node.value)}.{node.attr.value}"
        case _:
            return ""
