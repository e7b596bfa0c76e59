"""Generated pages are up to date, and the scaffolding of a new rule works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from megalint import docs
from megalint.registry import load_rules

ROOT = Path(__file__).parent.parent


def test_pages_are_up_to_date() -> None:
    assert docs.stale(load_rules(), ROOT / "docs" / "rules") == []


def test_a_page_that_differs_is_stale(tmp_path: Path) -> None:
    docs.write(tmp_path)
    page = tmp_path / "rewrite-captures-env.md"
    page.write_text(page.read_text(encoding="utf-8") + "x", encoding="utf-8")
    (tmp_path / "gone.md").write_text("x", encoding="utf-8")

    assert docs.stale(load_rules(), tmp_path) == [page, tmp_path / "gone.md"]


def test_new_rule_is_complete(tmp_path: Path) -> None:
    for name in ("lint", "rules", "tests", "fixtures", "docs"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("oracle", "__pycache__", "labelled"),
        )
    for name in ("pyproject.toml", "CHANGELOG.md", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path / 'lint'}{os.pathsep}{tmp_path / 'rules'}",
    }

    def python(*arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    python("-m", "megalint.scaffold", "rule", "new-pattern-found")
    python("-m", "megalint.scaffold", "docs")
    python(
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_rule_pages.py",
        "tests/test_rule_fixtures.py",
        "-k",
        "new-pattern-found",
    )
    python("-m", "mypy", "rules/megalint_rules/nextjs/new_pattern_found.py")
    python("-m", "ruff", "check", "rules/megalint_rules/nextjs/new_pattern_found.py")
    python("-m", "ruff", "format", "--check", "rules/megalint_rules/nextjs/new_pattern_found.py")

    assert "- Rule `new-pattern-found`." in (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (tmp_path / "docs/rules/new-pattern-found.md").exists()
