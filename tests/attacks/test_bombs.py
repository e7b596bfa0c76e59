"""Small files that unfold, nest and branch without end cost little: in time, and in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.bombs import BOMBS
from attacks.sandbox import ended, megalint
from trees import MANIFEST


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_bounded(name: str, tmp_path: Path) -> None:
    files = {"package.json": MANIFEST % "15.5.9", "megalint.toml": "", **BOMBS[name]()}
    for path, content in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    done = megalint(tmp_path, "check", "--format", "json")

    ended(done)
    assert done.stdout.startswith("{")
