"""The published schemas in the real Taplo, which is what editors use for TOML."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from megalint.config.page import example
from oracle.npm import installed

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SHARED = example().replace("\n[", "\n[tool.megalint.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (ROOT / "docs").glob("*.schema.json"):
        shutil.copy(path, tmp_path)
    (settings,) = re.findall(r"```toml\n(\[\[rule\]\].*?)```", PAGE, re.DOTALL)
    (tmp_path / ".taplo.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def said_of(folder: Path, name: str, text: str) -> list[str]:
    """Return what is said of a file, without the places."""
    (folder / name).write_text(text, encoding="utf-8")
    taplo = installed("taplo") / "node_modules" / "@taplo" / "cli" / "dist" / "cli.js"
    done = subprocess.run(
        ["node", str(taplo), "check", "--colors", "never", name],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = sorted(set(re.findall(r"^error: (.*)$", done.stdout + done.stderr, re.MULTILINE)))
    assert bool(found) == bool(done.returncode), done.stderr
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (example(), []),
        ("excludes = []\n", ["Additional properties are not allowed ('excludes' was unexpected)"]),
        (
            "[rules]\nsync-params = 'of'\n",
            ['"of" is not one of ["error","warning","note","off",false]'],
        ),
        (
            "[rules]\nsync-param = 'off'\n",
            ["\"sync-param\" is not valid under any of the schemas listed in the 'anyOf' keyword"],
        ),
    ],
    ids=["right", "unknown setting", "wrong value", "unknown rule"],
)
def test_first_line_names_the_schema(folder: Path, text: str, words: list[str]) -> None:
    (directive,) = re.findall(r"```toml\n(#:schema .*\n)```", PAGE)

    assert said_of(folder, "megalint.toml", directive + text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[project]\nname = 'x'\n[tool.megalint]\n{SHARED}", []),
        (
            "[tool.megalint]\nfail-on = 'warn'\n",
            ['"warn" is not one of ["error","warning","note","never"]'],
        ),
    ],
    ids=["right", "wrong value"],
)
def test_pyproject_is_checked_by_the_other_schema(
    folder: Path, text: str, words: list[str]
) -> None:
    assert said_of(folder, "pyproject.toml", text) == words
