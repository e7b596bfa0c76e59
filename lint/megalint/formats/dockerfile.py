"""Dockerfiles: instructions by stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from megalint.source import Location, Source, Span

_INSTRUCTION: Final = re.compile(
    r"^[ \t]*(?P<word>[A-Za-z]+)[ \t]+"
    r"(?P<rest>(?:[^\n\\`]|[\\`](?!\r?\n)|[\\`]\r?\n(?:[ \t]*#[^\n]*\n)*)*)",
    re.MULTILINE,
)
_HEREDOC: Final = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_ASSIGNMENT: Final = re.compile(r"""([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s\\]*)""")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; :attr:`stage` counts the FROMs so far, :attr:`text` follows the word."""

    word: str
    text: str
    stage: int
    location: Location

    @property
    def assignments(self) -> dict[str, str]:
        """What ENV or ARG sets; the old form ``ENV NAME value`` included."""
        found = {name: value.strip("\"'") for name, value in _ASSIGNMENT.findall(self.text)}
        if found or self.word == "ARG":
            return found or {self.text.split("=")[0].strip(): ""}
        name, _, value = self.text.partition(" ")
        return {name: value.strip()}


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile."""

    source: Source
    instructions: tuple[Instruction, ...]

    @property
    def last_stage(self) -> int:
        """The number of the stage that becomes the image."""
        return max((one.stage for one in self.instructions), default=0)

    def final(self, *words: str) -> Iterator[Instruction]:
        """Yield the instructions of the last stage that start with one of *words*."""
        return (
            one for one in self.instructions if one.word in words and one.stage == self.last_stage
        )


def parse(source: Source) -> Dockerfile:
    """Return the instructions in *source*; what is none is left out."""
    return Dockerfile(source, tuple(_instructions(source)))


def _instructions(source: Source) -> Iterator[Instruction]:
    stage, place = 0, 0
    while (match := _INSTRUCTION.search(source.text, place)) is not None:
        word, rest = match["word"].upper(), match["rest"]
        end = _after_heredoc(source.text, match.end(), rest)
        place = max(end, match.end())
        stage += word == "FROM"
        start = match.start("word")
        text = source.text[match.start("rest") : end].strip()
        yield Instruction(
            word,
            text,
            stage,
            Location(source, Span(start, start + len(source.text[start:end].rstrip()))),
        )


def _after_heredoc(text: str, end: int, rest: str) -> int:
    """Return where an instruction ends: after the terminator of its heredoc, if it has one."""
    opening = _HEREDOC.search(rest)
    if opening is None:
        return end
    closing = re.compile(rf"^\s*{re.escape(opening.group(1))}\s*$", re.MULTILINE).search(text, end)
    return len(text) if closing is None else closing.end()
