"""How much a run does, counted: what grows here without need makes everybody wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from megalint.cli import main
from megalint.registry import load_rules
from megalint.run import run

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "fixtures" / "work.txt"
BEFORE = ROOT / "fixtures" / "projects" / "megaticket" / "before"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a monorepo of 400 files, the same each time."""
    folder = tmp_path_factory.mktemp("trees") / "tree"
    script = [sys.executable, str(ROOT / "bench" / "trees.py"), "--files", "400", "--apps", "3"]
    subprocess.run([*script, "--seed", "1", str(folder)], check=True, capture_output=True)
    return folder


def counted(root: Path) -> str:
    return "".join(f"{count:>8}  {name}\n" for name, count in run(root, load_rules()).counts)


def test_runs_do_no_more_than_they_did(tree: Path, request: pytest.FixtureRequest) -> None:
    text = f"megaticket\n{counted(BEFORE)}\ntree\n{counted(tree)}"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert text == GOLDEN.read_text(encoding="utf-8")


def test_most_files_are_not_parsed(tree: Path) -> None:
    counts = dict(run(tree, load_rules()).counts)

    assert counts["parsed as javascript"] < counts["files read"] / 5


def test_statistics_name_passes_rules_and_linkers(tree: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(tree), "--statistics"])
    lines = result.stderr.splitlines()
    names = [line[13:].strip() for line in lines if " s  " in line]

    assert names[:4] == ["discover", "read", "check", "suppress"]
    assert "the rest" in names
    assert any(name.startswith("facts EnvironmentRead") for name in names)
    assert any(line.endswith("files read") for line in lines)


def test_parts_take_no_longer_than_the_whole(tree: Path) -> None:
    report = run(tree, load_rules())

    assert sum(lap for _, lap in report.parts) <= sum(lap for _, lap in report.seconds)
