"""``megalint lt`` from saved answers: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import seeds
from megalint.aws.policy import policy
from megalint.cli import main
from megalint.output import FORMATS
from trees import write_tree

STEP = """import boto3

ec2 = boto3.client("ec2")
ec2.describe_launch_template_versions(LaunchTemplateName="MegaTicket-DR-Web-LT", Versions=["2"])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answers = {f"saved/{n}.json": json.dumps(one) for n, one in enumerate(seeds.answers())}
    write_tree(tmp_path, {"repo/functions/step2.py": STEP, **answers})
    return tmp_path


def lt(folder: Path, *arguments: str) -> Result:
    saved = ["--from", str(folder / "saved"), "--repo", str(folder / "repo")]
    return CliRunner().invoke(main, ["lt", *saved, *arguments])


def test_table_names_versions_marks_users_placeholders_and_hosts(folder: Path) -> None:
    text = lt(folder, "--template", seeds.WEB).stdout
    lines = text.splitlines()

    assert lines[0] == (
        "MegaTicket-DR-Web-LT  lt-MegaTicket-DR-Web-LT  ap-northeast-1"
        "  used by MegaTicket-DR-Web-ASG (version 2, desired 0)"
    )
    assert lines[1].split() == [
        *("version", "created", "marks", "used", "by", "placeholder", "hosts", "environment")
    ]
    rows = [line.split("  ") for line in lines[2:13]]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert cells[0][:3] == ["1", "2026-01-01", "$Default"]
    assert cells[1][3] == "MegaTicket-DR-Web-ASG"
    assert [row[0] for row in cells if "NLB_DNS_PLACEHOLDER" in row] == ["7", "8", "10", "11"]
    assert "(ap-northeast-2)" in lines[3]
    assert "⚠" in lines[3]
    assert cells[10][2] == "$Latest"
    assert "2 errors" not in lines[-1]


def test_findings_of_versions_that_nobody_uses_are_quiet(folder: Path) -> None:
    quiet = json.loads(lt(folder, "--format", "json").stdout)["findings"]
    everything = json.loads(lt(folder, "--format", "json", "--all-versions").stdout)["findings"]
    scripts = {one["path"] for one in quiet if one["path"].endswith("user-data.sh")}

    assert scripts == {f"lt/{seeds.REGION}/{seeds.WEB}/2/user-data.sh"}
    assert {one["fingerprint"] for one in quiet} < {one["fingerprint"] for one in everything}


def test_diff_shows_what_each_version_changed(folder: Path) -> None:
    assert "version 7 changed:" not in lt(folder).stdout

    text = lt(folder, "--diff").stdout

    assert "  version 7 changed:\n" in text
    assert "    + export INTERNAL_API_URL=http://NLB_DNS_PLACEHOLDER:3001\n" in text


def test_json_holds_templates_beside_the_report(folder: Path) -> None:
    report = json.loads(lt(folder, "--format", "json").stdout)
    (web,) = (one for one in report["templates"] if one["name"] == seeds.WEB)

    assert report["version"] == 1
    assert web["complete"]
    assert web["referrers"] == [
        {
            "kind": "Auto Scaling group",
            "name": "MegaTicket-DR-Web-ASG",
            "version": "2",
            "resolved": 2,
            "desired": 0,
            "started": False,
        }
    ]
    assert web["versions"][6]["placeholders"] == ["NLB_DNS_PLACEHOLDER"]
    assert web["versions"][0]["by"] == "terraform"
    about = {(one["data"]["region"], one["data"]["template"]) for one in report["findings"]}
    assert {region for region, _ in about} == {seeds.REGION}


def test_several_reports_in_one_run(folder: Path) -> None:
    page, sarif = folder / "lt.html", folder / "lt.sarif"

    result = lt(
        folder,
        "--format",
        "html",
        "--output",
        str(page),
        "--format",
        "sarif",
        "--output",
        str(sarif),
    )

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "<h2>MegaTicket-DR-Web-LT" in page.read_text(encoding="utf-8")
    assert json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 1), (("--exit-zero",), 0), (("--fail-on", "never"), 0), (("--template", "none"), 2)],
)
def test_exit_codes(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    assert lt(folder, *arguments).exit_code == code


def test_foreign_file_is_named(folder: Path) -> None:
    write_tree(folder, {"saved/vpcs.json": '{"Vpcs": []}'})

    result = lt(folder)

    assert result.exit_code == 2
    assert "vpcs.json: no answer of the aws CLI" in result.stderr
    assert "Traceback" not in result.stderr


def test_policy_is_printed_without_an_account() -> None:
    result = CliRunner().invoke(main, ["lt", "--print-policy"])

    assert json.loads(result.stdout) == policy()


@pytest.mark.parametrize("name", FORMATS)
def test_names_in_the_account_are_text_and_nothing_else(name: str, tmp_path: Path) -> None:
    evil = "</h2><script>alert(1)</script> @team \x1b[31m\x9b\u202e\uffff"
    answer = {
        "LaunchTemplateVersions": [
            {
                "LaunchTemplateId": "lt-1",
                "LaunchTemplateName": evil,
                "VersionNumber": 1,
                "DefaultVersion": True,
                "CreatedBy": f"arn:aws:iam::1:user/{evil}",
                "LaunchTemplateData": {"UserData": seeds.encoded(f"#!/bin/bash\necho {evil}\n")},
            }
        ]
    }
    group = {
        "AutoScalingGroups": [
            {"AutoScalingGroupName": evil, "LaunchTemplate": {"LaunchTemplateId": "lt-1"}}
        ]
    }
    write_tree(tmp_path, {"saved/a.json": json.dumps(answer), "saved/b.json": json.dumps(group)})
    write_tree(tmp_path, {"repo/empty.txt": ""})

    result = lt(tmp_path, "--diff", "--format", name, "--region", evil)

    assert result.exit_code < 2, result.output
    assert not {"\x1b", "\x9b", "\u202e"} & set(result.stdout)
    assert name not in {"html", "markdown"} or "<script>alert" not in result.stdout
    if name == "junit":
        ElementTree.fromstring(result.stdout)


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_secret_of_the_account(name: str, tmp_path: Path) -> None:
    value = "correct-horse-battery"
    script = (
        f"#!/bin/bash\ncd /opt/web\nexport DB_PASSWORD={value}{{}}\n"
        f'DATABASE=postgres://app:{value}@db/x U=__X_PLACEHOLDER__ API_TOKEN="{value}"'
        " pm2 start npm --name web -- start\n"
    )
    versions = [
        {
            "LaunchTemplateId": "lt-1",
            "LaunchTemplateName": "web",
            "VersionNumber": number,
            "DefaultVersion": number == 1,
            "VersionDescription": f"rotated, DB_PASSWORD={value}",
            "LaunchTemplateData": {"UserData": seeds.encoded(script.format(number))},
        }
        for number in (1, 2)
    ]
    write_tree(tmp_path, {"saved/a.json": json.dumps({"LaunchTemplateVersions": versions})})
    write_tree(tmp_path, {"repo/empty.txt": ""})

    output = lt(tmp_path, "--diff", "--format", name, "--region", "eu-west-1").output

    assert "DB_PASSWORD" in output
    assert value not in output
