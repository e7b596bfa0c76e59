"""``--lang``: a report as people of another language read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

from megalint.finding import Finding, Fix
from megalint.report import Problem, Report
from megalint.source import Location
from megalint.translation.catalogue import catalogue_of

F = TypeVar("F", bound=Callable[..., Any])
Say = Callable[[str], str]


def translated(report: Report, language: str) -> Report:
    """Return *report* in another language."""
    if language == "en":
        return report
    say = catalogue_of(language).say
    return replace(
        report,
        findings=tuple(_finding(one, say) for one in report.findings),
        suppressed=tuple(_finding(one, say) for one in report.suppressed),
        baselined=tuple(
            replace(one, finding=_finding(one.finding, say)) for one in report.baselined
        ),
        problems=told(report.problems, language),
        subject=tuple(map(say, report.subject)),
        language=language,
    )


def _finding(finding: Finding, say: Say) -> Finding:
    return replace(
        finding,
        message=say(finding.message),
        location=_location(finding.location, say),
        related=tuple(_location(one, say) for one in finding.related),
        flow=tuple(_location(one, say) for one in finding.flow),
        notes=tuple(map(say, finding.notes)),
        fix=_fix(finding.fix, say),
    )


def _location(location: Location, say: Say) -> Location:
    return location.labelled(say(location.label)) if location.label else location


def _fix(fix: Fix | None, say: Say) -> Fix | None:
    return None if fix is None else replace(fix, title=say(fix.title))


def told(problems: Iterable[Problem], language: str) -> tuple[Problem, ...]:
    """Return *problems* in another language."""
    say = catalogue_of(language).say
    return tuple(replace(one, message=say(one.message)) for one in problems)
