"""``megalint dr``: what fails as findings, which items are chosen, and how severe they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import failover
import seeds
from checklists import (
    AFTER,
    BAD,
    GLOBAL,
    TO_TOKYO,
    TOKYO,
    alarm,
    book,
    check,
    executions,
    observed,
    reply,
    rule,
)
from megalint.cli import main
from megalint.formats.aws_answers import saved as templates
from megalint.formats.failover_answers import Book, written
from megalint.readiness.checks import CHECKS, IDS
from test_sarif import errors
from trees import write_tree

SILENT = reply(
    f"{TOKYO} sns list_subscriptions_by_topic",
    failover.TOPIC_ARN,
    {"Subscriptions": [{"SubscriptionArn": "PendingConfirmation", "Protocol": "email"}]},
)
LOADED = f"""[regions]
primary = "{failover.PRIMARY}"
recovery = ["{TOKYO}"]
"""


def broken() -> Book:
    """A pipeline in which much is wrong, and launch templates in which something is."""
    (own,) = templates([("a.json", json.dumps(seeds.answers()))], TOKYO)
    near = rule(GLOBAL, "default", failover.OBSERVING, "DISABLED")
    replies = (check(), observed(BAD), alarm("INSUFFICIENT_DATA"), near, TO_TOKYO, SILENT)
    return Book(
        failover.ACCOUNT,
        failover.PRIMARY,
        TOKYO,
        (*replies, executions("FAILED")),
        own,
    )


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = write_tree(tmp_path_factory.mktemp("answers"), {"a.json": written(broken())})
    return str(root / "a.json")


def dr(
    answers: str, *arguments: str, repo: Path = AFTER, env: dict[str, str] | None = None
) -> Result:
    words = ["dr", "--repo", str(repo), "--from", answers, *arguments]
    return CliRunner().invoke(main, words, env=env)


def failed(answers: str, *arguments: str, env: dict[str, str] | None = None) -> dict[str, str]:
    """Return the severities of the items that fail, by their ids."""
    data = json.loads(dr(answers, "--format", "json", *arguments, env=env).stdout)
    return {one["id"]: one["severity"] for one in data["items"] if one["outcome"] == "fail"}


def sarif(answers: str, *arguments: str, repo: Path = AFTER) -> dict[str, Any]:
    log = json.loads(dr(answers, "--format", "sarif", *arguments, repo=repo).stdout)
    assert errors(log) == []
    (run,) = log["runs"]
    found: dict[str, Any] = run
    return found


# --- findings ------------------------------------------------------------------------------


def test_every_failed_item_is_a_result_with_a_description(answers: str) -> None:
    run = sarif(answers)
    described = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
    found = {one["ruleId"].removeprefix("dr/") for one in run["results"]}

    assert found == failed(answers).keys() >= {"alarm-rule", "unconfirmed-subscription"}
    assert {one["ruleId"] for one in run["results"]} <= described.keys()
    assert described["dr/alarm-rule"]["name"] == "DrAlarmRule"
    assert "rewrite-captures-env" not in described
    levels = {one["ruleId"]: one["level"] for one in run["results"]}
    assert (levels["dr/alarm"], levels["dr/alarm-rule"]) == ("warning", "error")


def test_a_finding_is_where_the_checkout_makes_what_it_is_about(
    answers: str, tmp_path: Path
) -> None:
    stack = f"""Resources:
  Approvals:
    Type: AWS::SNS::Topic
    Properties: {{ TopicName: {failover.TOPIC_ARN.rpartition(":")[2]} }}
  Observing:
    Type: AWS::Events::Rule
    Properties: {{ Name: {failover.OBSERVING}, State: ENABLED }}
