"""Nothing that a checkout holds is run: neither its code, nor what it tells git to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from attacks.sandbox import SECONDS, ended, environment, megalint
from trees import MANIFEST, write_tree

CONFIG = "module.exports = { rewrites: async () => [{ source: '/a', destination: process.env.API_URL }] };\n"
MODULES = (
    "sitecustomize",
    "usercustomize",
    "conftest",
    "setup",
    "click",
    "yaml",
    "libcst",
    "attr",
    "tree_sitter",
    "json",
    "megalint_rules",
)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=environment()
    )


def trapped(folder: Path, marker: Path) -> Path:
    """Write an app in which whatever can be run leaves *marker*."""
    python = f"open({str(marker)!r}, 'a').write(__file__ + '\\n')\n"
    shell = f"#!/bin/sh\necho \"$0\" >> '{marker}'\n"
    script = f"require('fs').appendFileSync({str(marker)!r}, 'node');\n"
    hooks = ("preinstall", "install", "postinstall", "prepare", "build", "start")
    scripts = ",".join(f'"{name}": "echo {name} >> {marker}"' for name in hooks)
    files: dict[str, str | bytes] = {
        "package.json": MANIFEST.replace('"build": "next build"', scripts) % "15.5.9",
        "next.config.js": f"{script}{CONFIG}",
        "ecosystem.config.js": f"{script}module.exports = {{ apps: [{{ name: 'web', script: 'npm', args: 'start' }}] }};\n",
        "instrumentation.ts": script,
        "deploy.sh": f"{shell}npm start\n",
        "infra.py": f"{python}import boto3\nboto3.client('ec2').run_instances(LaunchTemplate={{'Version': '1'}})\n",
        "stack.yaml": f'a: !!python/object/apply:os.system ["echo yaml >> {marker}"]\nResources: {{}}\n',
        "main.tf": f'data "external" "x" {{\n  program = ["sh", "-c", "echo tf >> {marker}"]\n}}\n',
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "setup"\nbackend-path = ["."]\n[project.entry-points."megalint.rules"]\nevil = "setup"\n',
        "evil.pth": f"import os; os.system('echo pth >> {marker}')\n",
        "evil-1.dist-info/entry_points.txt": "[megalint.rules]\nevil = setup\n",
        "evil-1.dist-info/METADATA": "Name: evil\nVersion: 1\n",
        **{f"{name}.py": python for name in MODULES},
    }
    write_tree(folder, files)
    (folder / "deploy.sh").chmod(0o755)
    return folder


def armed(folder: Path, marker: Path) -> None:
    """Make a repository of *folder* whose configuration names programs wherever git takes one."""
    program = folder / ".git" / "evil.sh"
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    write_tree(
        folder,
        {
            ".git/evil.sh": f"#!/bin/sh\necho \"$0 $*\" >> '{marker}'\ncat\n",
            ".git/info/attributes": "* filter=a=b diff=evil merge=evil\n*.tf filter=process\n",
        },
    )
    program.chmod(0o755)
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in (
        "post-index-change",
        "fsmonitor-watchman",
        "post-checkout",
        "reference-transaction",
    ):
        (hooks / name).write_bytes(program.read_bytes())
        (hooks / name).chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.diff",
        "core.editor",
        "core.sshCommand",
        "core.gitProxy",
        "core.askPass",
        "credential.helper",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.a=b.clean",
        "filter.a=b.smudge",
        "filter.process.process",
        "gpg.program",
        "alias.ls-files",
        "alias.diff",
        "remote.origin.uploadpack",
    ):
        git(folder, "config", key, f"!{program}" if key.startswith("alias") else str(program))
    git(folder, "config", "filter.a=b.required", "true")
    git(folder, "config", "protocol.ext.allow", "always")
    git(folder, "config", "remote.origin.url", f"ext::{program} %S")
    # files that differ in time alone are read, and so filtered, by any command that compares
    for path in folder.iterdir():
        if path.is_file():
            path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("check", "--diff", "--unsafe-fixes"),
        ("check", "--changed-since", "main", "--format", "sarif"),
        ("trace",),
        ("baseline",),
    ],
    ids=" ".join,
)
def test_nothing_is_run(tmp_path: Path, command: tuple[str, ...]) -> None:
    marker = tmp_path / "was-run"
    root = trapped(tmp_path / "root", marker)
    armed(root, marker)
    marker.unlink(missing_ok=True)  # the commit may have run some

    done = megalint(root, *command)

    assert not marker.exists(), marker.read_text(encoding="utf-8")
    ended(done)
    assert done.stdout


def test_traps_do_run_when_git_is_asked_plainly(tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    root = trapped(tmp_path / "root", marker)
    armed(root, marker)
    marker.unlink(missing_ok=True)

    subprocess.run(["git", "diff"], cwd=root, capture_output=True, check=False, env=environment())

    assert marker.exists()


def test_missing_objects_are_not_fetched(tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    root = trapped(tmp_path / "root", marker)
    armed(root, marker)
    git(root, "config", "core.repositoryFormatVersion", "1")
    git(root, "config", "extensions.partialClone", "origin")
    git(root, "config", "remote.origin.promisor", "true")
    blob = subprocess.run(
        ["git", "rev-parse", "HEAD:main.tf"], cwd=root, capture_output=True, check=True, text=True
    ).stdout.strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    marker.unlink(missing_ok=True)

    done = megalint(root, "check", "--changed-since", "main")

    assert not marker.exists(), marker.read_text(encoding="utf-8")
    ended(done)


def test_modules_of_the_current_folder_are_not_imported(tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    root = trapped(tmp_path / "root", marker)
    write_tree(root, {"megalint.py": f"open({str(marker)!r}, 'w')\n"})
    script = Path(sys.executable).with_name("megalint")

    for command in ([str(script)], [sys.executable, "-P", "-m", "megalint"]):
        subprocess.run(
            [*command, "check"],
            cwd=root,
            check=False,
            timeout=SECONDS,
            env=environment(),
            capture_output=True,
        )

        assert not marker.exists(), marker.read_text(encoding="utf-8")
