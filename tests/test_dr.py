"""``megalint dr``: formats, exit codes, and what it is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import failover
import seeds
from checklists import (
    AFTER,
    BAD,
    CHAIN,
    DENIED,
    GLOBAL,
    GOOD,
    MACHINES,
    ROLE_ARN,
    SEOUL,
    TOKYO,
    alarm,
    book,
    bucket,
    buses,
    check,
    executions,
    observed,
    reply,
)
from megalint.cli import main
from megalint.cli.dr import FORMATS, IN_CHECKOUT
from megalint.formats.aws_answers import ForeignAnswer
from megalint.formats.failover_answers import Book, loaded, written
from trees import write_tree

WHOLE = [one for one in FORMATS if one not in IN_CHECKOUT]


def whole() -> Book:
    return book(check(), observed(GOOD), *CHAIN, MACHINES, executions("SUCCEEDED"), *bucket())


def dr(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["dr", "--repo", str(AFTER), *arguments])


@pytest.fixture
def saved(tmp_path: Path) -> str:
    return str(write_tree(tmp_path, {"answers.json": written(whole())}) / "answers.json")


def test_book_survives_its_file() -> None:
    text = written(whole())

    assert loaded([("answers.json", text)], SEOUL, TOKYO) == whole()


@pytest.mark.parametrize("name", WHOLE)
def test_formats(saved: str, name: str) -> None:
    result = dr("--from", saved, "--format", name)

    assert result.exit_code == 0, result.stderr
    assert failover.ALARM in result.stdout
    assert ("skipped" if name == "junit" else "not checked") in result.stdout


def test_json(saved: str) -> None:
    found = json.loads(dr("--from", saved, "--format", "json").stdout)
    counts = {"pass": 0, "fail": 0, "not checked": 0}
    for one in found["items"]:
        counts[one["outcome"]] += 1

    assert found["version"] == 1
    assert (found["primary"], found["recovery"]) == (SEOUL, TOKYO)
    assert found["summary"] == {
        "pass": counts["pass"],
        "fail": 0,
        "not_checked": counts["not checked"],
    }


def test_junit_skips_what_was_not_looked_at(tmp_path: Path) -> None:
    path = write_tree(tmp_path, {"a.json": written(book(check(), observed(BAD)))}) / "a.json"
    suite = ElementTree.fromstring(dr("--from", str(path), "--format", "junit").stdout)[0]

    assert suite.get("failures") == "1"
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped", "0")) > 5
    assert len(suite.findall("testcase")) == int(suite.get("tests", "0"))


@pytest.mark.parametrize(
    ("held", "arguments", "code"),
    [
        (whole(), (), 0),
        (book(check(), observed(BAD)), (), 1),
        (book(check(), observed(BAD)), ("--exit-zero",), 0),
        (book(check(), observed(BAD)), ("--fail-on", "never"), 0),
        (book(reply(f"{GLOBAL} route53 list_health_checks", reason=DENIED)), (), 3),
        (book(reply(f"{GLOBAL} route53 list_health_checks", reason=DENIED)), ("--exit-zero",), 3),
    ],
)
def test_exit_codes(tmp_path: Path, held: Book, arguments: tuple[str, ...], code: int) -> None:
    path = write_tree(tmp_path, {"answers.json": written(held)}) / "answers.json"
    result = dr("--from", str(path), *arguments)

    assert result.exit_code == (1 if code == 0 and held != whole() and not arguments else code)
    if code == 3:
        assert f"not checked: route53 list_health_checks: {DENIED}" in result.stderr


def test_only_what_is_called_so(saved: str) -> None:
    items = json.loads(dr("--from", saved, "--format", "json", "--name", "MegaTicket-*").stdout)[
        "items"
    ]

    assert {one["subject"] for one in items if one["subject"]} == {failover.ALARM}


def test_answers_of_the_aws_cli_are_read(tmp_path: Path) -> None:
    answers: dict[str, Any] = {
        "checks.json": check().pages[0],
        "status.hc-1.json": observed(GOOD).pages[0],
        "alarms.json": alarm().pages[0],
        "rule.json": {
            "Name": failover.OBSERVING,
            "Arn": f"arn:aws:events:{GLOBAL}:1:rule/x",
            "State": "ENABLED",
            "EventPattern": json.dumps(failover.PATTERN),
            "EventBusName": "default",
        },
        f"targets.{failover.OBSERVING}.json": {
            "Targets": [{"Id": "1", "Arn": failover.BUS_ARN, "RoleArn": ROLE_ARN}]
        },
        "buses.json": buses().pages[0],
        "executions.json": {
            "executions": [
                {
                    **executions("FAILED").pages[0]["executions"][0],
                    "stateMachineArn": failover.MACHINE_ARN,
                }
            ]
        },
        "subscriptions.json": {
            "Subscriptions": [
                {
                    "SubscriptionArn": "PendingConfirmation",
                    "Protocol": "email",
                    "TopicArn": failover.TOPIC_ARN,
                }
            ]
        },
        "groups.json": {
            "AutoScalingGroups": [
                {**one, "MaxSize": 4} for one in seeds.answers()[3]["AutoScalingGroups"]
            ]
        },
        "versions.json": seeds.answers()[0],
    }
    folder = write_tree(tmp_path, {name: json.dumps(one) for name, one in answers.items()})

    result = dr("--from", str(folder), "--format", "json")
    found = {(one["id"], one["outcome"]) for one in json.loads(result.stdout)["items"]}

    assert found >= {
        ("health-check", "pass"),
        ("alarm", "pass"),
        ("alarm-rule", "pass"),
        ("cross-region-target", "pass"),
        ("cross-region-role", "not checked"),
        ("bus-policy", "pass"),
        ("last-execution", "fail"),
        ("unconfirmed-subscription", "fail"),
        ("capacity", "pass"),
        ("referrer-pins-stale-version", "fail"),
    }
    assert result.exit_code == 1


@pytest.mark.parametrize("text", ['{"Vpcs": []}', "nothing", "[1]", '{"tool": "megalint dr"}'])
def test_foreign_file_is_named(text: str) -> None:
    with pytest.raises(ForeignAnswer, match=r"vpcs\.json"):
        loaded([("vpcs.json", text)], SEOUL, TOKYO)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--region", SEOUL), "cannot take over for itself"),
        (("--region", "cn-north-1"), "only the partition aws is known"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], words: str) -> None:
    result = dr(*arguments)

    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_names_in_the_account_are_text_and_nothing_else(name: str, tmp_path: Path) -> None:
    evil = "</h2><script>alert(1)</script> @team \x1b[31m\x9b\u202e\uffff"
    held = book(check(FullyQualifiedDomainName=evil), observed(f"Failure: {evil}"))
    path = write_tree(tmp_path, {"answers.json": written(held)}) / "answers.json"

    text = dr("--from", str(path), "--format", name).stdout

    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    if name in {"html", "markdown"}:
        assert "<script>alert" not in text
    if name == "markdown":
        assert "<code>@team</code>" in text
    if name == "junit":
        ElementTree.fromstring(text)


def test_page_names_every_item(saved: str) -> None:
    page = (AFTER.parents[3] / "docs" / "dr.md").read_text(encoding="utf-8")
    items = json.loads(dr("--from", saved, "--format", "json").stdout)["items"]
    shown = {one["id"] for one in items if one["stage"] != "by_hand"}

    assert len(shown) > 15
    assert [one for one in sorted(shown) if f"`{one}`" not in page] == []
    assert [key for key in items[0] if f"`{key}`" not in page] == []
