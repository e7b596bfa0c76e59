"""Scripts that ask Route 53 whether a health check is healthy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import StatusTest
from megalint.source import Location, Source, Span

_KINDS: Final = (Kind.SHELL, Kind.WORKFLOW)
_ASKED: Final = re.compile(
    r"(?P<name>\b[A-Za-z_]\w*)=\"?\$\(\s*aws\s+route53\s+get-health-check-status\b"
    r"(?P<rest>(?:[^()|]|\|\||\([^()]*\))*)\)"
)
"""What is piped into another program, or counted by the query, may be anything."""


def status_tests(checkout: Checkout) -> Iterator[StatusTest]:
    """Yield the comparisons of a whole report with one word."""
    for source in checkout.of_kind(*_KINDS):
        if source.mentions("get-health-check-status"):
            for match in _ASKED.finditer(source.text):
                query = match["rest"]
                if "StatusReport.Status" in query and "(" not in query:
                    yield from _tests(source, match)


def _tests(source: Source, asked: re.Match[str]) -> Iterator[StatusTest]:
    read_at = Location(source, Span(asked.start(), asked.end()))
    variable = rf"\$(?:{asked['name']}\b|\{{{asked['name']}\}})"
    compared = re.compile(
        rf"\"?{variable}\"?\s*[!=]?=\s*(?P<quote>[\"']?)(?P<word>\w+)(?P=quote)(?=[\s\];&|])"
    )
    for match in compared.finditer(source.text, asked.end()):
        yield StatusTest(Location(source, Span(match.start(), match.end())), match["word"], read_at)
