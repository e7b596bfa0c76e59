"""Quotes around a version, and how ``$Latest`` is written so that a shell leaves it alone."""

from __future__ import annotations

from typing import Final

from megalint.languages.shell.host import Call
from megalint.project.versions.facts import LATEST
from megalint.source import Location, Span

_ENDS: Final = " \t\n;&|)"


def latest(call: Call, place: Location, escape: str) -> tuple[Location, str] | None:
    """Return the place to change, and what to write there, for a literal version at *place*.

    *escape* is the sign that takes the next one for itself. None where the quotes around it cannot
    be told.
    """
    for word in call.places:
        is_inside = word.source == place.source and _holds(word.span, place.span)
        if is_inside:
            return _in_word(word, place, escape)
    return _alone(place)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _in_word(word: Location, place: Location, escape: str) -> tuple[Location, str]:
    before = word.source.text[word.span.start : place.span.start]
    match _open_quote(before, escape):
        case "'":
            return place, LATEST
        case '"':
            return place, f"{escape}{LATEST}"
        case _:
            return place, f"'{LATEST}'"


def _open_quote(text: str, escape: str) -> str:
    """Return the quote that is open at the end of *text*, empty where none is."""
    quote, is_escaped = "", False
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == escape and quote != "'":
            is_escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
    return quote


def _alone(place: Location) -> tuple[Location, str] | None:
    """Return the same for the value of an assignment: ``NAME=2``, ``NAME='2'``."""
    text, span = place.source.text, place.span
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    whole = quoted(place)
    if whole != place:
        return whole, f"'{LATEST}'"
    if before == "=" and (not after or after in _ENDS):
        return place, f"'{LATEST}'"
    return None


def quoted(place: Location) -> Location:
    """Return the place with the quotes around it, where it has such a pair."""
    text, start, end = place.source.text, place.span.start, place.span.end
    if start > 0 and text[start - 1] in "'\"" and text[end : end + 1] == text[start - 1]:
        return Location(place.source, Span(start - 1, end + 1), place.label)
    return place
