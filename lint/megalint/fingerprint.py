"""A finding's identity, kept when lines move or are reformatted."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from megalint.finding import Finding
from megalint.source import Source

_QUOTES: Final = str.maketrans("'`", '""')
_HEAD: Final = re.compile(r"[^=({\[:<]*")
_NEIGHBOURS: Final = 2


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return one fingerprint for each of *findings*: 32 hexadecimal digits.

    It is that of :func:`identity`; findings that are equal in it are numbered in order.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        key = identity(finding)
        seen[key] += 1
        found.append(key if seen[key] == 1 else _digest(f"{key}\0{seen[key]}"))
    return found


def identity(finding: Finding) -> str:
    """Return what a finding is, wherever its lines have moved: 32 hexadecimal digits.

    It depends on the rule, the path, the text at the place (blanks, kind of quotes and commas at
    the end aside), what the finding is about, and the head of the outermost statement it is in.
    """
    source, span = finding.location.source, finding.location.span
    line, _ = source.line_column(span.start)
    data = finding.data
    about = (*sorted(data.env), data.region, data.template, data.version)
    parts = (
        finding.rule_id,
        str(source.path),
        _plain(finding.location.text),
        _plain(_outermost(source, line)),
        *(str(one) for one in about),
        *(() if data.subject is None else (data.subject,)),
    )
    return _digest("\0".join(parts))


def context(finding: Finding) -> str:
    """Return what stands around a finding: 8 hexadecimal digits that tell equal ones apart."""
    source = finding.location.source
    line = finding.location.line
    before = _lines(source, range(line - 1, 0, -1))
    after = _lines(source, range(line + 1, source.line_count + 1))
    return _digest("\0".join((*before, _plain(source.line_text(line)), *after)))[:8]


def _lines(source: Source, numbers: range) -> list[str]:
    """Return the first lines of *numbers* that say anything."""
    found: list[str] = []
    for number in numbers:
        text = _plain(source.line_text(number))
        if text:
            found.append(text)
        if len(found) == _NEIGHBOURS:
            break
    return found


def _outermost(source: Source, line: int) -> str:
    """Return how the statement begins that is not indented and holds *line*."""
    place = bisect_right(source.outer_lines, line)
    if not place:
        return ""
    head = _HEAD.match(source.line_text(source.outer_lines[place - 1]))
    return head[0] if head is not None else ""


def _plain(text: str) -> str:
    return "".join(text.translate(_QUOTES).split()).rstrip(",;")


def _digest(text: str) -> str:
    # a file name that is not UTF-8 holds surrogates
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
