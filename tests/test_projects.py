"""Whole projects against golden output; ``--update-golden`` rewrites it."""

from __future__ import annotations

from pathlib import Path

import pytest

from megalint.config import Config, find, load
from megalint.output import Style, render
from megalint.registry import load_rules
from megalint.run import run

FIXTURES = Path(__file__).parent.parent / "fixtures" / "projects"
PROJECTS = sorted(
    path for folder in FIXTURES.iterdir() for path in folder.iterdir() if path.is_dir()
)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_project_output(project: Path, request: pytest.FixtureRequest) -> None:
    golden = project.with_suffix(".out")
    path = find(project)
    report = run(project, load_rules(), Config() if path is None else load(path))
    output = render("text", report, Style(width=100))

    if request.config.getoption("--update-golden"):
        golden.write_text(output, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == output


def test_the_example_shows_each_defect_once() -> None:
    root = FIXTURES / "megaticket" / "before"
    report = run(root, load_rules(), load(root / "megalint.toml"))

    rules = [finding.rule_id for finding in report.findings]

    assert sorted(rules) == sorted(set(rules))
    assert set(rules) == {
        "api-route-missing",
        "env-fallback-hides-missing",
        "handler-shadowed-by-rewrite",
        "hardcoded-region",
        "middleware-blocks-api",
        "middleware-matches-assets",
        "middleware-redirects-root",
        "missing-standalone-output",
        "public-env-captured",
        "redirect-to-bind-address",
        "rewrite-captures-env",
        "rewrite-hardcodes-host",
        "static-render-captures-env",
        "sync-params",
    }


def test_the_repaired_example_shows_none() -> None:
    root = FIXTURES / "megaticket" / "after"

    assert run(root, load_rules(), load(root / "megalint.toml")).findings == ()
