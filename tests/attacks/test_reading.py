"""Nothing outside of the checkout is opened, and nothing inside keeps megalint waiting."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from attacks.sandbox import ended, environment, megalint
from megalint.discover import discover
from megalint.fixes import Change, write
from trees import MANIFEST, write_tree

CANARY = "SECRET_OF_THE_CANARY"
WATCH = """
import os, sys
def watch(event, arguments):
    if event in ("open", "os.listdir", "os.scandir", "shutil.copyfile") and arguments[0] is not None:
        if not isinstance(arguments[0], int):
            with_link = os.path.realpath(os.fsdecode(arguments[0]))
            if OUTSIDE in with_link:
                os.write(2, f"OPENED {event} {arguments[0]}\\n".encode())
sys.addaudithook(watch)
"""
READ = ("app/page.tsx", "next.config.js", "package.json", "tsconfig.json", ".env", "user_data.sh")
"""What is looked for by name, wherever it leads."""
OWN = ("pyproject.toml", "megalint.toml", "megalint-baseline.json")


def outside(folder: Path) -> Path:
    """Write what must not be opened: a file for every parser, each with the canary in it."""
    text = f"export default {{ env: {{ {CANARY}: process.env.{CANARY} }} }}\n"
    names = ("page.tsx", "next.config.js", ".env", "x.sh", "x.tf", "x.yml", "x.py", "Dockerfile")
    files = {name: f"{CANARY}=1\n{text}" for name in names}
    config = {"compilerOptions": {"paths": {CANARY: [CANARY]}}}
    write_tree(
        folder, {**files, "tsconfig.json": json.dumps(config), "package.json": MANIFEST % "1"}
    )
    write_tree(folder, {"megalint.toml": f"{CANARY} = 1\n", "baseline.json": f'["{CANARY}"]'})
    return folder


def referring(folder: Path, away: Path) -> Path:
    """Write an app whose files name those of *away* in every way that a file can."""
    up = os.path.relpath(away, folder)
    files: dict[str, str | bytes] = {
        "package.json": json.dumps(
            {
                "name": "web",
                "workspaces": [f"{up}/*", f"{away}/*", "**/**/**/**/**/**/**/**/x"],
                "scripts": {"build": "next build", "start": f"env $(cat {up}/.env) next start"},
                "dependencies": {"next": "15.5.9", "other": f"file:{up}"},
            }
        ),
        "tsconfig.json": json.dumps(
            {
                "extends": [f"{up}/tsconfig.json", f"{away}/tsconfig.json"],
                "compilerOptions": {"baseUrl": str(away), "paths": {"@/*": [f"{up}/*"]}},
                "references": [{"path": up}],
            }
        ),
        "app/page.tsx": f"import a from '../{up}/page';\nimport b from '{away}/page';\nimport c from '@/page';\nexport default () => process.env.OWN;\n",
        "next.config.js": f"const a = require('{up}/next.config.js');\nrequire('dotenv').config({{ path: '{away}/.env' }});\nmodule.exports = {{ ...a, outputFileTracingRoot: '{away}' }};\n",
        "Dockerfile": f'FROM node\nCOPY {up}/.env {away}/.env ./\nENV A=1\nCMD ["npm", "start"]\n',
        "compose.yaml": f"services:\n  web:\n    build: {up}\n    env_file: ['{up}/.env', '{away}/.env']\n    extends: {{ file: {up}/x.yml, service: web }}\n    command: npm start\n",
        "main.tf": f'module "m" {{\n  source = "{up}"\n}}\nresource "aws_launch_template" "web" {{\n  user_data = base64encode(join("", [templatefile("{up}/x.sh", {{}}), file("{away}/x.sh"), filebase64("${{path.module}}/{up}/x.sh")]))\n}}\n',
        "stack.yaml": f"AWSTemplateFormatVersion: '2010-09-09'\nTransform: {{ Name: AWS::Include, Parameters: {{ Location: {up}/x.yml }} }}\nResources: {{}}\n",
        "user_data.sh": f"#!/bin/bash\n. {up}/x.sh\nsource {away}/x.sh\nset -a; . {away}/.env\nexport A=$(cat {away}/.env)\nnpm start\n",
        "deploy.py": f"import sys\nsys.path.insert(0, '{away}')\nimport x\nfrom {'.' * 9} import x\nopen('{away}/x.py').read()\n",
        "web.service": f"[Service]\nEnvironmentFile={away}/.env\nExecStart=/usr/bin/npm start\n",
        "turbo.json": json.dumps({"extends": [up], "tasks": {"build": {"inputs": [f"{up}/**"]}}}),
        "pnpm-workspace.yaml": f"packages: ['{up}/*', '{away}/*']\n",
        "ecosystem.config.js": f"module.exports = {{ apps: [{{ name: 'web', cwd: '{away}', script: 'npm', args: 'start', env_file: '{away}/.env' }}] }};\n",
    }
    return write_tree(folder, files)


def check(root: Path, away: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = megalint(root, *arguments, watched_by=f"OUTSIDE = {str(away)!r}\n{WATCH}")
    assert "OPENED" not in done.stderr, done.stderr
    assert CANARY not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize("command", [("check", "--no-baseline"), ("trace", "--format", "json")])
def test_files_that_are_named_are_not_opened(tmp_path: Path, command: tuple[str, ...]) -> None:
    away = outside(tmp_path / "away")
    root = referring(tmp_path / "root" / "repository", away)

    done = check(root, away, *command)

    ended(done)
    assert "OWN" in done.stdout or command[0] == "check"


def test_watch_sees_what_is_opened(tmp_path: Path) -> None:
    away = outside(tmp_path / "away")

    done = megalint(away, "check", watched_by=f"OUTSIDE = {str(away)!r}\n{WATCH}")

    assert "OPENED" in done.stderr


def test_links_out_of_the_checkout_are_told_and_not_opened(tmp_path: Path) -> None:
    away = outside(tmp_path / "away")
    root = write_tree(tmp_path / "root", {"package.json": MANIFEST % "15.5.9", "app/a.ts": ""})
    for name in ("page.tsx", "x.sh", "x.tf", ".env", "Dockerfile", "tsconfig.json"):
        (root / name).symlink_to(away / name)
    (root / "folder").symlink_to(away)
    (root / "lib").symlink_to(os.path.relpath(away, root))

    done = check(root, away, "check", "--verbose")

    assert ended(done).count("a link that leads out of the checkout") == 8


def test_file_that_the_index_has_below_what_is_a_link_now_is_not_opened(tmp_path: Path) -> None:
    away = outside(tmp_path / "away")
    root = write_tree(
        tmp_path / "root", {"package.json": MANIFEST % "15.5.9", "app/page.tsx": "", "x/x.tf": ""}
    )
    for arguments in (("init", "-q"), ("add", "-A")):
        subprocess.run(["git", *arguments], cwd=root, check=True, env=environment())
    for folder in ("app", "x"):
        (root / folder / "x.tf").unlink(missing_ok=True)
        (root / folder / "page.tsx").unlink(missing_ok=True)
        (root / folder).rmdir()
        (root / folder).symlink_to(away)

    done = check(root, away, "check", "--fix", "--unsafe-fixes")

    assert "app/page.tsx: not read: a link that leads out of the checkout" in ended(done)


@pytest.mark.parametrize("name", ["../away/x.tf", "/away/x.tf", "app/../../away/x.tf"])
def test_name_in_the_index_that_leads_out_is_not_opened(tmp_path: Path, name: str) -> None:
    away = outside(tmp_path / "away")
    root = write_tree(tmp_path / "root", {"package.json": MANIFEST % "15.5.9", "a" * len(name): ""})
    for arguments in (("init", "-q"), ("add", "-A")):
        subprocess.run(["git", *arguments], cwd=root, check=True, env=environment())
    index = root / ".git" / "index"
    index.write_bytes(index.read_bytes().replace(b"a" * len(name), name.encode()))
    subprocess.run(["git", "config", "index.skipHash", "true"], cwd=root, check=True)

    ended(check(root, away, "check"))


@pytest.mark.parametrize(
    ("name", "target"),
    [("megalint.toml", "megalint.toml"), ("megalint-baseline.json", "baseline.json")],
)
def test_own_files_behind_a_link_are_not_opened(tmp_path: Path, name: str, target: str) -> None:
    away = outside(tmp_path / "away")
    before = (away / target).read_bytes()
    root = write_tree(tmp_path / "root", {"package.json": MANIFEST % "15.5.9"})
    (root / name).symlink_to(away / target)

    for command in ("check", "baseline"):
        done = check(root, away, command)

        assert done.returncode == 2
        assert "a link that leads out of the checkout" in done.stderr
    assert (away / target).read_bytes() == before


@pytest.mark.parametrize("kind", ["fifo", "zero", "socket"])
def test_what_never_ends_is_left_alone(tmp_path: Path, kind: str) -> None:
    root = write_tree(tmp_path / "root", {"app/b.ts": "", "web/package.json": MANIFEST % "15.5.9"})
    for name in (*READ, *OWN, ".gitignore", "x.tf", "a.py", "web/next.config.js", "web/.env"):
        if kind == "zero":
            (root / name).symlink_to("/dev/zero")
        else:
            os.mknod(root / name, 0o600 | (stat.S_IFIFO if kind == "fifo" else stat.S_IFSOCK))

    for command in ("check", "trace"):
        ended(megalint(root, command))


def test_git_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_tree(tmp_path, {"a.ts": "", "b.sh": ""})
    subprocess.run(["git", "init", "-q"], cwd=root, check=True, env=environment())
    os.mkfifo(root / ".gitignore")

    monkeypatch.setattr("megalint.git.SECONDS", 1)
    listing = discover(root)

    assert [str(path) for path in listing.paths] == [".gitignore", "a.ts", "b.sh"]
    assert listing.problems == ((".", "git did not end within 1 s; ignored files are read too"),)


def test_folders_that_contain_themselves(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"package.json": MANIFEST % "15.5.9", "app/page.tsx": ""})
    (root / "app" / "up").symlink_to("..")
    (root / "app" / "here").symlink_to(".")
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")

    done = megalint(root, "check")

    ended(done)
    assert "1 app, 2 files" in done.stdout


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    root = write_tree(
        tmp_path / "root", {"package.json": MANIFEST % "15.5.9", "vercel.json": "{}", "a.tf": ""}
    )
    (root / "megalint.toml").symlink_to(tmp_path / "new.toml")
    changes = [Change(PurePosixPath(name), "", "x") for name in ("megalint.toml", "a.tf")]

    refused = [str(one) for one in write(root, changes)]

    assert refused == ["megalint.toml: not fixed: a link that leads out of the checkout"]
    assert (root / "a.tf").read_text(encoding="utf-8") == "x"
    assert not (tmp_path / "new.toml").exists()
