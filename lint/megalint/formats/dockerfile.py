"""Dockerfiles: instructions by stage (syntax as in the Dockerfile reference of BuildKit)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from msgspec import Struct

from megalint.numerals import is_whole
from megalint.source import Location, Source, Span

_DIRECTIVE: Final = re.compile(r"#\s*(?P<name>\w+)\s*=\s*(?P<value>\S+)\s*$")
_WORD: Final = re.compile(r"[ \t]*(?P<word>[A-Za-z]+)(?=[ \t\r]|$)")
_HEREDOC: Final = re.compile(r"(?<![<\w])\d?<<(?P<dash>-?)(?P<quote>[\"']?)(?P<name>[A-Za-z_]\w*)")
_WITH_HEREDOC: Final = frozenset({"RUN", "COPY", "ADD"})
_FLAG: Final = re.compile(r"--(?P<name>[a-z][\w-]*)(?:=(?P<value>\S*))?\s*")
_ASSIGNMENT: Final = re.compile(
    r"""(?P<name>[A-Za-z_][\w.-]*)=(?P<value>(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*)""",
    re.DOTALL,
)
_QUOTED: Final = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)\1""", re.DOTALL)
_VARIABLE: Final = re.compile(
    r"(?P<escaped>\\)?\$(?:\{(?P<braced>\w+)(?::?(?P<operator>[-+])(?P<word>[^}$]*))?\}|(?P<bare>\w+))"
)
_STAGE: Final = re.compile(r"(?P<base>\S+)(?:\s+as\s+(?P<name>\S+))?", re.IGNORECASE)


class Instruction(Struct, frozen=True):
    """One instruction.

    :attr:`stage` counts the FROMs before it, so 0 is what stands above the first. :attr:`text`
    is what follows the word, as written. :attr:`command` is that on one logical line: flags,
    comments and line continuations left out, bodies of heredocs appended.
    """

    word: str
    text: str
    stage: int
    location: Location
    command: str = ""
    flags: tuple[tuple[str, str], ...] = ()

    def flag(self, name: str) -> str | None:
        """Return the value of ``--name=value``, or None."""
        return next((value for key, value in self.flags if key == name), None)

    @property
    def is_exec_form(self) -> bool:
        """Whether the command is a JSON array, which no shell reads."""
        return self._array is not None

    @property
    def words(self) -> tuple[str, ...]:
        """The elements of the exec form, or the blank-separated words of the shell form."""
        array = self._array
        return tuple(self.command.split()) if array is None else array

    @property
    def _array(self) -> tuple[str, ...] | None:
        if not self.command.startswith("["):
            return None
        try:
            found = json.loads(self.command)
        except ValueError:
            return None
        return tuple(found) if all(isinstance(one, str) for one in found) else None

    @property
    def assignments(self) -> dict[str, str]:
        """What ENV or ARG sets, as written without quotes; ``ENV NAME value`` included.

        An ARG without a default is the empty text: nothing is known of it.
        """
        matches = list(_ASSIGNMENT.finditer(self.command))
        found = {one["name"]: _QUOTED.sub(r"\2", one["value"]) for one in matches}
        if self.word == "ARG":
            bare = _ASSIGNMENT.sub(" ", self.command).split()
            return {**dict.fromkeys(bare, ""), **found}
        if found and self.command.startswith(matches[0].group()):
            return found
        name, _, value = self.command.partition(" ")
        return {name: value.strip()} if name else {}


class Stage(Struct, frozen=True):
    """What one FROM starts. :attr:`parent` is the number of the stage it continues, or None."""

    number: int
    name: str | None
    base: str
    parent: int | None


class Dockerfile(Struct, frozen=True, dict=True):
    """A Dockerfile."""

    source: Source
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...] = ()

    @property
    def last_stage(self) -> int:
        """The number of the stage that becomes the image."""
        return len(self.stages)

    @cached_property
    def lineage(self) -> tuple[int, ...]:
        """The stages whose layers the image holds, first to last."""
        return self._ancestors(self.last_stage)

    def _ancestors(self, number: int) -> tuple[int, ...]:
        found: list[int] = []
        at: int | None = number
        while at is not None and at > 0:
            found.append(at)
            at = self.stages[at - 1].parent
        return tuple(reversed(found))

    def final(self, *words: str) -> Iterator[Instruction]:
        """Yield the instructions, of those in *words*, whose effect is in the image."""
        wanted = set(self.lineage)
        return (one for one in self.instructions if one.word in words and one.stage in wanted)

    def stage(self, reference: str) -> Stage | None:
        """Return the stage that ``--from`` or FROM names, by name or by number counted from 0."""
        wanted = reference.lower()
        if is_whole(wanted) and int(wanted) < len(self.stages):
            return self.stages[int(wanted)]
        return next((one for one in self.stages if one.name == wanted), None)

    def before(self, place: Instruction, *words: str) -> Iterator[Instruction]:
        """Yield the instructions, of those in *words*, that take effect before *place*."""
        wanted = set(self._ancestors(place.stage))
        for one in self.instructions:
            if one is place:
                return
            if one.word in words and one.stage in wanted:
                yield one

    def variables(self, place: Instruction) -> dict[str, str]:
        """Return the values that ARG and ENV give before *place*; what is not known is left out.

        An ARG is known by its default, and lasts for its own stage only.
        """
        lasting: dict[str, str] = {}
        arguments: dict[str, str] = {}
        stage = 0
        for one in self.before(place, "ARG", "ENV"):
            if one.stage != stage:
                stage, arguments = one.stage, {}
            known = arguments if one.word == "ARG" else lasting
            for name, value in one.assignments.items():
                expanded = substituted(value, {**arguments, **lasting})
                if expanded and "$" not in expanded:
                    known[name] = expanded
        return {**(arguments if stage == place.stage else {}), **lasting}

    def workdir(self, place: Instruction) -> str | None:
        """Return the absolute folder in which *place* happens, or None when it is not known."""
        folder: str | None = "/"
        for one in self.before(place, "WORKDIR"):
            path = substituted(one.command, self.variables(one)).strip("\"'")
            if "$" in path:
                folder = None
            elif path.startswith("/"):
                folder = path
            elif folder is not None:
                folder = f"{folder.rstrip('/')}/{path}"
        return folder


