"""Labelled launch template code, each checked with the real tools when it was labelled."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from megalint.finding import Finding, Severity
from megalint.registry import load_rules
from megalint.run import lint
from megalint.source import Source

CASES = sorted((Path(__file__).parent.parent / "fixtures/labelled/launch_template").iterdir())
FAMILIES = {"launch_template", "terraform"}
Place = tuple[str, str, int]


def label(case: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((case / "label.json").read_text(encoding="utf-8"))
    return found


def findings(case: Path) -> list[Finding]:
    paths = [one for one in case.rglob("*") if one.is_file() and one.name != "label.json"]
    sources = [
        Source(PurePosixPath(one.relative_to(case).as_posix()), one.read_text(encoding="utf-8"))
        for one in paths
    ]
    report = lint(sources, [rule for rule in load_rules() if rule.family in FAMILIES])
    assert not report.problems
    return [one for one in report.findings if one.severity > Severity.NOTE]


def place(finding: Finding) -> Place:
    return finding.rule_id, str(finding.location.source.path), finding.location.line


def accepted(wanted: dict[str, Any]) -> set[Place]:
    return {(wanted["rule"], one["file"], one["line"]) for one in (wanted, *wanted.get("also", ()))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_labelled_finding_and_nothing_else(case: Path) -> None:
    wanted = label(case)
    found = {place(one) for one in findings(case)}
    places = [accepted(one) for one in wanted["findings"]]
    optional = [accepted(one) for one in wanted["optional"]]
    places += [
        {("version-alias-expanded", one["file"], one["line"])}
        for one in wanted.get("uncatalogued", ())
    ]

    assert [one for one in places if not one & found] == []
    assert found - set().union(*places, *optional) == set()


@pytest.mark.parametrize("case", [c for c in CASES if label(c)["fix"]], ids=lambda c: c.name)
def test_fix_writes_the_labelled_line(case: Path) -> None:
    wanted = label(case)["fix"]
    edits = [edit for one in findings(case) if one.fix for edit in one.fix.edits]
    fixed = [
        edit.source.text[: edit.span.start] + edit.text + edit.source.text[edit.span.end :]
        for edit in edits
        if str(edit.source.path) == wanted["file"]
    ]

    assert wanted["after"] in [text.split("\n")[wanted["line"] - 1] for text in fixed]
