"""What a change touches or causes is reported, and nothing else; git is the real one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from click.testing import CliRunner, Result

from megalint.cli import main
from megalint.history import changed_lines, merge_base
from trees import write_tree

GROUP = """resource "aws_autoscaling_group" "{0}" {{
  launch_template {{
    id      = "lt-{0}"
    version = "{1}"
  }}
}}
"""
ROUTE = "export async function GET() { return Response.json(process.env.QUEUE_URL) }\n"
DEPLOY = "#!/bin/bash\ncd apps/web\nexport QUEUE_URL=https://q\nexport PORT=3000\npm2 start npm --name web -- start\n"
APP = {
    "apps/web/package.json": '{"name": "web", "scripts": {"start": "next start", "build": "next build"}, "dependencies": {"next": "15.5.9"}}',
    "apps/web/app/api/queue/route.ts": ROUTE,
    "user_data.sh": DEPLOY,
}


def git(folder: Path, *args: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, files: dict[str, str]) -> None:
    write_tree(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {**APP, "main.tf": GROUP.format("a", 1) + GROUP.format("b", 2)})
    git(tmp_path, "checkout", "-q", "-b", "work")
    return tmp_path


def check(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), *args])


def found(folder: Path, ref: str = "main") -> list[tuple[str, str, int]]:
    data: dict[str, Any] = json.loads(
        check(folder, "--changed-since", ref, "--format", "json").stdout
    )
    return [(one["rule"], one["path"], one["line"]) for one in data["findings"]]


def test_nothing_changed(repository: Path) -> None:
    result = check(repository, "--changed-since", "main")

    assert result.exit_code == 0
    assert "older than the change" in result.stdout
    assert check(repository).exit_code == 1


def test_new_finding_alone_is_reported(repository: Path) -> None:
    text = (repository / "main.tf").read_text(encoding="utf-8")
    commit(repository, {"main.tf": f"# first\n{text}{GROUP.format('c', 3)}"})

    assert found(repository) == [("hardcoded-template-version", "main.tf", 17)]


def test_touched_line_is_reported_and_its_neighbour_is_not(repository: Path) -> None:
    write_tree(
        repository,
        {
            "main.tf": GROUP.format("a", 1).replace("version = ", "version  = ")
            + GROUP.format("b", 2)
        },
    )

    assert found(repository) == [("hardcoded-template-version", "main.tf", 4)]


def test_file_that_git_does_not_track_counts_as_changed(repository: Path) -> None:
    write_tree(repository, {"new.tf": GROUP.format("n", 4)})

    assert found(repository) == [("hardcoded-template-version", "new.tf", 4)]


def test_finding_that_a_removal_elsewhere_causes_is_reported(repository: Path) -> None:
    commit(repository, {"user_data.sh": DEPLOY.replace("export QUEUE_URL=https://q\n", "")})

    assert [rule for rule, _, _ in found(repository)] == ["missing-env-injection"]


def test_mistakes_in_the_configuration_are_reported_like_findings(repository: Path) -> None:
    files = {"old/a.txt": "", "megalint.toml": "excludes = []\nexclude = ['old/*', 'gone/*']\n"}
    git(repository, "checkout", "-q", "main")
    commit(repository, files)
    git(repository, "checkout", "-q", "-B", "work")
    assert found(repository) == []

    commit(repository, {"megalint.toml": f"{files['megalint.toml']}imag = 1\n"})
    (repository / "old/a.txt").unlink()

    assert found(repository) == [
        ("idle-glob", "megalint.toml", 2),
        ("unknown-setting", "megalint.toml", 3),
    ]


def test_what_happened_on_the_other_branch_does_not_count(repository: Path) -> None:
    commit(repository, {"mine.tf": GROUP.format("m", 5)})
    git(repository, "checkout", "-q", "main")
    commit(repository, {"main.tf": GROUP.format("a", 1)})
    git(repository, "checkout", "-q", "work")

    assert found(repository) == [("hardcoded-template-version", "mine.tf", 4)]


@pytest.mark.parametrize("ref", ["nowhere", "--help", ""])
def test_unknown_ref_is_wrong_usage(repository: Path, ref: str) -> None:
    result = check(repository, f"--changed-since={ref}")

    assert result.exit_code == 2
    assert "fetch-depth: 0" in result.stderr


def test_folder_without_git_is_wrong_usage(tmp_path: Path) -> None:
    write_tree(tmp_path, {**APP, "megalint.toml": ""})

    assert check(tmp_path, "--changed-since", "main").exit_code == 2


def test_names_and_lines_are_those_of_the_checkout(repository: Path) -> None:
    commit(repository, {"한글 이름.tf": "a = 1\n", "user_data.sh": f"{DEPLOY}echo\necho\n"})
    lines = changed_lines(repository, merge_base(repository, "main"))

    assert {str(path): found for path, found in lines.items()} == {
        "user_data.sh": {6, 7},
        "한글 이름.tf": {1},
    }


def test_line_that_looks_like_a_header_is_a_line(repository: Path) -> None:
    commit(repository, {"a.sh": "one\ntwo\nthree\n"})
    write_tree(repository, {"a.sh": "++ b.sh\ntwo\n3\n"})

    assert changed_lines(repository, "HEAD") == {PurePosixPath("a.sh"): {1, 3}}
