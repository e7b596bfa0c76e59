"""Small reports for tests of the output formats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from megalint import Finding, Location, Project, Rule, Source
from megalint.finding import Confidence, Data, Severity
from megalint.project.apps import App
from megalint.report import Problem, Report
from megalint.source import Span

ROOT = Path("/srv/checkout")


class FrozenUpstream(Rule[App]):
    """Upstreams that the build freezes

    ## Why is this bad?

    The build reads `UPSTREAM` once. Every server then talks to what it was.

    ## Example

    ```js path=next.config.mjs
    export default {};
    ```
    """

    id = "frozen-upstream"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: App, project: Project) -> Iterator[Finding]:
        """Find nothing: the tests write the findings."""
        yield from ()


FrozenUpstream.family = "nextjs"
RULES: tuple[Rule[Any], ...] = (FrozenUpstream(),)


def source(path: str, text: str) -> Source:
    return Source(PurePosixPath(path), text)


def at(where: Source, text: str, label: str = "", nth: int = 0) -> Location:
    """Return the place of the *nth* occurrence of *text* in *where*."""
    start = -1
    for _ in range(nth + 1):
        start = where.text.index(text, start + 1)
    return Location(where, Span(start, start + len(text)), label)


def finding(
    location: Location,
    message: str = "`UPSTREAM` is frozen into the image",
    severity: Severity | None = None,
    related: tuple[Location, ...] = (),
    flow: tuple[Location, ...] = (),
    notes: tuple[str, ...] = (),
) -> Finding:
    return RULES[0].finding(
        location,
        message,
        severity=severity,
        related=related,
        flow=flow,
        notes=notes,
        data=Data(env=("UPSTREAM",)),
    )


def report(
    *findings: Finding, suppressed: tuple[Finding, ...] = (), problems: tuple[Problem, ...] = ()
) -> Report:
    return Report(ROOT, findings, suppressed, problems, RULES, files=214, apps=2)
