"""The programs that are measured: megalint in its states, other linters, and floors."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from measure import Contender

HERE: Final = Path(__file__).parent
PEERS: Final = HERE / "peers"
REFERENCE: Final = "ast-grep, six rules"
COLD: Final = "megalint, cold"
_PYTHON: Final = ("ast-grep-cli", "semgrep")


def installed(folder: Path) -> dict[str, str]:
    """Install the other linters below *folder*; return why one of them is not there, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    missing: dict[str, str] = {}
    if not (folder / "py").exists():
        venv.create(folder / "py", with_pip=True)
    for package in _PYTHON:
        done = _quietly(folder / "py" / "bin" / "pip", "install", "--quiet", package)
        if done:
            missing[package] = done
    if shutil.which("npm") is None:
        return missing | {"oxlint": "npm is not installed", "eslint": "npm is not installed"}
    for name in ("package.json", "eslint.config.mjs"):
        shutil.copy(PEERS / name, folder / name)
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    failed = _quietly("npm", "install", "--prefix", folder, *options)
    return missing | ({"oxlint": failed, "eslint": failed} if failed else {})


def _quietly(*command: str | Path) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def megalints(cache: Path) -> Iterator[Contender]:
    """Yield megalint as it starts on a checkout, as it is run again, and after edits."""
    command = (sys.executable, "-m", "megalint", "check", "--exit-zero")
    component, route = _line_added("*.tsx", "components"), _line_added("route.ts", "api")
    yield Contender(COLD, (*command, "--no-cache"))
    for place, (words, before) in enumerate(
        (
            ("nothing changed", _settled),
            ("a component changed", component),
            ("a route changed", route),
        )
    ):
        # each has a cache of its own: what one remembers is not what the next one starts from
        own = {"MEGALINT_CACHE_DIR": str(cache / str(place))}
        yield Contender(f"megalint, {words}", command, before, own)


def _settled(tree: Path) -> None:
    """Undo what earlier runs changed."""
    subprocess.run(["git", "checkout", "-q", "."], cwd=tree, check=True)


def _line_added(pattern: str, folder: str) -> Callable[[Path], object]:
    def add(tree: Path) -> None:
        _settled(tree)
        names = (path for path in sorted(tree.rglob(pattern)) if "node_modules" not in path.parts)
        found = next((path for path in names if folder in path.parts), None)
        if found is not None:
            line = f"// edit {time.monotonic_ns()}\n"
            found.write_text(found.read_text(encoding="utf-8") + line, encoding="utf-8")

    return add


def peers(folder: Path, *, has_slow: bool) -> Iterator[Contender]:
    """Yield other linters as they are asked for what comes nearest, and floors."""
    binaries, modules = folder / "py" / "bin", folder / "node_modules" / ".bin"
    rules = PEERS / "ast-grep" / "rules.yml"
    yield Contender(REFERENCE, (str(binaries / "ast-grep"), "scan", "-r", str(rules), "."))
    config = ("-c", str(PEERS / "oxlint.json"), "--nextjs-plugin", ".")
    yield Contender("oxlint, nextjs plugin", (str(modules / "oxlint"), *config))
    yield Contender("git grep", ("git", "grep", "-c", "process.env"))
    floor = (sys.executable, "-I", "-S", str(HERE / "floor.py"), ".")
    yield Contender("Python: list, read, search", floor)
    if has_slow:
        options = ("--metrics", "off", "--disable-version-check", "--quiet", ".")
        own = ("--config", str(PEERS / "semgrep" / "rules.yml"))
        path = {"PATH": f"{binaries}:{os.environ['PATH']}"}
        yield Contender(
            "semgrep, six rules", (str(binaries / "semgrep"), "scan", *own, *options), None, path
        )
        config = ("--no-config-lookup", "-c", str(folder / "eslint.config.mjs"), ".")
        yield Contender("eslint, next plugin", (str(modules / "eslint"), *config))
