"""Fixes converge, are whole, overlap nowhere, break nothing, and are written in one step."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner

from markers import accounts
from megalint.cli import main
from megalint.config import Config, find, load
from megalint.finding import Edit, Fix, Safety
from megalint.fixes import Change, Refused, apply, write
from megalint.registry import load_rules
from megalint.rewrite import fix
from megalint.run import audit
from megalint.source import Source, Span
from trees import write_tree

FIXTURES = Path(__file__).parent.parent / "fixtures"
RULES = load_rules()
ALL = (Safety.SAFE, Safety.UNSAFE)
MAIN = """resource "aws_launch_template" "web" {
  name = "web"
}

resource "aws_autoscaling_group" "web" {
  launch_template {
    id      = aws_launch_template.web.id
    version = "3"
  }
}
"""
FIXED = MAIN.replace('"3"', "aws_launch_template.web.latest_version")
TREES = [
    *sorted(path for path in (FIXTURES / "rules").glob("*/*") if not (path / "aws").exists()),
    FIXTURES / "projects/megaticket/before",
]


def one_fix(source: Source, *edits: tuple[int, int, str]) -> Fix:
    made = tuple(Edit(source, Span(start, end), text) for start, end, text in edits)
    return Fix("mend it", Safety.SAFE, made)


def check(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["check", *args])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: f"{tree.parent.name}/{tree.name}")
def test_fixes_converge_and_break_nothing(tree: Path, tmp_path: Path) -> None:
    path = find(tree)
    config = Config() if path is None else load(path)
    before, changes, applied = fix(tree, RULES, config, ALL)
    copy = shutil.copytree(tree, tmp_path / "copy")
    assert list(write(copy, changes)) == []

    after, again, count = fix(
        copy, RULES, Config() if path is None else load(copy / path.name), ALL
    )

    assert (again, count) == ((), 0)
    assert bool(changes) == bool(applied)
    assert [(one.rule_id, one.message) for one in after.findings] == [
        (one.rule_id, one.message) for one in before.findings
    ]
    assert after.problems == before.problems


def test_megaticket_has_fixes_of_many_rules() -> None:
    _, changes, applied = fix(FIXTURES / "projects/megaticket/before", RULES, safeties=ALL)

    assert applied >= len(changes) > 5


def test_only_safe_fixes_are_applied_by_default(tmp_path: Path) -> None:
    write_tree(tmp_path, {"main.tf": MAIN})

    assert fix(tmp_path, RULES)[1] == ()
    assert [one.after for one in fix(tmp_path, RULES, safeties=ALL)[1]] == [FIXED]


def test_command_writes_shows_and_limits(tmp_path: Path) -> None:
    write_tree(tmp_path, {"main.tf": MAIN, "other/main.tf": MAIN})

    code, out, err = check(str(tmp_path), "--diff", "--unsafe-fixes")
    assert code == 1
    assert '-    version = "3"\n+    version = aws_launch_template.web.latest_version\n' in out
    assert "would apply 2 fixes in 2 files" in err
    assert (tmp_path / "main.tf").read_text(encoding="utf-8") == MAIN

    code, out, err = check(str(tmp_path / "other"), "--fix", "--unsafe-fixes")
    assert (code, "applied 1 fix in 1 file" in err) == (0, True)
    assert (tmp_path / "main.tf").read_text(encoding="utf-8") == MAIN
    assert (tmp_path / "other/main.tf").read_text(encoding="utf-8") == FIXED

    assert check(str(tmp_path / "other"), "--diff", "--unsafe-fixes")[:2] == (0, "")
    assert check(str(tmp_path), "--unsafe-fixes")[0] == 2


def test_shared_edits_are_made_once_and_overlapping_ones_wait() -> None:
    source = Source(PurePosixPath("a.conf"), "one two three")
    first = one_fix(source, (0, 3, "1"), (4, 7, "2"))
    same = one_fix(source, (4, 7, "2"), (8, 13, "3"))
    late = one_fix(source, (2, 5, "x"))

    texts, applied = apply([first, same, late])

    assert texts == {source: "1 2 3"}
    assert applied == 2


def test_two_insertions_at_one_place_do_not_mix() -> None:
    source = Source(PurePosixPath("a.conf"), "text")

    texts, applied = apply([one_fix(source, (0, 0, "a")), one_fix(source, (0, 0, "b"))])

    assert (texts, applied) == ({source: "atext"}, 1)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "export const a = [1];\n"),
        ("a.py", "a = [1]\n"),
        ("a.sh", "[[ -e x ]] && echo\n"),
        ("a.tf", 'variable "a" {\n  default = [1]\n}\n'),
    ],
)
def test_a_fix_that_breaks_syntax_is_left_out_whole(path: str, text: str) -> None:
    broken, other = Source(PurePosixPath(path), text), Source(PurePosixPath("b.conf"), "b")
    place = text.rindex("]")
    bad = Fix(
        "mend it",
        Safety.SAFE,
        (Edit(broken, Span(place, place + 1), ""), *one_fix(other, (0, 1, "c")).edits),
    )
    good = one_fix(other, (1, 1, "!"))

    texts, applied = apply([bad, good])

    assert (texts, applied) == ({other: "b!"}, 1)


def test_line_ends_and_byte_order_mark_are_kept(tmp_path: Path) -> None:
    text = "\ufeffone\r\ntwo 한글\r\n"
    write_tree(tmp_path, {"a.conf": text.encode()})
    source = Source(PurePosixPath("a.conf"), text)
    texts, _ = apply([one_fix(source, (6, 9, "a\nb"))])

    assert list(write(tmp_path, [Change(source.path, text, texts[source])])) == []

    assert (tmp_path / "a.conf").read_bytes() == "\ufeffone\r\na\r\nb 한글\r\n".encode()


def test_mode_and_links_are_kept_and_nothing_is_left_behind(tmp_path: Path) -> None:
    write_tree(tmp_path, {"real.sh": "old"})
    (tmp_path / "real.sh").chmod(0o750)
    (tmp_path / "link.sh").symlink_to("real.sh")

    assert list(write(tmp_path, [Change(PurePosixPath("link.sh"), "old", "new")])) == []

    assert (tmp_path / "link.sh").is_symlink()
    assert (tmp_path / "real.sh").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "real.sh").stat().st_mode & 0o777 == 0o750
    assert sorted(os.listdir(tmp_path)) == ["link.sh", "real.sh"]


def test_a_file_that_changed_is_left_alone(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a.sh": "newer", "b.sh": "old"})
    changes = [Change(PurePosixPath(name), "old", "new") for name in ("a.sh", "b.sh", "gone.sh")]

    refused = [str(one) for one in write(tmp_path, changes)]

    assert refused == [
        "a.sh: not fixed: it changed while megalint read it",
        "gone.sh: not fixed: No such file or directory",
    ]
    assert (tmp_path / "a.sh").read_text(encoding="utf-8") == "newer"
    assert (tmp_path / "b.sh").read_text(encoding="utf-8") == "new"


def test_a_full_disk_leaves_the_file_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"a.sh": "old"})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("megalint.files.os.fsync", full)
    (refused,) = write(tmp_path, [Change(PurePosixPath("a.sh"), "old", "new")])

    assert isinstance(refused, Refused)
    assert str(refused) == "a.sh: not fixed: No space left on device"
    assert (tmp_path / "a.sh").read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["a.sh"]


def test_a_diff_can_be_applied_where_the_last_line_is_not_ended() -> None:
    change = Change(PurePosixPath("a.sh"), "one", "two")

    assert change.diff == (
        "--- a/a.sh\n+++ b/a.sh\n@@ -1 +1 @@\n"
        "-one\n\\ No newline at end of file\n+two\n\\ No newline at end of file\n"
    )


def test_live_findings_only_show_their_fix() -> None:
    script = 'sudo -u ec2-user bash -c "source $HOME/.nvm/nvm.sh; pm2 flush"'
    data = base64.b64encode(f"#!/bin/bash\n{script}\n".encode()).decode()
    version = {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "VersionNumber": 1}
    version |= {"DefaultVersion": True, "LaunchTemplateData": {"UserData": data}}
    answers = {"aws/versions.json": json.dumps({"LaunchTemplateVersions": [version]})}

    report = audit(None, accounts(answers), RULES)[1]

    safeties = [one.fix.safety for one in report.findings if one.fix is not None]
    assert safeties == [Safety.DISPLAY]
