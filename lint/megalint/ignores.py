"""Comments that ask to ignore findings: where they stand, and which lines they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.classify import Kind, classify
from megalint.comments import said
from megalint.finding import Edit, Finding
from megalint.source import Location, Source, Span

_IGNORE: Final = re.compile(
    r"(?://|#|/\*|<!--)\s*megalint:\s*(?P<scope>ignore-file|ignore)\[(?P<ids>[^\]\n]*)\]"
    r"(?P<reason>(?:(?!\*/|-->)[^\n])*)(?P<end>\*/|-->)?"
)
_NAME: Final = re.compile(r"[^\s,]+")
_UNTIL: Final = re.compile(r"(?:^|(?<=\s))until=(?P<date>\d{4}-\d{2}-\d{2})(?=\s|$)")
_OTHER: Final = re.compile(r"\s(?:#|//)\s")
_REMARK: Final = re.compile(r"\s*(?:#|//|<!--|\{?\s*/\*(?:(?!\*/).)*\*/\s*\}?\s*$)")
_SCRIPT_REMARK: Final = re.compile(r"\s*(?://|\{?\s*/\*(?:(?!\*/).)*\*/\s*\}?\s*$)")


class Name(Struct, frozen=True):
    """The id of a rule or a family as it is written, and where."""

    text: str
    span: Span


class Ignore(Struct, frozen=True):
    """A comment that asks to ignore findings, by ids of rules or families.

    :attr:`lines` are the 1-based lines it speaks of: those of its own statement or, where it
    stands alone, of the next one; None stands for the whole file. :attr:`is_comment`: it is
    surely a comment, and not part of a text.
    """

    source: Source
    span: Span
    names: tuple[Name, ...]
    lines: range | None
    reason: str
    until: date | None = None
    """The last day on which it holds; None: it holds for ever."""
    is_comment: bool = True

    @property
    def path(self) -> PurePosixPath:
        """The file it stands in."""
        return self.source.path

    @property
    def line(self) -> int:
        """The 1-based line it stands on."""
        return self.location.line

    @property
    def location(self) -> Location:
        """Where it stands."""
        return Location(self.source, self.span)

    @property
    def ids(self) -> frozenset[str]:
        """The ids that it names."""
        return frozenset(one.text for one in self.names)

    def has_expired(self, today: date) -> bool:
        """Whether it held once, and no longer does."""
        return self.until is not None and self.until < today

    def covers(self, finding: Finding) -> bool:
        """Whether *finding*, which is in the same file, is to be ignored."""
        is_named = not self.ids.isdisjoint((finding.rule_id, finding.family))
        return is_named and (self.lines is None or finding.location.line in self.lines)

    @property
    def removal(self) -> Edit | None:
        """The edit that takes the comment out; None where another one would go with it."""
        text, span = self.source.text, self.span
        is_open = text.startswith(("/*", "{", "<!--"), span.start)
        if is_open and not text.endswith(("*/", "}", "-->"), 0, span.end):
            return None
        if not is_open and _OTHER.search(self.reason):
            return None
        line = self.source.line_span(self.line)
        start = len(text[: span.start].rstrip(" \t"))
        end = len(text) - len(text[span.end :].lstrip(" \t"))
        if start <= line.start and end >= line.end:
            after = text.find("\n", end) + 1
            return Edit(self.source, Span(line.start, after or len(text)), "")
        return Edit(self.source, Span(start, span.end), "")

    def without(self, idle: Iterable[Name]) -> Edit | None:
        """Return the edit that takes names out, and the comment with the last of them."""
        gone = set(idle)
        kept = [one.text for one in self.names if one not in gone]
        if not kept:
            return self.removal
        whole = Span(self.names[0].span.start, self.names[-1].span.end)
        return Edit(self.source, whole, ", ".join(kept))


class Judged(Struct, frozen=True):
    """What a run says of an :class:`Ignore`: the fact that rules about ignores are shown.

    :attr:`idle` are its names of rules that looked and found nothing there; :attr:`unknown` its
    names that no rule has, each with the name that may be meant.
    """

    ignore: Ignore
    has_expired: bool = False
    idle: tuple[Name, ...] = ()
    unknown: tuple[tuple[Name, str | None], ...] = ()


def ignores_in(source: Source) -> Iterator[Ignore]:
    """Yield the comments of *source* that ask to ignore something, in order."""
    if not source.mentions("megalint:"):
        return
    content = said(source) if classify(source.path) in {Kind.JAVASCRIPT, Kind.PYTHON} else None
    for match in _IGNORE.finditer(source.text):
        span = _whole(source, match)
        is_comment = content is None or said(_without(source, span)) == content
        reason, until = _dated(match["reason"].strip())
        is_file = match["scope"] == "ignore-file"
        yield Ignore(
            source,
            span,
            tuple(_names(match)),
            None if is_file else _lines(source, span),
            reason,
            until,
            is_comment,
        )


def _names(match: re.Match[str]) -> Iterator[Name]:
    for one in _NAME.finditer(match["ids"]):
        start = match.start("ids")
        yield Name(one[0], Span(start + one.start(), start + one.end()))


def _whole(source: Source, match: re.Match[str]) -> Span:
    """Return the span of the comment, with the braces that JSX puts around it."""
    text = source.text
    start, end = match.start(), match.end() if match["end"] else match.end("reason")
    before = text[:start].rstrip(" \t")
    after = len(text) - len(text[end:].lstrip(" \t"))
    if match["end"] == "*/" and before.endswith("{") and text[after : after + 1] == "}":
        return Span(len(before) - 1, after + 1)
    return Span(start, start + len(text[start:end].rstrip()))


def _without(source: Source, span: Span) -> Source:
    return Source(source.path, source.text[: span.start] + source.text[span.end :])


def _lines(source: Source, span: Span) -> range:
    """Return the lines of the statement that the comment at *span* speaks of."""
    line, _ = source.line_column(span.start)
    whole = source.line_span(line)
    around = source.text[whole.start : span.start] + source.text[span.end : whole.end]
    if around.strip():
        return range(first_line(source, line), line + 1)
    last = line + 1
    remark = _SCRIPT_REMARK if classify(source.path) is Kind.JAVASCRIPT else _REMARK
    while last < source.line_count and remark.match(source.line_text(last)):
        last += 1
    while last < source.line_count and _continues(source.line_text(last)):
        last += 1
    return range(line, last + 1)


def first_line(source: Source, line: int) -> int:
    """Return the line on which the command begins that backslashes continue to *line*."""
    while line > 1 and _continues(source.line_text(line - 1)):
        line -= 1
    return line


def _continues(text: str) -> bool:
    """Whether a line goes on in the next one: in a shell, a Dockerfile, a makefile."""
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _dated(reason: str) -> tuple[str, date | None]:
    """Return a reason without its date, and the date; what is no date is words."""
    match = _UNTIL.search(reason)
    if match is None:
        return reason, None
    try:
        until = date.fromisoformat(match["date"])
    except ValueError:
        return reason, None
    return " ".join((reason[: match.start()] + reason[match.end() :]).split()), until


def holding(ignores: Iterable[Ignore], today: date) -> dict[PurePosixPath, list[Ignore]]:
    """Return the ignores that hold *today*, by file."""
    found: dict[PurePosixPath, list[Ignore]] = {}
    for one in ignores:
        if not one.has_expired(today):
            found.setdefault(one.path, []).append(one)
    return found
