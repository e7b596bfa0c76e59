"""``megalint rehearse``: what is wrong as findings, in which formats, and how severe it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import seeds
from megalint.cli import main
from megalint.cli.rehearse import FORMATS
from megalint.rehearsal import Verdict
from megalint.rehearsal.findings import CHECKS
from test_rehearse import PROJECTS, SEOUL, TOKYO, found, rehearse, tree
from test_sarif import errors
from trees import write_tree

BEFORE = PROJECTS / "before"


def sarif(root: Path, *arguments: str) -> dict[str, Any]:
    log = json.loads(rehearse(root, "--format", "sarif", *arguments).stdout)
    assert errors(log) == []
    (run,) = log["runs"]
    data: dict[str, Any] = run
    return data


def ids(root: Path, *arguments: str) -> Counter[str]:
    return Counter(one["ruleId"] for one in sarif(root, *arguments)["results"])


def with_variables(root: Path, **variables: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", "--repo", str(root)], env=variables)


def test_every_value_that_is_wrong_is_a_result() -> None:
    run = sarif(BEFORE)
    places = {
        (
            one["ruleId"].removeprefix("rehearse/"),
            one["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for one in run["results"]
    }
    expected = {
        (one["verdict"], one["line"])
        for process in found(BEFORE)["processes"]
        for one in process["values"]
        if one["verdict"] not in {"recovery", "other"}
    }

    assert places == expected
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == [one.id for one in CHECKS]
    assert {one["message"]["text"].split("\n")[0] for one in run["results"]} >= {
        f"`INTERNAL_API_URL` of web-frontend points to {SEOUL}, as built there.",
        "web-frontend lacks `QUEUE_URL`: given empty.",
    }


def test_after_holds_no_error() -> None:
    run = sarif(PROJECTS / "after")

    assert {one["level"] for one in run["results"]} == {"note"}


def test_a_process_that_is_worse_than_its_values_is_a_result(tmp_path: Path) -> None:
    tree(tmp_path, f"set -a; . /opt/secrets.env; set +a; export API_URL=http://{TOKYO}.example")
    (result,) = sarif(tmp_path)["results"]

    assert result["ruleId"] == "rehearse/unknown"
    assert "may be given more than can be seen" in result["message"]["text"]
    assert "boot.sh" in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif"])
def test_versions_of_an_account_are_where_the_checkout_defines_them(
    tmp_path: Path, name: str
) -> None:
    answers = {f"{n}.json": json.dumps(one) for n, one in enumerate(seeds.answers())}
    saved = write_tree(tmp_path, answers)
    text = rehearse(BEFORE, "--from", str(saved), "--format", name).stdout

    assert "terraform/tokyo" in text or "megalint.toml" in text
    assert "file=lt/" not in text
    assert '"path": "lt/' not in text
    assert name != "sarif" or '"uri": "lt/' not in json.dumps(
        json.loads(text)["runs"][0]["results"]
    )
    assert f"lt/{TOKYO}/MegaTicket-DR-Web-LT/2/user-data.sh" in text


def test_junit_counts_what_fails() -> None:
    xml = ElementTree.fromstring(rehearse(BEFORE, "--format", "junit").stdout)
    lenient = ElementTree.fromstring(
        rehearse(BEFORE, "--format", "junit", "--fail-on", "error").stdout
    )

    assert xml.get("failures") == str(len(xml.findall(".//failure")))
    assert 0 < len(lenient.findall(".//failure")) < len(xml.findall(".//failure"))


def test_markdown_folds_up_each_process() -> None:
    text = rehearse(BEFORE, "--format", "markdown").stdout

    assert text.count("<details>") == text.count("</details>") == 5
    assert "<td><code>INTERNAL_API_URL</code></td>" in text
    assert "it never starts: pm2: command not found" in text
    assert "\n\n" not in text[text.index("<table>") : text.index("</table>")]


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_names_act_or_shows_secrets(tmp_path: Path, name: str) -> None:
    evil = "</h2><script>alert(1)</script> @team\x1b[31m\u202e"
    boot = f"""export API_URL='http://{evil}.{SEOUL}.example'
export DATABASE_URL=postgres://app:hunter2@db.{SEOUL}.rds.amazonaws.com/x"""
    text = rehearse(tree(tmp_path, boot), "--format", name).stdout

    assert not {"\x1b", "\u202e"} & set(text)
    assert "hunter2" not in text
    if name in {"html", "markdown"}:
        assert "<script>alert" not in text
    if name == "junit":
        ElementTree.fromstring(text)


def test_verdicts_are_chosen() -> None:
    every = ids(BEFORE)

    assert every.keys() == {f"rehearse/{one}" for one in ("down", "lacking", "hidden", "unknown")}
    assert ids(BEFORE, "--select", "down") == {"rehearse/down": every["rehearse/down"]}
    assert ids(BEFORE, "--ignore", "rehearse/l*").keys() == every.keys() - {"rehearse/lacking"}
    assert ids(BEFORE, "--select", "rehearse") == every
    assert rehearse(PROJECTS / "after", "--fail-on", "note", "--ignore", "unknown").exit_code == 0
    assert rehearse(BEFORE, "--select", "unknown").exit_code == 0
    assert found(BEFORE, "--select", "unknown") == found(BEFORE)


def test_severity_decides_over_the_exit_code() -> None:
    softer = ("--select", "down", "--severity", "down=note")

    assert rehearse(BEFORE, "--select", "down").exit_code == 1
    assert rehearse(BEFORE, *softer).exit_code == 0
    assert {one["level"] for one in sarif(BEFORE, *softer)["results"]} == {"note"}
    assert rehearse(PROJECTS / "after", "--severity", "unknown=error").exit_code == 1
    levels = ("--severity", "down=error", "--severity", "*=note", "--fail-on", "warning")
    assert rehearse(BEFORE, *levels).exit_code == 1
    assert rehearse(BEFORE, *levels, "--ignore", "down").exit_code == 0
    variables = {"MEGALINT_REHEARSE_SELECT": "down", "MEGALINT_REHEARSE_SEVERITY": "down=note"}
    assert with_variables(BEFORE, **variables).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "dwn"), "unknown verdict 'dwn'; did you mean 'down'?"),
        (("--severity", "x-y=note"), "unknown verdict 'x-y'"),
    ],
)
def test_names_that_no_verdict_has(arguments: tuple[str, ...], words: str) -> None:
    result = rehearse(BEFORE, *arguments)

    assert result.exit_code == 2
    assert words in result.stderr


def test_levels_of_rules_in_the_configuration_are_none_of_its_business(tmp_path: Path) -> None:
    root = tree(tmp_path, "export AWS_REGION=ap-northeast-1")
    settings = root / "megalint.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[rules]\nhardcoded-region = "note"\n', encoding="utf-8")

    assert rehearse(root).exit_code in {0, 1}


def test_config_is_shown() -> None:
    shown = rehearse(BEFORE, "--show-config", "--ignore", "hidden").stdout

    assert '--ignore = ["hidden"]' in shown
    assert 'regions.primary = "ap-northeast-2"' in shown


def test_findings_speak_the_language_that_was_asked_for() -> None:
    text = rehearse(BEFORE, "--format", "github", "--lang", "ko").stdout

    for words in (" points to ", " lacks ", "frozen at build", "given empty"):
        assert words not in text


def test_each_verdict_that_is_wrong_is_described() -> None:
    wrong = {f"rehearse/{one.code}" for one in Verdict if one.severity is not None}

    assert {one.id for one in CHECKS} == wrong
    assert all(len(one.summary) <= 80 for one in CHECKS)
