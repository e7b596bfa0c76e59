"""SARIF 2.1.0, as GitHub code scanning wants it."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

import attr
import sarif_om as om
from msgspec import Struct

from megalint.finding import Confidence, Finding, Severity
from megalint.fingerprint import fingerprints
from megalint.output.json_text import to_json
from megalint.output.line_hash import line_hashes
from megalint.output.rendering import Style
from megalint.report import Check, Problem, Report
from megalint.rule import Rule
from megalint.source import Location, Source

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_DESCRIPTION: Final = 1024
_NOWHERE: Final = -1
_WORD: Final = re.compile(r"[^-/]+")
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_PROBLEM: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "recommendation",
}
_PRECISION: Final = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


MAX_RESULTS: Final = 25_000
"""GitHub refuses a run with more; it shows the 5,000 most severe ones."""
MAX_BYTES: Final = 10_000_000
"""GitHub refuses a file that is larger when it is packed by gzip."""
_MAX_STEPS: Final = 1_000
"""Places of one result, and steps of a flow, that GitHub keeps."""


def render(report: Report, style: Style) -> str:
    """Return the report as SARIF text that GitHub takes: the most severe findings that fit."""
    results = list(_all(report, has_suppressed=style.has_suppressed))
    count = min(len(results), MAX_RESULTS)
    while True:
        left = len(results) - count
        told = f"{left} of {len(results)} results left out, the least severe: GitHub takes no more"
        log = _log(report, style, _worst(results, count), told if left else None)
        text = to_json(plain(log), indent=None)
        if not count or len(text) <= MAX_BYTES or _packed(text) <= MAX_BYTES:
            break
        count = count * 3 // 4
    if left:
        style.tell(f"sarif: {told}")
    return text


class _Entry(Struct, frozen=True):
    """A finding, and why it is set aside: the kind of suppression and the reason."""

    finding: Finding
    kind: str | None = None
    reason: str = ""


def _all(report: Report, *, has_suppressed: bool) -> Iterator[_Entry]:
    """Yield what becomes a result: the findings, and on request those that are set aside."""
    yield from (_Entry(one) for one in report.findings)
    if has_suppressed:
        for one in report.suppressed:
            asked = (ignore for ignore in report.ignores if ignore.path == _path(one))
            reason = next((ignore.reason for ignore in asked if ignore.covers(one)), "")
            yield _Entry(one, "inSource", reason)
        for known in report.baselined:
            yield _Entry(known.finding, "external", known.entry.reason)


def _path(finding: Finding) -> PurePosixPath:
    return finding.location.source.path


def _worst(results: list[_Entry], count: int) -> list[_Entry]:
    """Return the *count* most severe results, in the order they are in; open ones go first."""
    order = sorted(
        range(len(results)),
        key=lambda number: (results[number].kind is not None, -results[number].finding.severity),
    )
    return [results[number] for number in sorted(order[:count])]


def _packed(text: str) -> int:
    return len(gzip.compress(text.encode("utf-8", "backslashreplace"), compresslevel=6))


def plain(value: Any) -> Any:
    """Return a sarif-om object as JSON data.

    The package's own serializer leaves out what equals a default, ``level`` among it, and so turns
    a warning under an error rule into an error: only None is left out here, and the -1 by which the
    schema says that there is no index.
    """
    if isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    kind: Any = type(value)
    found = {}
    for name, written, default in _members(kind):
        item = getattr(value, name)
        if item is not None and not (item == default == _NOWHERE):
            found[written] = plain(item)
    return found


@cache
def _members(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    """Return the attributes of a class of sarif-om: name, name in SARIF, default."""
    return tuple(
        (one.name, one.metadata["schema_property_name"], one.default) for one in attr.fields(kind)
    )


def _log(report: Report, style: Style, results: Sequence[_Entry], left: str | None) -> om.SarifLog:
    rules: list[Rule[Any] | Check] = [*report.rules, *report.checks]
    driver = om.ToolComponent(
        name="megalint",
        semantic_version=version("megalint"),
        version=version("megalint"),
        rules=[_descriptor(rule) for rule in rules],
    )
    run = om.Run(
        tool=om.Tool(driver=driver),
        results=_results(results, [rule.id for rule in rules]),
        column_kind="unicodeCodePoints",
        automation_details=_category(style),
        invocations=[_invocation(report, left)],
        # sarif-om fills these with defaults that the schema refuses or that say nothing
        redaction_tokens=None,
        default_encoding="utf-8",
    )
    return om.SarifLog(schema_uri=SCHEMA, version="2.1.0", runs=[run])


def _category(style: Style) -> om.RunAutomationDetails | None:
    """Return the category; what follows its last slash would be the number of the run."""
    if style.category is None:
        return None
    return om.RunAutomationDetails(id=f"{style.category.rstrip('/')}/")


def _invocation(report: Report, left: str | None) -> om.Invocation:
    notes = [
        om.Notification(
            message=om.Message(text=problem.message),
            level="error" if problem.is_internal else "warning",
            locations=None if problem.path == "." else [_place(problem)],
        )
        for problem in report.problems
    ]
    if left is not None:
        notes.append(om.Notification(message=om.Message(text=left), level="warning"))
    return om.Invocation(
        execution_successful=not report.has_failed, tool_execution_notifications=notes or None
    )


def _place(problem: Problem) -> om.Location:
    physical = _artifact(problem.path)
    physical.region = None if problem.line is None else om.Region(start_line=problem.line)
    return om.Location(physical_location=physical)


def _artifact(path: str) -> om.PhysicalLocation:
    return om.PhysicalLocation(artifact_location=om.ArtifactLocation(uri=quote(_bytes(path))))


def _bytes(path: str) -> bytes:
    """Return the bytes of a name as Linux has it; one of Windows or of JSON may have none."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "backslashreplace")


