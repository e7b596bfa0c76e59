"""Packages from npm that oracles need: installed once below ``.oracle``, from a lock file."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".oracle"


def installed(name: str) -> Path:
    """Return the folder whose ``node_modules`` holds what ``tests/oracle/<name>`` asks for.

    Skips the running test where npm or node is missing.
    """
    for command in ("node", "npm"):
        if shutil.which(command) is None:
            pytest.skip(f"{command} is not installed")
    folder = CACHE / name
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (HERE / name / "package-lock.json").read_bytes()
        stamp = folder / "installed-lock.json"
        if not stamp.exists() or stamp.read_bytes() != wanted:
            _install(name, folder)
            stamp.write_bytes(wanted)
    return folder


def _install(name: str, folder: Path) -> None:
    for file in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name / file, folder / file)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"npm ci failed for {name}:\n{done.stderr[-2000:]}")
