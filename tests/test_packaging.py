"""What is shipped: two packages, and a hook that pre-commit can run."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest
import yaml

from megalint.classify import classify
from trees import MANIFEST, write_tree

ROOT = Path(__file__).parent.parent


def test_wheel_holds_the_two_packages_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names} == {
        "megalint",
        "megalint_rules",
        "megalint-0.1.0.dist-info",
    }
    assert "megalint/py.typed" in names


def test_lock_file_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]

    assert "http" not in text
    assert text.count("==") <= text.count("--hash=sha256:")
    assert {re.split(r"[][<>=]", one)[0] for one in wanted} <= locked


def imported(path: Path) -> set[str]:
    """Return the top-level modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
    return {name.split(".")[0] for name in found}


def test_whatever_is_imported_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=]", one)[0] for one in project["dependencies"]}
    files = [path for folder in ("lint", "rules") for path in (ROOT / folder).rglob("*.py")]
    own = {*sys.stdlib_module_names, "megalint", "megalint_rules"}
    distributions = packages_distributions()

    names = {name for path in files for name in imported(path)} - own
    needed = {distributions[name][0].lower().replace("_", "-") for name in names}

    assert needed == declared


def test_hook_covers_every_kind_that_is_read() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    pattern = re.compile(hooks[0]["files"])
    paths = [
        "a/b.ts",
        "x.mjs",
        "package.json",
        "a/pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "Dockerfile",
        "web.Dockerfile",
        "Dockerfile.prod",
        "compose.yml",
        "docker-compose.dev.yaml",
        ".env",
        "a/.env.production",
        "run.sh",
        "user_data.tpl",
        "main.tf",
        "x.tfvars",
        "web.service",
        "pnpm-workspace.yaml",
        "turbo.jsonc",
    ]

    assert [path for path in paths if classify(PurePosixPath(path)) is None] == []
    assert [path for path in paths if not pattern.search(path)] == []


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_pre_commit_runs_the_hook(tmp_path: Path) -> None:
    repository = write_tree(
        tmp_path / "repository",
        {
            "package.json": MANIFEST % "15.5.9",
            "next.config.mjs": "export default { rewrites: async () => [{ source: '/a', destination: process.env.API_URL }] };\n",
        },
    )
    hook = tmp_path / "hook"
    for name in (
        "lint",
        "rules",
        ".pre-commit-hooks.yaml",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
    ):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, hook / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, hook / name)
    for folder in (repository, hook):
        for command in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "x"],
        ):
            subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}

    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(hook), "megalint", "--all-files"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "error" in done.stdout or "warning[rewrite-captures-env]" in done.stdout
    assert "`API_URL` is frozen" in done.stdout