def _descriptor(rule: Rule[Any] | Check) -> om.ReportingDescriptor:
    page = rule.page()
    summary, _, rest = page.partition("\n")
    words = rest.partition("## Example")[0].replace("## Why is this bad?", "").split()
    description = " ".join(words) or summary
    return om.ReportingDescriptor(
        id=rule.id,
        name="".join(word.title() for word in _WORD.findall(rule.id)),
        short_description=om.MultiformatMessageString(text=summary),
        full_description=om.MultiformatMessageString(text=_shortened(description)),
        help=om.MultiformatMessageString(text=page, markdown=page),
        default_configuration=om.ReportingConfiguration(level=_LEVELS[rule.severity]),
        properties={
            "tags": ["megalint", rule.family],
            "precision": _PRECISION[rule.confidence],
            "problem.severity": _PROBLEM[rule.severity],
        },
    )


def _shortened(text: str) -> str:
    """Return *text*, or as many whole words of it as GitHub takes."""
    if len(text) <= MAX_DESCRIPTION:
        return text
    return text[: MAX_DESCRIPTION - 1].rpartition(" ")[0] + "…"


def _results(entries: Sequence[_Entry], ids: Sequence[str]) -> list[om.Result]:
    places = {rule_id: index for index, rule_id in enumerate(ids)}
    findings = [one.finding for one in entries]
    prints = zip(_hashed(findings), fingerprints(findings), strict=True)
    return [
        _result(one, places[one.finding.rule_id], {**line_hash, "megalint/v1": fingerprint})
        for one, (line_hash, fingerprint) in zip(entries, prints, strict=True)
    ]


def _hashed(findings: Sequence[Finding]) -> Iterator[dict[str, str]]:
    """Yield GitHub's fingerprint for each finding.

    GitHub takes two alerts of one rule with one fingerprint for the same: the second on a line
    and those that follow get a number of their own, and the first has what GitHub computes.
    """
    hashes: dict[Source, dict[int, str]] = {}
    seen: Counter[tuple[str, Source, int]] = Counter()
    for finding in findings:
        source, line = finding.location.source, finding.location.line
        if source not in hashes:
            hashes[source] = line_hashes(source)
        seen[finding.rule_id, source, line] += 1
        number = seen[finding.rule_id, source, line]
        text = hashes[source].get(line)
        suffix = f":{number}" if number > 1 else ""
        yield {} if text is None else {"primaryLocationLineHash": f"{text}{suffix}"}


def _result(entry: _Entry, index: int, prints: dict[str, str]) -> om.Result:
    finding = entry.finding
    places, flow = finding.related[: _MAX_STEPS - 1], finding.flow[:_MAX_STEPS]
    related = [_location(one, number) for number, one in enumerate(places, 1)]
    steps = [om.ThreadFlowLocation(location=_location(one)) for one in flow]
    road = om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])
    notes = "".join(f"\n{note}" for note in finding.notes)
    return om.Result(
        rule_id=finding.rule_id,
        rule_index=index,
        level=_LEVELS[finding.severity],
        message=om.Message(text=f"{finding.message}.{notes}"),
        locations=[_primary(finding)],
        related_locations=related or None,
        code_flows=[road] if steps else None,
        partial_fingerprints=prints,
        suppressions=_suppressions(entry),
        properties={
            "confidence": finding.confidence.name.lower(),
            "environmentVariables": list(finding.data.env),
            **_cloud(finding),
        },
    )


def _suppressions(entry: _Entry) -> list[om.Suppression] | None:
    if entry.kind is None:
        return None
    return [om.Suppression(kind=entry.kind, justification=entry.reason or None)]


def _cloud(finding: Finding) -> dict[str, str]:
    """Return where in an account a finding is; nothing for one in the checkout."""
    data = finding.data
    found = {"subject": data.subject}
    if data.arn is not None:
        found |= {
            "arn": data.arn,
            "region": data.region,
            "launchTemplate": data.template,
            "launchTemplateVersion": data.version,
        }
    return {key: one for key, one in found.items() if one is not None}


def _primary(finding: Finding) -> om.Location:
    found = _location(finding.location.labelled(""))
    if finding.data.arn is not None:
        version = f"/{finding.data.version}" if finding.data.version else ""
        found.logical_locations = [
            om.LogicalLocation(
                name=finding.data.template or finding.data.arn.rpartition(":")[2],
                fully_qualified_name=f"{finding.data.arn}{version}",
                kind="resource",
            )
        ]
    return found


def _location(location: Location, number: int | None = None) -> om.Location:
    source = location.source
    line, column = source.line_column(location.span.start)
    end_line, end_column = source.line_column(location.span.end)
    region = om.Region(
        start_line=line, start_column=column, end_line=end_line, end_column=end_column
    )
    physical = _artifact(source.path.as_posix())
    physical.region = region
    message = om.Message(text=location.label) if location.label else None
    return om.Location(physical_location=physical, message=message, id=number)
