"""Scripts that ask AWS how the parts of a failover are, and take the answer for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Miscount, StatusTest
from megalint.source import Location, Source, Span

_KINDS: Final = (Kind.SHELL, Kind.WORKFLOW)
_REST: Final = r"(?P<rest>(?:[^()|]|\|\||\([^()]*\))*)"
"""What is piped into another program may be anything."""
_ASKED: Final = re.compile(
    r"(?P<name>\b[A-Za-z_]\w*)=\"?\$\(\s*aws\s+route53\s+get-health-check-status\b" + _REST + r"\)"
)
_LISTED: Final = re.compile(
    r"(?P<name>\b[A-Za-z_]\w*)=\"?\$\(\s*aws\s+sns\s+list-subscriptions-by-topic\b"
    r"(?P<rest>(?:[^()]|\([^()]*\))*)\)"
)
_TABLE: Final = re.compile(
    r"(?P<name>\b[A-Za-z_]\w*)=\"?\$\(\s*aws\s+[a-z0-9-]+\s+[a-z0-9-]+\b" + _REST + r"\)"
)
_COUNTING: Final = re.compile(
    r"""(?P<name>\b[A-Za-z_]\w*)=["']?\$\(\s*(?:echo|printf\s+(?:"%s\\n"|'%s\\n'))\s+"""
    r"""["']?\$\{?(?P<of>\w+)\}?["']?(?P<filters>(?:\s{0,40}\|\s{0,40}grep\s[^|()]{0,200})*)"""
    r"""\s{0,40}\|\s{0,40}wc\s+-l\s{0,40}\)"""
)
_KEEPING: Final = re.compile(r"\|\s*grep\s+(?!(?:-\w+\s+)*-\w*v)")
"""A filter that keeps what it names, and so no border."""
_SUBSCRIBES: Final = re.compile(r"\bsns\s+subscribe\b")
_TABLES: Final = re.compile(r"--output[\s=]+[\"']?table\b")
_UNFILTERED: Final = re.compile(r"--query[\s=]+(?P<quote>[\"'])(?P<query>.*?)(?P=quote)", re.DOTALL)


def status_tests(checkout: Checkout) -> Iterator[StatusTest]:
    """Yield the comparisons of a whole report with one word."""
    for source in checkout.of_kind(*_KINDS):
        if source.mentions("get-health-check-status"):
            for match in _ASKED.finditer(source.text):
                query = match["rest"]
                if "StatusReport.Status" in query and "(" not in query:
                    yield from _tests(source, match)


def _tests(source: Source, asked: re.Match[str]) -> Iterator[StatusTest]:
    read_at = _place(source, asked)
    compared = re.compile(
        rf"\"?{_variable(asked)}\"?\s*[!=]?=\s*"
        r"(?P<quote>[\"']?)(?P<word>\w+)(?P=quote)(?=[\s\];&|])"
    )
    for match in compared.finditer(source.text, asked.end()):
        yield StatusTest(_place(source, match), match["word"], read_at)


# --- counts ---------------------------------------------------------------------------------


def miscounts(checkout: Checkout) -> Iterator[Miscount]:
    """Yield the tests of a number that counts something else than what a script asks for."""
    for source in checkout.of_kind(*_KINDS):
        if source.mentions("list-subscriptions-by-topic"):
            yield from _of_subscriptions(source)
        if source.mentions("wc -l") and source.mentions("table"):
            yield from _of_tables(source)


def _of_subscriptions(source: Source) -> Iterator[Miscount]:
    """Yield tests of how many subscriptions there are, those that nobody confirmed among them."""
    for match in _LISTED.finditer(source.text):
        query = _UNFILTERED.search(match["rest"])
        text = "" if query is None else query["query"]
        is_whole = "length(" in text and "Arn" not in text and "?" not in text
        if source.mentions(_SUBSCRIBES):
            return  # it wants to know whether there is any, and makes one where there is none
        place = _compared(source, match) if is_whole else None
        if place is not None:
            words = "subscriptions that nobody has confirmed"
            yield Miscount(place, _place(source, match), words)


def _of_tables(source: Source) -> Iterator[Miscount]:
    """Yield tests of how many lines a table has, its borders and its head among them."""
    tables = {one["name"] for one in _TABLE.finditer(source.text) if _TABLES.search(one["rest"])}
    for match in _COUNTING.finditer(source.text):
        if match["of"] in tables and not _KEEPING.search(match["filters"]):
            place = _compared(source, match)
            if place is not None:
                words = "the borders and the head of the table"
                yield Miscount(place, _place(source, match), words)


def _compared(source: Source, asked: re.Match[str]) -> Location | None:
    """Return the first test of the variable that is a comparison of numbers."""
    compared = re.compile(
        rf"\"?{_variable(asked)}\"?\s*(?:-(?:ge|gt|lt|le|eq|ne)|[<>]=?|==)\s*[\"']?\d+"
    )
    found = compared.search(source.text, asked.end())
    return None if found is None else _place(source, found)


def _variable(asked: re.Match[str]) -> str:
    return rf"\$(?:{asked['name']}\b|\{{{asked['name']}\}})"


def _place(source: Source, match: re.Match[str]) -> Location:
    return Location(source, Span(match.start(), match.end()))