def substituted(text: str, known: dict[str, str]) -> str:
    """Return *text* with the variables replaced that are *known*, or that bring a default."""

    def value(match: re.Match[str]) -> str:
        name = match["braced"] or match["bare"]
        if match["escaped"]:
            return match.group()
        if match["operator"] == "+":
            return match["word"] if name in known else ""
        if name in known:
            return known[name]
        return match["word"] if match["operator"] == "-" else match.group()

    return _VARIABLE.sub(value, text)


def parse(source: Source) -> Dockerfile:
    """Return the instructions in *source*; what is none is left out."""
    instructions = tuple(_Scanner(source).run())
    return Dockerfile(source, instructions, tuple(_stages(instructions)))


def _stages(instructions: tuple[Instruction, ...]) -> Iterator[Stage]:
    numbers: dict[str, int] = {}
    for one in instructions:
        match = _STAGE.match(one.command) if one.word == "FROM" else None
        if one.word == "FROM":
            base = match["base"] if match else ""
            name = match["name"].lower() if match and match["name"] else None
            yield Stage(one.stage, name, base, numbers.get(base.lower()))
            if name is not None:
                numbers[name] = one.stage


class _Scanner:
    """Reads instructions line by line."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = source.text.split("\n")
        self._starts = _starts(self._lines)
        self._escape = _escape(self._lines)
        self._at = 0

    def run(self) -> Iterator[Instruction]:
        stage = 0
        while self._at < len(self._lines):
            first = self._at
            match = _WORD.match(self._lines[first])
            if match is None:
                self._at += 1
                continue
            word = match["word"].upper()
            stage += word == "FROM"
            yield self._instruction(word, stage, match)

    def _instruction(self, word: str, stage: int, match: re.Match[str]) -> Instruction:
        first = self._at
        logical = self._logical(match.end("word"))
        flags, command = _flags(logical)
        if word in _WITH_HEREDOC:
            bodies = [self._body(one) for one in _HEREDOC.finditer(logical)]
            command = "\n".join((command, *bodies))
        last = self._at - 1
        start = self._starts[first] + match.start("word")
        text = self._source.text
        end = self._starts[last] + len(self._lines[last])
        written = text[start:end].rstrip()
        place = Location(self._source, Span(start, start + len(written)))
        return Instruction(word, written[len(word) :].strip(), stage, place, command, flags)

    def _logical(self, column: int) -> str:
        """Return the joined lines from here on; moves behind them."""
        pieces: list[str] = []
        is_open = True
        while is_open and self._at < len(self._lines):
            line = self._lines[self._at].rstrip()
            is_comment = bool(pieces) and (not line or line.lstrip().startswith("#"))
            self._at += 1
            if is_comment:
                continue
            is_open = line.endswith(self._escape)
            piece = line[: -len(self._escape)] if is_open else line
            pieces.append(piece if pieces else piece[column:])
        return " ".join(piece.strip() for piece in pieces).strip()

    def _body(self, opening: re.Match[str]) -> str:
        """Return the body of a heredoc; moves behind its terminator."""
        first = self._at
        while self._at < len(self._lines):
            line = self._lines[self._at].rstrip("\r")
            self._at += 1
            if (line.lstrip("\t") if opening["dash"] else line) == opening["name"]:
                return "\n".join(self._lines[first : self._at - 1])
        return "\n".join(self._lines[first:])


def _flags(logical: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the leading flags and what follows them."""
    found: list[tuple[str, str]] = []
    rest = logical
    while (match := _FLAG.match(rest)) is not None:
        found.append((match["name"], match["value"] or ""))
        rest = rest[match.end() :]
    return tuple(found), rest


def _starts(lines: list[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _escape(lines: list[str]) -> str:
    """Return the character that continues lines; directives stand above everything else."""
    for line in lines:
        match = _DIRECTIVE.match(line.strip().lstrip("\ufeff"))
        if match is None:
            break
        if match["name"].lower() == "escape" and match["value"] == "`":
            return "`"
    return "\\"
