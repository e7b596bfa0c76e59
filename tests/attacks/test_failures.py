"""A part of megalint that fails is listed, once, and keeps nothing else from being found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from megalint.cli import main
from megalint.project.linked import Linker
from megalint.project.linkers import LINKERS
from megalint.registry import load_rules
from megalint.rule import Rule
from megalint.run import run
from trees import MANIFEST, write_tree

CONFIG = "export default { rewrites: async () => [{ source: '/a', destination: process.env.API_URL }] };\n"
STEP = "import boto3\nboto3.client('ec2').run_instances(LaunchTemplate={'Version': '1'})\n"
FILES = {"package.json": MANIFEST % "15.5.9", "next.config.mjs": CONFIG, "step.py": STEP}
FOUND = ["rewrite-captures-env", "hardcoded-template-version"]
ERRORS = [ValueError("x"), RecursionError("deep"), MemoryError(), AssertionError(), KeyError("k")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path, FILES)


def raising(error: Exception) -> Any:
    def fail(*_: object) -> Iterator[object]:
        raise error
        yield

    return fail


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_rule_that_fails(root: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    rules: list[Rule[Any]] = load_rules()
    broken = next(rule for rule in rules if rule.id == FOUND[0])
    monkeypatch.setattr(type(broken), "check", raising(error))

    report = run(root, rules)

    (problem,) = report.problems
    assert problem.is_internal
    assert problem.message.startswith(f"the rule {FOUND[0]} failed ({type(error).__name__}")
    assert "Traceback" in problem.detail
    assert [one.rule_id for one in report.findings] == FOUND[1:]


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_linker_that_fails(root: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    names = {kind.__name__ for linker in LINKERS for kind in linker.kinds}
    assert "Rewrite" in names
    linkers = tuple(
        Linker(one.kinds, raising(error)) if "Rewrite" in {k.__name__ for k in one.kinds} else one
        for one in LINKERS
    )
    monkeypatch.setattr("megalint.project.linkers.LINKERS", linkers)

    report = run(root, load_rules())

    (problem,) = (one for one in report.problems if one.is_internal)
    assert problem.message.startswith("linking ")
    assert [one.rule_id for one in report.findings] == FOUND[1:]


def test_failure_is_exit_code_3_and_findings_are_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = next(rule for rule in load_rules() if rule.id == FOUND[0])
    monkeypatch.setattr(type(broken), "check", raising(MemoryError()))

    done = CliRunner().invoke(main, ["check", str(root)])

    assert done.exit_code == 3
    assert "hardcoded-template-version" in done.stdout
    assert "megalint itself failed 1 time" in done.stdout
    assert f"the rule {FOUND[0]} failed (MemoryError" in done.stderr
