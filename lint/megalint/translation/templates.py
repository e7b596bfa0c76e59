"""Sentences with holes: what rules write as f-strings, matched against what they wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

_TOKEN: Final = re.compile(
    r"(?P<brace>\{\{|\}\})|\{(?P<number>\d+)\}|\{(?P<choice>[^{}|]*(?:\|[^{}|]*)+)\}|[^{}]+|[{}]"
)

_CODE: Final = re.compile(r"`[^`]*`")
_PROSE: Final = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
_LETTER: Final = re.compile(r"[A-Za-z]")
_TELLING: Final = 8
"""Letters that make it plain whose sentence it is."""


class Hole(Struct, frozen=True):
    """What a sentence leaves open, by number."""

    number: int


class Choice(Struct, frozen=True):
    """One of several words that another language may not need: the form of a verb."""

    words: tuple[str, ...]


Part = str | Hole | Choice


class Template(Struct, frozen=True):
    """Text and holes, in turn: no two texts stand side by side."""

    parts: tuple[Part, ...]

    @property
    def weight(self) -> int:
        """How many characters it fixes: of two that match, the heavier one is meant."""
        return sum(len(one) for one in self.parts if isinstance(one, str))

    @property
    def holes(self) -> frozenset[int]:
        """The numbers of its holes."""
        return frozenset(one.number for one in self.parts if isinstance(one, Hole))

    @property
    def in_code(self) -> frozenset[int]:
        """The numbers of the holes in backticks, which hold names."""
        found, ticks = set[int](), 0
        for one in self.parts:
            if isinstance(one, str):
                ticks += one.count("`")
            elif isinstance(one, Hole) and ticks % 2:
                found.add(one.number)
        return frozenset(found)

    def may_hold(self, unknown: Iterable[str]) -> bool:
        """Whether holes may hold *unknown*, which no template made.

        A template of few letters would fit the sentences of others: its holes hold no prose.
        """
        text = "".join(one for one in self.parts if isinstance(one, str))
        is_telling = ":" in text or len(_LETTER.findall(text)) >= _TELLING
        return is_telling or not any(_PROSE.search(_CODE.sub("", one)) for one in unknown)

    @property
    def is_plain(self) -> bool:
        """Whether it is text alone."""
        return all(isinstance(one, str) for one in self.parts)

    @property
    def is_sentence(self) -> bool:
        """Whether it fixes a word, and not signs alone."""
        return any(isinstance(one, str) and re.search(r"[A-Za-z]{2}", one) for one in self.parts)

    def __str__(self) -> str:
        return "".join(_written(one) for one in self.parts)

    def match(self, text: str) -> dict[int, str] | None:
        """Return what *text* puts into the holes, or None; in time linear in its length.

        A hole ends where what stands before the next one is first found; the last one takes the
        rest but for the end of the sentence.
        """
        found: dict[int, str] = {}
        at = 0
        for number, part in enumerate(self.parts):
            end = _end(self.parts[number + 1 :], text, at, part)
            if end is None:
                return None
            if isinstance(part, Hole):
                found[part.number] = text[at:end]
            at = end
        return found if at == len(text) else None

    def filled(self, values: dict[int, str]) -> str:
        """Return the text with *values* in its holes."""
        return "".join(
            values[one.number] if isinstance(one, Hole) else one
            for one in self.parts
            if not isinstance(one, Choice)
        )


def _end(following: Sequence[Part], text: str, at: int, part: Part) -> int | None:
    """Return where *part*, which begins at *at*, ends in *text*."""
    if isinstance(part, str):
        return at + len(part) if text.startswith(part, at) else None
    if isinstance(part, Choice):
        fits = [one for one in part.words if text.startswith(one, at)]
        return at + len(max(fits, key=len)) if fits else None
    is_last = not any(isinstance(one, Hole) for one in following)
    if is_last:
        fits = [one for one in _first_texts(following) if text.endswith(one)]
        ends = [len(text) - len(one) for one in fits]
    else:
        ends = [text.find(one, at) for one in _first_texts(following)]
    return min((one for one in ends if one >= at), default=None)


def _first_texts(parts: Sequence[Part]) -> list[str]:
    """Return what may stand before the next hole: one text for each combination of choices."""
    found = [""]
    for part in parts:
        if isinstance(part, Hole):
            break
        words = (part,) if isinstance(part, str) else part.words
        found = [f"{head}{one}" for head in found for one in words]
    return found


def parsed(written: str) -> Template:
    """Return the template that *written* is: the form of :meth:`Template.__str__`."""
    parts: list[Part] = []
    plain = ""
    for match in _TOKEN.finditer(written):
        if match["number"] is None and match["choice"] is None:
            plain += match[0][0] if match["brace"] else match[0]
            continue
        parts += [plain] if plain else []
        plain = ""
        choice = match["choice"]
        parts.append(
            Hole(int(match["number"])) if choice is None else Choice(tuple(choice.split("|")))
        )
    return Template((*parts, plain) if plain else tuple(parts))


def _written(part: Part) -> str:
    if isinstance(part, Hole):
        return f"{{{part.number}}}"
    if isinstance(part, Choice):
        return f"{{{'|'.join(part.words)}}}"
    return part.replace("{", "{{").replace("}", "}}")
