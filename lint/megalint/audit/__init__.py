"""Launch templates as they are: what each version holds, who uses it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.config import Config
from megalint.finding import Finding
from megalint.formats.aws_answers import Inventory
from megalint.project.launches.facts import Launch
from megalint.project.linked import LinkError, Project
from megalint.project.live.facts import LiveReferrer, LiveTemplate, LiveTopic, LiveVersion
from megalint.report import Problem, Report
from megalint.rule import Rule
from megalint.run import audit as run_audit
from megalint.secrets import masked_line
from megalint.source import Source
from megalint.wording import counted

FAMILIES: Final = frozenset({"environment", "launch_template"})
"""Rules of other families speak of code that no account holds."""
LACKS: Final = "lacks "
_FEW: Final = 3


class Row(Struct, frozen=True):
    """A version, which variables its launches lack, and what changed since the one before.

    :attr:`environment` is in words; :attr:`changes` are lines that begin with ``+`` or ``-``.
    """

    version: LiveVersion
    environment: str
    changes: tuple[str, ...]


class Section(Struct, frozen=True):
    """A template with its versions, oldest first, and its referrers."""

    template: LiveTemplate
    rows: tuple[Row, ...]
    referrers: tuple[LiveReferrer, ...]

    @property
    def arn(self) -> str:
        """The template's ARN."""
        return arn(self.template)


class Audit(Struct, frozen=True):
    """What one audit found."""

    project: Project
    report: Report
    sections: tuple[Section, ...]


def arn(template: LiveTemplate) -> str:
    """Return the ARN of a template; the partition follows from the region."""
    region = template.region
    partition = "aws-cn" if region.startswith("cn-") else "aws"
    partition = "aws-us-gov" if region.startswith("us-gov-") else partition
    account = template.inventory.account
    return f"arn:{partition}:ec2:{region}:{account}:launch-template/{template.template.id}"


def is_live(rule: Rule[Any]) -> bool:
    """Whether a rule can find anything in an account."""
    return rule.family in FAMILIES or rule.fact is LiveTopic


def audit(
    root: Path | None,
    inventories: Sequence[Inventory],
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    *,
    has_all_versions: bool = False,
) -> Audit:
    """Check accounts against the checkout at *root*.

    Findings in the user data of versions that nobody uses are left out, unless *has_all_versions*.
    """
    chosen = [rule for rule in rules if is_live(rule)]
    project, report = run_audit(root, inventories, chosen, config)
    try:
        sections = tuple(_sections(project))
    except LinkError:
        sections = ()
    owners = _owners(sections)
    findings = (_owned(one, owners) for one in report.findings)
    kept = tuple(
        one for one in findings if has_all_versions or not _is_quiet(one.location.source, owners)
    )
    problems = (*report.problems, *unanswered(inventories))
    report = replace(
        report, findings=kept, problems=problems, subject=tuple(_subject(sections, inventories))
    )
    return Audit(project, report, sections)


def _sections(project: Project) -> Iterator[Section]:
    launches: dict[Source, list[Launch]] = {}
    for launch in project.each(Launch):
        launches.setdefault(launch.location.source, []).append(launch)
    referrers = list(project.each(LiveReferrer))
    for template in project.each(LiveTemplate):
        own = tuple(one for one in referrers if one.template == template)
        yield Section(template, tuple(_rows(template, launches)), own)


def _rows(template: LiveTemplate, launches: dict[Source, list[Launch]]) -> Iterator[Row]:
    before: LiveVersion | None = None
    for version in template.versions:
        held = [] if version.script is None else launches.get(version.script, [])
        yield Row(version, _environment(held), tuple(_changes(before, version)))
        before = version


def _environment(launches: Sequence[Launch]) -> str:
    """Return in words what the processes that a version starts lack."""
    of_apps = [one for one in launches if one.app is not None]
    if not of_apps:
        return ""
    lacks = dict.fromkeys(name for one in of_apps for name in one.lacks)
    if lacks:
        return f"{LACKS}{', '.join(lacks)}"
    return "not known" if any(one.is_open for one in of_apps) else "complete"


def _changes(before: LiveVersion | None, version: LiveVersion) -> Iterator[str]:
    if before is None or before.text == version.text:
        return
    old, new = before.text.splitlines(), version.text.splitlines()
    for line in unified_diff(old, new, n=0, lineterm=""):
        if line[:1] in {"+", "-"} and not line.startswith(("+++", "---")):
            yield f"{line[0]} {masked_line(line[1:])}"


def _owners(sections: Sequence[Section]) -> dict[Source, tuple[LiveTemplate, LiveVersion | None]]:
    """Return whose each source is."""
    found: dict[Source, tuple[LiveTemplate, LiveVersion | None]] = {}
    for section in sections:
        found[section.template.table] = (section.template, None)
        for row in section.rows:
            if row.version.script is not None:
                found[row.version.script] = (section.template, row.version)
    return found


def _owned(
    finding: Finding, owners: dict[Source, tuple[LiveTemplate, LiveVersion | None]]
) -> Finding:
    """Return the finding with the template that it is about."""
    template, version = owners.get(finding.location.source, (None, None))
    data = finding.data
    if template is None:
        held = (one for one, _ in owners.values() if one.template.name == data.template)
        template = next((one for one in held if one.region == data.region), None)
    if template is None:
        return finding
    number = data.version or (None if version is None else str(version.number))
    return replace(
        finding,
        data=replace(
            data,
            region=template.region,
            template=template.template.name,
            version=number,
            arn=arn(template),
        ),
    )


def _is_quiet(
    source: Source, owners: dict[Source, tuple[LiveTemplate, LiveVersion | None]]
) -> bool:
    """Whether a source is the user data of a version from which nothing starts."""
    version = owners.get(source, (None, None))[1]
    if version is None or version.is_booted:
        return False
    is_meant = version.version.is_default or version.template.latest == version.version
    return not (is_meant and version.inventory.referrers is None)


def unanswered(inventories: Sequence[Inventory]) -> Iterator[Problem]:
    """Yield the questions that AWS did not answer."""
    for one in inventories:
        for question in one.not_checked:
            words = f"not checked: {question.service} {question.operation}: {question.reason}"
            yield Problem(f"{one.account} {one.region}".strip(), words, is_unanswered=True)


def _subject(sections: Sequence[Section], inventories: Sequence[Inventory]) -> Iterator[str]:
    versions = sum(len(section.rows) for section in sections)
    regions = sorted({one.region for one in inventories})
    yield counted(len(sections), "launch template")
    yield counted(versions, "version")
    names = f" ({', '.join(regions)})" if len(regions) <= _FEW else ""
    yield f"{counted(len(regions), 'region')}{names}"
