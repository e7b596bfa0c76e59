"""Write the comments that ignore findings, where they are comments and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Final

from msgspec import Struct

from megalint.classify import Kind, classify
from megalint.comments import said
from megalint.finding import Finding
from megalint.ignores import first_line
from megalint.source import Source

_FORMS: Final = {
    Kind.JAVASCRIPT: ("// {}", "{{/* {} */}}"),
    Kind.JSON: (),
    Kind.LOCK_FILE: (),
}
_HEAD: Final = re.compile(
    r"\ufeff?(?:#!|#cloud-config|## template:|#\s*(?:syntax|escape|check)\s*=)"
)
"""Lines that mean something because they are the first ones."""


class Words(Struct, frozen=True):
    """What a comment says beside the names: why, and until when it holds."""

    reason: str
    until: date | None = None

    def __str__(self) -> str:
        return self.reason if self.until is None else f"until={self.until} {self.reason}"


def above(findings: Iterable[Finding], words: Words) -> dict[Source, str]:
    """Return new texts: one comment above the statement of each finding.

    Those places are left as they are where it would be no comment but part of a text.
    """
    return {
        source: _commented(source, lines, "ignore", words)
        for source, lines in _names(findings).items()
    }


def on_top(findings: Iterable[Finding], words: Words) -> dict[Source, str]:
    """Return new texts: one comment for all of a file, where the file takes comments."""
    return {
        source: _commented(
            source, {_top(source): sorted({*chain(*lines.values())})}, "ignore-file", words
        )
        for source, lines in _names(findings).items()
    }


def _names(findings: Iterable[Finding]) -> dict[Source, dict[int, list[str]]]:
    """Return for each source the ids of what is found in the statement that begins in a line."""
    found: dict[Source, dict[int, list[str]]] = {}
    for one in findings:
        place = one.location
        line = first_line(place.source, place.line)
        names = found.setdefault(place.source, {}).setdefault(line, [])
        if one.rule_id not in names:
            names.append(one.rule_id)
    return found


def _commented(source: Source, lines: dict[int, list[str]], scope: str, words: Words) -> str:
    content = said(source)
    current = source
    # from the end, so that the numbers of the lines above stay what they are
    for line, names in sorted(lines.items(), reverse=True):
        comment = f"megalint: {scope}[{', '.join(names)}] {words}"
        for text in _attempts(current, line, comment):
            changed = Source(source.path, text)
            if said(changed) == content:
                current = changed
                break
    return current.text


def _attempts(source: Source, line: int, comment: str) -> Iterator[str]:
    """Yield the text with *comment* alone above *line*, in each form that the language has."""
    kind = classify(source.path)
    start = source.line_span(line).start
    start += source.text.startswith("\ufeff", start)
    text = source.line_text(line).lstrip("\ufeff")
    indent = text[: len(text) - len(text.lstrip())]
    line_end = "\r\n" if "\r\n" in source.text else "\n"
    for form in ("# {}",) if kind is None else _FORMS.get(kind, ("# {}",)):
        written = f"{indent}{form.format(comment)}{line_end}"
        yield f"{source.text[:start]}{written}{source.text[start:]}"


def _top(source: Source) -> int:
    """Return the first line that may have a comment above it."""
    line = 1
    while line < source.line_count and _HEAD.match(source.line_text(line)):
        line += 1
    return line
