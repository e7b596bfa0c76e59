"""Read HCL and Terraform templates: a file, or a template with the same expressions in it.

Written for both because a template file is no HCL file, and must be read with the grammar that
Terraform reads it with: ``tests/oracle/terraform`` compares rendering and refusals.
"""

from __future__ import annotations

import re
from typing import Final

from megalint.languages.hcl.syntax import (
    Argument,
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    File,
    For,
    Index,
    Literal,
    Object,
    Problem,
    Splat,
    Template,
    Tuple,
    Unary,
    Variable,
)
from megalint.languages.hcl.templates import TemplateReader
from megalint.languages.hcl.tokens import NAME, Refused
from megalint.numerals import is_whole
from megalint.source import Source, Span

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_HEREDOC: Final = re.compile(r"<<(?P<dash>-)?(?P<name>[A-Za-z_][\w-]*)[ \t]*\r?\n")
_LEVELS: Final = (
    ("||",),
    ("&&",),
    ("==", "!="),
    ("<=", ">=", "<", ">"),
    ("+", "-"),
    ("*", "/", "%"),
)
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def parse(source: Source) -> File:
    """Return the file in *source*; what cannot be read is skipped and told."""
    reader = _Reader(source.text)
    body = reader.body(is_file=True)
    return File(source, body, tuple(reader.problems))


def parse_template(source: Source) -> tuple[Template, tuple[Problem, ...]]:
    """Return the template in *source* and what Terraform refuses of it."""
    reader = _Reader(source.text)
    start = 1 if source.text.startswith("\ufeff") else 0
    reader.at = start
    reader.recovers = True
    try:
        parts = reader.template_parts(len(source.text), is_quoted=False)
    except Refused as refusal:
        parts = ()
        reader.problems.append(refusal.problem)
    return Template(Span(start, len(source.text)), parts), tuple(reader.problems)


