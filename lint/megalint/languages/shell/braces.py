"""Brace expansion: ``a{b,c}d`` and ``{1..3}``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from megalint.languages.shell.syntax import Literal, Part, Range, Word
from megalint.numerals import is_whole
from megalint.source import Span

_SEQUENCE: Final = re.compile(r"(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?")
MAX_WORDS: Final = 500
MAX_GROUPS: Final = 50
"""In one word, within and after each other; a word with more stands for itself."""


def braced(word: Word) -> list[tuple[Part, ...]]:
    """Return the parts of each word that *word* stands for; itself without braces."""
    if not any(_has_brace(part) for part in word.parts):
        return [word.parts]
    if sum(part.range.text.flat.count("{") for part in word.parts) > MAX_GROUPS:
        return [word.parts]
    return [tuple(parts) for parts in _expanded(list(_letters(word.parts)))][:MAX_WORDS]


def _has_brace(part: Part) -> bool:
    return (
        isinstance(part, Literal)
        and not part.is_quoted
        and part.decoded is None
        and "{" in part.range.text.flat
    )


def _letters(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts, unquoted text letter by letter."""
    for part in parts:
        if isinstance(part, Literal) and not part.is_quoted and part.decoded is None:
            span = part.range.span
            for at in range(span.start, span.end):
                yield Literal(Range(part.range.whole, Span(at, at + 1)), is_quoted=False)
        else:
            yield part


def _letter(part: Part) -> str:
    if isinstance(part, Literal) and not part.is_quoted and part.decoded is None:
        return part.range.text.flat
    return ""


def _expanded(parts: list[Part]) -> list[list[Part]]:
    for start, part in enumerate(parts):
        if _letter(part) != "{":
            continue
        found = _group(parts, start)
        if found is None:
            continue
        end, choices = found
        tails = _expanded(parts[end + 1 :])[: max(MAX_WORDS // len(choices), 1)]
        return [
            [*parts[:start], *head, *tail]
            for choice in choices
            for head in _expanded(choice)
            for tail in tails
        ][:MAX_WORDS]
    return [parts]


def _group(parts: list[Part], start: int) -> tuple[int, list[list[Part]]] | None:
    """Return where the group at *start* ends, and its choices; None where it is none."""
    depth, cuts = 0, [start]
    for at in range(start, len(parts)):
        letter = _letter(parts[at])
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 1:
            cuts.append(at)
        if depth == 0:
            if len(cuts) > 1:
                ends = [*cuts[1:], at]
                return at, [parts[a + 1 : b] for a, b in zip(cuts, ends, strict=True)]
            return _sequence(parts, start, at)
    return None


def _sequence(parts: list[Part], start: int, end: int) -> tuple[int, list[list[Part]]] | None:
    inner = "".join(_letter(part) for part in parts[start + 1 : end])
    match = _SEQUENCE.fullmatch(inner)
    if match is None or len(inner) != end - start - 1:
        return None
    place = parts[start].range
    return end, [
        [Literal(place, is_quoted=False, decoded=text)] for text in _values(match)[:MAX_WORDS]
    ]


def _values(match: re.Match[str]) -> list[str]:
    first, last, by = match.groups()
    step = max(abs(int(by)), 1) if by else 1
    if is_whole(first.removeprefix("-")) and is_whole(last.removeprefix("-")):
        low, high = int(first), int(last)
        width = max(len(first), len(last)) if first[:1] == "0" or last[:1] == "0" else 0
        return [str(n).zfill(width) for n in _steps(low, high, step)]
    if first.isalpha() and last.isalpha():
        return [chr(n) for n in _steps(ord(first), ord(last), step)]
    return ["{" + match[0] + "}"]


def _steps(low: int, high: int, step: int) -> Iterator[int]:
    count = min(abs(high - low) // step + 1, MAX_WORDS)
    sign = 1 if high >= low else -1
    return (low + sign * step * n for n in range(count))
