"""Generated pages are up to date, and the scaffolding of a new rule works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from megalint import docs, scaffold
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


def test_changelog_names_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert [rule.id for rule in load_rules() if f"`{rule.id}`" not in text] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# C\n\n## Unreleased\n\n### Added\n\n- A.\n",
            "# C\n\n## Unreleased\n\n### Added\n\n- Rule `x`.\n- A.\n",
        ),
        (
            "# C\n\n## Unreleased\n\n## 0.1.0\n\n### Added\n\n- A.\n",
            "# C\n\n## Unreleased\n\n### Added\n\n- Rule `x`.\n\n## 0.1.0\n\n### Added\n\n- A.\n",
        ),
    ],
)
def test_line_of_a_new_rule_goes_under_unreleased(before: str, after: str) -> None:
    assert scaffold.with_entry(before, "x") == after


def test_changelog_without_unreleased_is_refused() -> None:
    with pytest.raises(click.ClickException, match="## Unreleased"):
        scaffold.with_entry("# C\n", "x")


@pytest.mark.parametrize("rule_id", ["Some-Rule", "some--rule", "3-rules", "some_rule", "../x", ""])
def test_id_that_is_none_is_refused(tmp_path: Path, rule_id: str) -> None:
    result = CliRunner().invoke(scaffold.main, ["rule", "--root", str(tmp_path), "--", rule_id])

    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_existing_rule_is_not_overwritten_and_a_new_family_is_a_package(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n", encoding="utf-8")
    arguments = ["rule", "some-rule", "--family", "terraform", "--root", str(tmp_path)]

    first, second = (CliRunner().invoke(scaffold.main, arguments) for _ in range(2))

    assert first.exit_code == 0
    assert (tmp_path / "rules/megalint_rules/terraform/__init__.py").exists()
    assert second.exit_code == 2
    assert "some_rule.py is there already" in second.output


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
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_cli.py", "-k", "rules")
    python("-m", "mypy", "rules/megalint_rules/nextjs/new_pattern_found.py")
    python("-m", "ruff", "check", "rules/megalint_rules/nextjs/new_pattern_found.py")
    python("-m", "ruff", "format", "--check", "rules/megalint_rules/nextjs/new_pattern_found.py")

    assert "- Rule `new-pattern-found`." in (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (tmp_path / "docs/rules/new-pattern-found.md").exists()
