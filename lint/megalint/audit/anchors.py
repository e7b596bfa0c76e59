"""Places in the checkout for what was found in an account: GitHub refuses a result without one."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from megalint.audit import Audit
from megalint.finding import Finding
from megalint.project.linked import Project
from megalint.project.versions.facts import TemplateDefinition
from megalint.report import Report
from megalint.source import Location, Source, Span

_LOGICAL_ID: Final = "aws:cloudformation:logical-id"
_SETTINGS: Final = ("megalint.toml", "pyproject.toml")


def anchored(audit: Audit) -> Report:
    """Return the report with each finding at the code that defines its template.

    Where nothing in the checkout does, that is the configuration file, whether there is one or not.
    Places in the account go into the message.
    """
    places: dict[str, Location] = {}
    for section in audit.sections:
        tags = section.template.template.tags
        name = section.template.template.name
        places[section.arn] = definition(audit.project, name, tags.get(_LOGICAL_ID))
    nowhere = settings(audit.project)
    findings = tuple(
        _moved(one, places.get(one.data.arn or "", nowhere), audit.project)
        for one in audit.report.findings
    )
    return replace(audit.report, findings=findings)


def anchored_in(project: Project, report: Report) -> Report:
    """Return a report of another command with each of its findings at a place in the checkout."""
    return replace(report, findings=tuple(settled(one, project) for one in report.findings))


def settled(finding: Finding, project: Project, place: Location | None = None) -> Finding:
    """Return a finding at *place*, or else at the code that defines its template.

    One that is in the checkout stays where it is; none has a related place elsewhere.
    """
    if _holds(project, finding.location):
        related = tuple(one for one in finding.related if _holds(project, one))
        return replace(finding, related=related)
    name = finding.data.template
    own = settings(project) if name is None else definition(project, name)
    return _moved(finding, place or own, project)


def definition(project: Project, name: str, logical_id: str | None = None) -> Location:
    """Return where the checkout defines a template of that name."""
    for one in project.each(TemplateDefinition):
        is_named = one.template in {name, logical_id}
        if is_named or (one.prefix is not None and name.startswith(one.prefix)):
            return one.location
    return settings(project)


def settings(project: Project) -> Location:
    """Return the first line of the configuration file."""
    for name in _SETTINGS:
        if project.checkout.holds(PurePosixPath(name)):
            return _first_line(name)
    return _first_line(_SETTINGS[0])


def _first_line(name: str) -> Location:
    return Location(Source(PurePosixPath(name), "\n"), Span(0, 0))


def _holds(project: Project, location: Location) -> bool:
    return project.checkout.get(location.source.path) is not None


def _moved(finding: Finding, place: Location, project: Project) -> Finding:
    own = str(finding.location)
    related = tuple(one for one in finding.related if _holds(project, one))
    data = finding.data
    where = f"{data.region}, " if data.region and data.region not in own else ""
    return replace(
        finding,
        message=f"{finding.message} ({where}{own})",
        location=place.labelled(""),
        related=related,
        flow=(),
    )
