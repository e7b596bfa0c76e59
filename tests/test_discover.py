"""Which files of a checkout are listed, and what is said of the others."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from megalint.config import Config, Scope
from megalint.discover import discover
from megalint.read import read
from megalint.source import Source
from trees import write_tree


def git(folder: Path, *arguments: str) -> None:
    who = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "-c",
        "protocol.file.allow=always",
    )
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=own)


def checkout(folder: Path, files: dict[str, str | bytes]) -> Path:
    git(write_tree(folder, files), "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")
    return folder


def listed(root: Path) -> list[str]:
    return [str(path) for path in discover(root).paths]


def test_deleted_file_is_left_out_before_the_deletion_is_committed(tmp_path: Path) -> None:
    root = checkout(tmp_path, {"a.ts": "", "b.ts": ""})

    (root / "a.ts").unlink()

    assert listed(root) == ["b.ts"]


def test_folder_of_a_checkout_is_listed_from_itself(tmp_path: Path) -> None:
    root = checkout(tmp_path, {"apps/web/a.ts": "", "apps/app/b.ts": "", ".gitignore": "x.ts\n"})
    write_tree(root, {"apps/web/x.ts": ""})

    assert listed(root / "apps" / "web") == ["a.ts"]


def test_submodules_are_left_alone(tmp_path: Path) -> None:
    other = checkout(tmp_path / "other", {"inside.ts": ""})
    root = checkout(tmp_path / "root", {"a.ts": ""})

    git(root, "submodule", "add", "-q", str(other), "vendored")

    assert listed(root) == [".gitmodules", "a.ts"]
    assert (root / "vendored" / "inside.ts").exists()


def test_names_of_any_script_are_listed(tmp_path: Path) -> None:
    names = ["app/[id]/page.tsx", "a b.ts", "서버.ts", 'quo"te.ts']

    assert listed(checkout(tmp_path, dict.fromkeys(names, ""))) == sorted(names)


def test_variables_of_a_running_hook_do_not_mislead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = checkout(tmp_path / "other", {"wrong.ts": ""})
    root = checkout(tmp_path / "root", {"a.ts": ""})

    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))

    assert listed(root) == ["a.ts"]


def test_no_program_of_the_checkout_is_run(tmp_path: Path) -> None:
    root = checkout(tmp_path / "root", {"a.ts": ""})
    program = tmp_path / "monitor.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n", encoding="utf-8")
    program.chmod(0o755)

    git(root, "config", "core.fsmonitor", str(program))

    assert listed(root) == ["a.ts"]
    assert not (tmp_path / "was-run").exists()


def test_refusal_of_git_is_told_and_the_folder_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checkout(tmp_path, {"a.ts": ""})
    refusal = subprocess.CompletedProcess(
        [], 128, b"", b"fatal: detected dubious ownership in repository at '/x'\n"
    )

    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refusal)

    assert listed(root) == ["a.ts"]
    assert [(path, "another user" in words) for path, words in discover(root).problems] == [
        (".", True)
    ]


def test_folder_that_git_cannot_enter_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = b"warning: could not open directory 'secret/': Permission denied\n"
    answer = subprocess.CompletedProcess([], 0, b"a.ts\0", said)
    write_tree(tmp_path, {"a.ts": ""})

    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)

    assert discover(tmp_path).problems == (("secret", "cannot be listed: Permission denied"),)


def test_walk_leaves_out_what_a_build_writes_beside_a_manifest(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            "package.json": "{}",
            "dist/a.js": "",
            "node_modules/b/b.js": "",
            ".next/c.js": "",
            "app/build/page.tsx": "",
            "app/out/page.tsx": "",
        },
    )

    assert listed(tmp_path) == ["app/build/page.tsx", "app/out/page.tsx", "package.json"]


def test_order_does_not_depend_on_the_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"b/x.ts": "", "a.ts": "", "b.ts": "", "a/x.ts": ""})
    before = listed(tmp_path)

    class Backwards(list[os.DirEntry[str]]):
        def __enter__(self) -> Backwards:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: Backwards(reversed(list(scan(path)))))

    assert listed(tmp_path) == before


@pytest.mark.parametrize("is_checkout", [True, False])
def test_folder_behind_a_link_is_told_when_it_is_outside(tmp_path: Path, is_checkout: bool) -> None:
    write_tree(tmp_path, {"outside/x.ts": "", "root/inside/y.ts": ""})
    root = tmp_path / "root"
    (root / "shared").symlink_to(tmp_path / "outside")
    (root / "same").symlink_to(root / "inside")
    if is_checkout:
        checkout(root, {})

    found = list(read(root, discover(root).paths, Config()))

    assert [str(one.path) for one in found if isinstance(one, Source)] == ["inside/y.ts"]
    assert [one for one in found if not isinstance(one, Source)] == [
        ("shared", "not read: a link that leads out of the checkout")
    ]


def test_excluded_files_are_not_even_opened(tmp_path: Path) -> None:
    write_tree(tmp_path, {"legacy/a.ts": b"\xff", "b.ts": b"\xff"})

    found = list(
        read(tmp_path, discover(tmp_path).paths, Config(scopes=(Scope(exclude=("legacy/**",)),)))
    )

    assert found == [("b.ts", "not read: not UTF-8 text (byte 0)")]


def test_huge_file_is_a_problem(tmp_path: Path) -> None:
    with (tmp_path / "big.js").open("wb") as file:
        file.truncate(20_000_001)

    assert list(read(tmp_path, discover(tmp_path).paths, Config())) == [
        ("big.js", "not read: larger than 20 MB")
    ]
