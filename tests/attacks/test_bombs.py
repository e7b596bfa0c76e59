"""Small trees that unfold, nest or branch without end cost seconds, and a bounded memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.bombs import BOMBS
from attacks.sandbox import ended, megalint
from trees import MANIFEST, write_tree

SAVED = [name for name, make in BOMBS.items() if "answers/a.json" in make()]


def planted(root: Path, name: str) -> Path:
    return write_tree(root, {"package.json": MANIFEST % "15.5.9", **BOMBS[name]()})


@pytest.mark.parametrize("name", BOMBS)
def test_check(tmp_path: Path, name: str) -> None:
    ended(megalint(planted(tmp_path, name), "check", "--statistics"))


@pytest.mark.parametrize(
    "name", [name for name in BOMBS if name.endswith(("doubled", "branches", "switches", "env"))]
)
def test_trace(tmp_path: Path, name: str) -> None:
    ended(megalint(planted(tmp_path, name), "trace", "--format", "json"))


@pytest.mark.parametrize("name", SAVED)
def test_audit(tmp_path: Path, name: str) -> None:
    root = planted(tmp_path, name)

    ended(megalint(root, "lt", "--from", "answers", "--repo", ".", "--all-versions", "--diff"))