"""
    write_tree(tmp_path, {"megalint.toml": LOADED, "stack.yaml": stack})
    run = sarif(answers, repo=tmp_path)
    places = {}
    for one in run["results"]:
        physical = one["locations"][0]["physicalLocation"]
        line = physical["region"]["startLine"]
        places[one["ruleId"]] = f"{physical['artifactLocation']['uri']}:{line}"

    assert places["dr/alarm-rule"] == "stack.yaml:5"
    assert places["unconfirmed-subscription"] == "stack.yaml:2"
    assert places["dr/health-check"] == "megalint.toml:1"
    assert places["referrer-pins-stale-version"] == "megalint.toml:1"


def test_findings_at_one_place_stay_apart(answers: str) -> None:
    issues = json.loads(dr(answers, "--format", "gitlab").stdout)
    prints = {one["check_name"]: one["fingerprint"] for one in issues}
    fewer = json.loads(dr(answers, "--format", "gitlab", "--ignore", "health-check").stdout)

    assert len({one["fingerprint"] for one in issues}) == len(issues)
    assert all(prints[one["check_name"]] for one in fewer)
    assert {one["fingerprint"] for one in fewer} < {one["fingerprint"] for one in issues}


def test_github_is_told_what_mends_it(answers: str) -> None:
    lines = dr(answers, "--format", "github", "--select", "alarm-rule").stdout.splitlines()

    assert len(lines) == 1
    assert lines[0].startswith("::error file=")
    assert "title=megalint dr/alarm-rule::" in lines[0]
    assert "%0A$ aws events enable-rule --name" in lines[0]


def test_findings_speak_the_language_that_was_asked_for(answers: str) -> None:
    text = dr(answers, "--format", "github", "--lang", "ko").stdout

    assert "nothing is handed over" not in text
    assert "nobody has confirmed" not in text
    assert "%0A$ aws events enable-rule" in text


def test_a_category_tells_two_files_apart(answers: str) -> None:
    run = sarif(answers, "--sarif-category", "dr")

    assert run["automationDetails"] == {"id": "dr/"}


def test_no_checkout_is_needed(
    answers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    regions = ["--region", TOKYO, "--primary-region", failover.PRIMARY]
    result = CliRunner().invoke(main, ["dr", *regions, "--from", answers, "--format", "github"])

    assert result.exit_code == 1
    assert "::error file=megalint.toml,line=1" in result.stdout


def test_answers_without_templates_are_findings_as_well(tmp_path: Path) -> None:
    held = book(check(), observed(BAD))
    path = write_tree(tmp_path, {"a.json": written(held)}) / "a.json"

    assert [one["ruleId"] for one in sarif(str(path))["results"]] == ["dr/health-check"]


# --- which items ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("--select", "alarm-rule"), {"alarm-rule"}),
        (("--select", "dr/alarm*"), {"alarm", "alarm-rule"}),
        (("--select", "detection"), {"health-check", "alarm"}),
        (("--select", "pipeline", "--ignore", "last-execution"), {"unconfirmed-subscription"}),
        (("--select", "dr", "--ignore", "detection"), {"alarm-rule", "last-execution"}),
    ],
)
def test_items_are_chosen(answers: str, arguments: tuple[str, ...], ids: set[str]) -> None:
    found = failed(answers, *arguments)

    assert found.keys() == ids | ({"unconfirmed-subscription"} & found.keys())
    assert ids <= found.keys()


def test_a_rule_that_is_ignored_says_nothing_and_passes_nothing(answers: str) -> None:
    arguments = ("--ignore", "unconfirmed-subscription", "--format", "json")
    items = json.loads(dr(answers, *arguments).stdout)["items"]
    outcomes = {one["outcome"] for one in items if one["id"] == "subscriptions"}

    assert outcomes == {"not checked"}
    assert "unconfirmed-subscription" not in {one["id"] for one in items}


def test_selecting_templates_does_not_let_them_pass(answers: str) -> None:
    arguments = ("--select", "launch-template", "--format", "json")
    items = json.loads(dr(answers, *arguments).stdout)["items"]
    passing = {one["subject"] for one in items if one["outcome"] == "pass"}

    assert {one["id"] for one in items} <= {"launch-template"}
    assert "MegaTicket-DR-Web-LT" not in passing


def test_severity_decides_over_the_exit_code(answers: str) -> None:
    arguments = ("--select", "alarm-rule", "--severity", "alarm-rule=note")

    assert dr(answers, "--select", "alarm-rule").exit_code == 1
    assert dr(answers, *arguments).exit_code == 0
    assert failed(answers, *arguments) == {"alarm-rule": "note"}
    assert set(failed(answers, "--severity", "dr/*=note", "--select", "dr").values()) == {"note"}
    variables = {"MEGALINT_DR_SELECT": "alarm-rule", "MEGALINT_DR_SEVERITY": "alarm-rule=warning"}
    assert failed(answers, env=variables) == {"alarm-rule": "warning"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "alarm-rul"), "unknown item 'alarm-rul'; did you mean 'alarm-rule'?"),
        (("--ignore", "x-y-z"), "unknown item 'x-y-z'"),
        (("--severity", "alarm=bad"), "'bad' is no severity"),
        (("--severity", "alam=note"), "did you mean 'alarm'?"),
    ],
)
def test_names_that_no_item_has(answers: str, arguments: tuple[str, ...], words: str) -> None:
    result = dr(answers, *arguments)

    assert result.exit_code == 2
    assert words in result.stderr


def test_config_is_shown(answers: str) -> None:
    shown = dr(answers, "--show-config", "--select", "alarm-rule", "--fail-on", "note").stdout

    assert re.search(r'fail-on = "note" +command line', shown)
    assert re.search(r'--select = \["alarm-rule"\] +command line', shown)


def test_every_item_of_the_page_is_described() -> None:
    page = (AFTER.parents[3] / "docs" / "dr.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"\n\| item \|.*?\n\n", page, re.DOTALL)
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", "".join(re.findall(r"\n(\|[^|]*\|)", table))))
    rules = {"unconfirmed-subscription"}

    assert {one.id.removeprefix("dr/") for one in CHECKS} == named - rules
    assert {one.id.removeprefix("dr/") for one in CHECKS} <= set(IDS)
    assert all(len(one.summary) <= 80 for one in CHECKS)