class _Reader(TemplateReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)

    # --- bodies ----------------------------------------------------------------------------

    def body(self, *, is_file: bool = False) -> Body:
        """Read arguments and blocks up to the brace that closes them."""
        arguments: list[Argument] = []
        blocks: list[Block] = []
        while True:
            self.skip()
            if self.at >= len(self.text):
                break
            if self.peek("}") and not is_file:
                break
            try:
                self._item(arguments, blocks)
            except Refused as refusal:
                self.problems.append(refusal.problem)
                self._recover()
        return Body(tuple(arguments), tuple(blocks))

    def _recover(self) -> None:
        """Go on at the next line that starts at the margin."""
        match = re.compile(r"\n(?=[A-Za-z}])").search(self.text, self.at)
        self.at = len(self.text) if match is None else match.end()
        if self.peek("}"):
            self.at += 1

    def _item(self, arguments: list[Argument], blocks: list[Block]) -> None:
        match = NAME.match(self.text, self.at)
        if match is None:
            raise self.refuse("an argument or block name is wanted here")
        start = self.at
        self.at = match.end()
        self.blanks()
        if self.peek("=") and not self.peek("=="):
            self.at += 1
            span = Span(start, match.end())
            arguments.append(Argument(match[0], self.expression(), span))
            return
        labels = self._labels()
        head = Span(start, self.at)
        self.expect("{")
        self.deeper()
        body = self.body()
        self.depth -= 1
        self.expect("}")
        blocks.append(Block(match[0], labels, body, head))

    def _labels(self) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            self.blanks()
            match = re.compile(r'"((?:[^"\\]|\\.)*)"').match(self.text, self.at)
            match = match or NAME.match(self.text, self.at)
            if match is None:
                return tuple(found)
            found.append(match[match.lastindex or 0])
            self.at = match.end()

    # --- expressions -----------------------------------------------------------------------

    def expression(self) -> Expression:
        """Read an expression."""
        self.deeper()
        self.skip_inside()
        start = self.at
        test = self._binary(0)
        self.skip_inside()
        if self.peek("?"):
            self.at += 1
            yes = self.expression()
            self.skip_inside()
            self.expect(":")
            no = self.expression()
            test = Conditional(Span(start, self.at), test, yes, no)
        self.depth -= 1
        return test

    def _binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        start = self.at
        left = self._binary(level + 1)
        while True:
            self.skip_inside()
            operator = next((one for one in _LEVELS[level] if self.peek(one)), None)
            if operator is None:
                return left
            self.at += len(operator)
            self.skip_inside()
            right = self._binary(level + 1)
            left = Binary(Span(start, self.at), operator, left, right)

    def _unary(self) -> Expression:
        start = self.at
        for operator in ("-", "!"):
            if self.peek(operator) and not self.peek("!="):
                self.at += 1
                self.skip_inside()
                self.deeper()
                operand = self._unary()
                self.depth -= 1
                return Unary(Span(start, self.at), operator, operand)
        return self._postfix(self._primary(), start)

    def _postfix(self, node: Expression, start: int) -> Expression:
        while True:
            if self.peek("..."):
                return node
            if self.peek(".*") or self.peek("[*]"):
                self.at += 2 if self.peek(".*") else 3
                node = Splat(Span(start, self.at), node, self._names())
            elif self.peek("."):
                self.at += 1
                match = NAME.match(self.text, self.at) or _NUMBER.match(self.text, self.at)
                if match is None:
                    raise self.refuse("an attribute name is wanted here")
                self.at = match.end()
                node = Attribute(Span(start, self.at), node, match[0])
            elif self.peek("["):
                self.at += 1
                self.inside += 1
                key = self.expression()
                self.skip_inside()
                self.inside -= 1
                self.expect("]")
                node = Index(Span(start, self.at), node, key)
            else:
                return node

    def _names(self) -> tuple[str, ...]:
        found: list[str] = []
        while self.peek(".") and (match := NAME.match(self.text, self.at + 1)) is not None:
            found.append(match[0])
            self.at = match.end()
        return tuple(found)

    def _primary(self) -> Expression:
        start = self.at
        heredoc = _HEREDOC.match(self.text, self.at)
        if heredoc is not None:
            return self.heredoc(heredoc)
        if self.peek('"'):
            return self.quoted()
        if self.peek("("):
            return self._parenthesized()
        if self.peek("["):
            return self._tuple_or_for()
        if self.peek("{"):
            return self._object_or_for()
        number = _NUMBER.match(self.text, self.at)
        if number is not None:
            self.at = number.end()
            text = number[0]
            value = int(text) if is_whole(text) else float(text)
            return Literal(Span(start, self.at), value)
        return self._named()

    def _parenthesized(self) -> Expression:
        self.at += 1
        self.inside += 1
        node = self.expression()
        self.skip_inside()
        self.inside -= 1
        self.expect(")")
        return node

    def _named(self) -> Expression:
        start = self.at
        match = NAME.match(self.text, self.at)
        if match is None:
            raise self.refuse("an expression is wanted here")
        self.at = match.end()
        while self.peek("::") and (more := NAME.match(self.text, self.at + 2)) is not None:
            self.at = more.end()
        if self.peek("("):
            name = self.text[start : self.at]
            arguments, spreads = self._arguments()
            return Call(Span(start, self.at), name, arguments, spreads)
        if match[0] in _WORDS:
            return Literal(Span(start, self.at), _WORDS[match[0]])
        return Variable(Span(start, self.at), match[0])

    def _arguments(self) -> tuple[tuple[Expression, ...], bool]:
        self.at += 1
        self.inside += 1
        found: list[Expression] = []
        spreads = False
        while True:
            self.skip_inside()
            if self.peek(")"):
                break
            found.append(self.expression())
            self.skip_inside()
            if self.peek("..."):
                spreads = True
                self.at += 3
                self.skip_inside()
            if not self.peek(","):
                break
            self.at += 1
        self.skip_inside()
        self.inside -= 1
        self.expect(")")
        return tuple(found), spreads

    def _tuple_or_for(self) -> Expression:
        start = self.at
        self.at += 1
        self.inside += 1
        self.skip_inside()
        if self._is_for():
            node: Expression = self._for(start, closer="]")
        else:
            items: list[Expression] = []
            while not self.peek("]"):
                items.append(self.expression())
                self.skip_inside()
                if self.peek(","):
                    self.at += 1
                    self.skip_inside()
                elif not self.peek("]"):
                    raise self.refuse("a comma is wanted here")
            self.at += 1
            node = Tuple(Span(start, self.at), tuple(items))
        self.inside -= 1
        return node

    def _is_for(self) -> bool:
        return re.compile(r"for\s").match(self.text, self.at) is not None

    def _object_or_for(self) -> Expression:
        start = self.at
        self.at += 1
        self.inside += 1
        self.skip_inside()
        node: Expression
        if self._is_for():
            node = self._for(start, closer="}")
        else:
            items: list[tuple[Expression, Expression]] = []
            while not self.peek("}"):
                items.append(self._entry())
                self.skip_inside()
                if self.peek(","):
                    self.at += 1
                    self.skip_inside()
            self.at += 1
            node = Object(Span(start, self.at), tuple(items))
        self.inside -= 1
        return node

    def _entry(self) -> tuple[Expression, Expression]:
        key = self._unary()
        self.skip_inside()
        if not (self.peek("=") or self.peek(":")):
            raise self.refuse("an equals sign is wanted here")
        self.at += 1
        outer, self.inside = self.inside, 0
        value = self.expression()
        self.inside = outer
        return key, value

    def _for(self, start: int, closer: str) -> Expression:
        self.at += len("for")
        names = self.for_names()
        collection = self.expression()
        self.skip_inside()
        self.expect(":")
        first = self.expression()
        self.skip_inside()
        key = None
        if self.peek("=>"):
            self.at += 2
            key, first = first, self.expression()
            self.skip_inside()
        groups = self.peek("...")
        self.at += 3 if groups else 0
        condition = self._for_condition()
        self.expect(closer)
        span = Span(start, self.at)
        return For(span, names[0], names[1], collection, key, first, condition, groups)

    def _for_condition(self) -> Expression | None:
        self.skip_inside()
        if re.compile(r"if\b").match(self.text, self.at) is None:
            return None
        self.at += 2
        condition = self.expression()
        self.skip_inside()
        return condition
