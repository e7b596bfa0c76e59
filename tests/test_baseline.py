"""The baseline: old findings are quiet, one by one, and never hide a new one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from click.testing import CliRunner, Result

from megalint.baseline import Entry, split
from megalint.cli import main
from megalint.finding import Confidence, Finding, Severity
from megalint.source import Location, Source, Span
from trees import write_tree

GROUP = """resource "aws_autoscaling_group" "web{0}" {{
  launch_template {{
    id      = "lt-0{0}"
    version = "3"
  }}
}}
"""
ROOT = Path(__file__).parent.parent
FILE = "megalint-baseline.json"


def megalint(folder: Path, *args: str) -> Result:
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(main, list(args))
    finally:
        os.chdir(before)


def found_in(text: str, word: str = "HERE") -> list[Finding]:
    """Return a finding for each *word*."""
    source = Source(PurePosixPath("a.ts"), text)
    starts = [at for at in range(len(text)) if text.startswith(word, at)]
    return [
        Finding(
            "some-rule",
            "family",
            Severity.WARNING,
            Confidence.HIGH,
            "found",
            Location(source, Span(at, at + len(word))),
        )
        for at in starts
    ]


def entries(text: str, word: str = "HERE") -> list[Entry]:
    return [Entry.of(one, "why", "me", "2026-11-27") for one in found_in(text, word)]


def new_lines(before: str, after: str) -> list[int]:
    """Return the lines of *after* on which the baseline of *before* leaves a finding."""
    return [one.location.line for one in split(found_in(after), entries(before)).new]


@pytest.mark.parametrize(
    "after",
    [
        "// more\n\nfunction a() {\n  use(HERE);\n}\n",
        "function a() {\n    use(\n        HERE,\n    );\n}\n",
        "function a() {\r\n\tuse( HERE )\r\n}\r\n",
        "function b() {}\nfunction a() {\n  more();\n  use(HERE);\n}\n",
    ],
)
def test_moved_and_reformatted_findings_stay_known(after: str) -> None:
    before = "function a() {\n  use(HERE);\n}\n"

    assert new_lines(before, after) == []
    assert split(found_in(after), entries(before)).gone == ()


@pytest.mark.parametrize("after", ["call({url: 'HERE'})", 'call({\n  url: "HERE",\n})\n'])
def test_quotes_and_commas_at_the_end_do_not_matter(after: str) -> None:
    before = entries('call({ url: "HERE" });', '"HERE"')
    word = '"HERE"' if '"HERE"' in after else "'HERE'"

    assert split(found_in(after, word), before).new == ()


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            "function a() {\n  HERE\n}\nfunction b() {\n}\n",
            "function a() {\n}\nfunction b() {\n  HERE\n}\n",
            4,
        ),
        (
            "f() {\n  a\n  HERE\n  b\n  HERE\n  c\n}\n",
            "f() {\n  a\n  b\n  HERE\n  c\n  d\n  HERE\n}\n",
            7,
        ),
        ("f() {\n  HERE\n}\n", "f() {\n  HERE\n  a\n  b\n  c\n  HERE\n}\n", 6),
    ],
    ids=["another-function", "one-of-two-alike", "one-more"],
)
def test_a_mended_finding_makes_no_room_for_a_new_one(before: str, after: str, line: int) -> None:
    assert line in new_lines(before, after)


def test_alike_findings_that_stay_are_all_known() -> None:
    text = "f() {\n  a\n  HERE\n  b\n  HERE\n  c\n}\n"

    assert new_lines(text, f"// more\n{text}") == []


def test_three_hundred_findings_and_a_new_one(tmp_path: Path) -> None:
    text = "".join(GROUP.format(number) for number in range(300))
    write_tree(tmp_path, {"main.tf": text, "megalint.toml": ""})
    assert megalint(tmp_path, "check").exit_code == 1

    made = megalint(tmp_path, "baseline", "--reason", "before megalint", "--owner", "ops")
    assert (made.exit_code, made.stdout) == (0, f"megalint: {FILE}: 300 new, 0 kept, 0 gone\n")
    quiet = megalint(tmp_path, "check")
    assert (quiet.exit_code, "300 in the baseline" in quiet.stdout) == (0, True)

    write_tree(tmp_path, {"main.tf": f"# more\n{text}{GROUP.format('new')}"})
    result = megalint(tmp_path, "check", "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [one["line"] for one in report["findings"]] == [1 + 300 * 6 + 4]
    assert report["suppressed"] == {"inline": 0, "baseline": 300}
    assert (
        len(
            json.loads(megalint(tmp_path, "check", "--no-baseline", "--format", "json").stdout)[
                "findings"
            ]
        )
        == 301
    )


def test_baseline_is_not_read_as_a_part_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "fixtures/projects/megaticket/before", project)

    megalint(project, "baseline", "--reason", "before megalint")
    after = megalint(project, "check", "--fail-on", "note")

    assert (after.exit_code, after.stderr) == (0, "")
    assert len(read(project)) > 50


def read(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / FILE).read_text(encoding="utf-8"))[
        "findings"
    ]
    return found


def test_baseline_shrinks_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    write_tree(tmp_path, {"main.tf": GROUP.format(1) + GROUP.format(2), "megalint.toml": ""})
    megalint(tmp_path, "baseline", "--reason", "old", "--owner", "ops")
    first = read(tmp_path)
    assert [(one["reason"], one["owner"]) for one in first] == [("old", "ops")] * 2

    write_tree(tmp_path, {"main.tf": GROUP.format(2) + GROUP.format(3)})
    told = megalint(tmp_path, "check")
    assert (told.exit_code, "1 entry of the baseline stands for nothing" in told.stderr) == (
        1,
        True,
    )

    pruned = megalint(tmp_path, "baseline", "--prune")
    assert pruned.stdout == f"megalint: {FILE}: 0 new, 1 kept, 1 gone\n"
    (kept,) = read(tmp_path)
    assert kept in first

    megalint(tmp_path, "baseline", "--reason", "new")
    assert sorted(one["reason"] for one in read(tmp_path)) == ["new", "old"]


def test_entries_of_rules_that_did_not_run_are_not_gone(tmp_path: Path) -> None:
    write_tree(tmp_path, {"main.tf": GROUP.format(1), "megalint.toml": ""})
    megalint(tmp_path, "baseline")

    assert "stands for nothing" not in megalint(tmp_path, "check", "--select", "nextjs").stderr


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"version": 9, "findings": []}', '{"version": 1, "findings": [{"x": 1}]}']
)
def test_a_file_that_is_no_baseline_is_wrong_usage(tmp_path: Path, text: str) -> None:
    write_tree(tmp_path, {"main.tf": GROUP.format(1), "megalint.toml": "", FILE: text})

    result = megalint(tmp_path, "check")

    assert result.exit_code == 2
    assert FILE in result.stderr


def test_a_failure_leaves_the_baseline_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(
        tmp_path,
        {"main.tf": GROUP.format(1), "megalint.toml": "", FILE: '{"version": 1, "findings": []}'},
    )

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("megalint.files.os.fsync", full)
    result = megalint(tmp_path, "baseline")

    assert (result.exit_code, "No space left on device" in result.stderr) == (2, True)
    assert read(tmp_path) == []
    assert FILE in os.listdir(tmp_path)
    assert len(os.listdir(tmp_path)) == 3
