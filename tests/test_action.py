"""The steps of the GitHub action, run as a runner runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from trees import write_tree

ROOT = Path(__file__).parent.parent
STEPS: list[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))[
    "runs"
]["steps"]
GROUP = 'resource "aws_autoscaling_group" "a" {\n  launch_template {\n    id = "lt-1"\n    version = "1"\n  }\n}\n'


def script(step_id: str) -> str:
    (found,) = (step["run"] for step in STEPS if step_id in (step.get("id"), step.get("name")))
    return str(found)


def run(text: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tree(
        tmp_path / "repository", {"a b/main.tf": GROUP, "c/main.tf": GROUP, "megalint.toml": ""}
    )


def checked(folder: Path, **inputs: str) -> tuple[str, str, dict[str, Any]]:
    """Run the check step with a megalint of this checkout; return code, stdout and SARIF."""
    venv, answers = folder.parent / "venv", folder.parent / "output"
    (venv / "bin").mkdir(parents=True)
    command = venv / "bin" / "megalint"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m megalint "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    path = f"{ROOT / 'lint'}:{ROOT / 'rules'}"
    given = {"PATHS": "", "ARGS": "", "SARIF": "out.sarif", **inputs}
    done = run(
        script("check"),
        folder,
        VENV=str(venv),
        GITHUB_OUTPUT=str(answers),
        GITHUB_STEP_SUMMARY=str(folder.parent / "summary"),
        PYTHONPATH=path,
        **given,
    )
    assert done.returncode == 0, done.stderr
    sarif = folder / given["SARIF"]
    report = json.loads(sarif.read_text(encoding="utf-8")) if sarif.exists() else {}
    return answers.read_text(encoding="utf-8").strip(), done.stdout, report


def test_findings_are_annotations_and_sarif(folder: Path) -> None:
    code, out, report = checked(folder)

    assert code == "exit-code=1"
    assert out.count("::error file=") == 2
    assert len(report["runs"][0]["results"]) == 2


def test_findings_are_added_to_the_summary_of_the_step(folder: Path) -> None:
    summary = folder.parent / "summary"
    summary.write_text("before\n", encoding="utf-8")

    checked(folder)

    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n### megalint\n\n<p>2 errors in ")
    assert "| hardcoded-template-version | 2 |" in text


def test_inputs_are_lines(folder: Path) -> None:
    code, out, _ = checked(folder, PATHS="a b\n", ARGS="--fail-on\nnever\n")

    assert code == "exit-code=0"
    assert "file=a b/main.tf" in out
    assert "file=c/main.tf" not in out


def test_inputs_are_text_and_no_script(folder: Path) -> None:
    code, _, _ = checked(folder, PATHS='$(touch pwned)\n"; touch pwned; "\n')

    assert code == "exit-code=2"
    assert not (folder / "pwned").exists()


@pytest.mark.parametrize("code", ["0", "1", "3"])
def test_the_job_ends_as_the_check_did(code: str, tmp_path: Path) -> None:
    assert run(script("Result"), tmp_path, CODE=code).returncode == int(code)


def test_no_input_is_pasted_into_a_script() -> None:
    scripts = [str(step["run"]) for step in STEPS if "run" in step]

    assert len(scripts) == 3
    assert not any("${{" in text for text in scripts)
