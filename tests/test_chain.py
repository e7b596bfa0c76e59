"""``megalint trace --pipeline``: the chain of a failover, from the health check to the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from click.testing import CliRunner, Result

from megalint.cli import main
from megalint.registry import load_rules
from megalint.source import Location, Source, Span
from megalint.trace.pipeline import Chain, Link, mermaid_form
from trees import write_tree

PROJECT = Path(__file__).parents[1] / "fixtures" / "projects" / "megaticket"
CHECK = """resource "aws_route53_health_check" "web" {
  fqdn              = "tickets.example.com"
  type              = "HTTPS"
  request_interval  = var.interval
  failure_threshold = 3
}
"""
OTHER_STEPS = {
    # a sum and a script are of no step, and the apps of the guide say nothing certain of a path
    *("health-check-path", "health-status-compared", "status-miscounted", "alias-with-ttl"),
    # data is no step either, and a topic of an account is not written here
    *("recovery-too-slow", "table-without-replica", "unconfirmed-subscription"),
}


def chain(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["trace", "--pipeline", "--root", str(root), *arguments])


def links(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(chain(root, "--format", "json").stdout)["pipeline"]
    return found


def path_of(found: list[dict[str, Any]], *kinds: str) -> list[str]:
    """Return the names of the links on the way through *kinds*, from the first of the first kind."""
    (number,) = [n for n, one in enumerate(found) if one["kind"] == kinds[0]][:1]
    names = [found[number]["name"]]
    for kind in kinds[1:]:
        number = next(one for one in found[number]["leads_to"] if found[one]["kind"] == kind)
        names.append(found[number]["name"])
    return names


@pytest.mark.parametrize("side", ["before", "after"])
def test_alarm_leads_to_the_last_function_of_the_guide(side: str) -> None:
    steps = ("health check", "alarm", "rule", "target", "event bus", "rule", "target")

    assert path_of(links(PROJECT / side), *steps, "state machine", "state", "topic") == [
        "aws_route53_health_check.primary",
        "aws_cloudwatch_metric_alarm.primary",
        "aws_cloudwatch_event_rule.alarm",
        "aws_cloudwatch_event_target.tokyo",
        "aws_cloudwatch_event_bus.dr",
        "aws_cloudwatch_event_rule.tokyo",
        "aws_cloudwatch_event_target.failover",
        "aws_sfn_state_machine.failover",
        "Approve",
        "aws_sns_topic.approval",
    ]
    found = links(PROJECT / side)
    states = {one["name"]: one for one in found if one["kind"] == "state"}
    called = [found[number]["name"] for one in states.values() for number in one["leads_to"]]
    told = ["approval"] if side == "after" else []
    assert [name.rpartition(".")[2] for name in called] == [
        *("approval", "balance", "template", "scale"),
        *told,
    ]


def test_nothing_of_the_repaired_project_is_broken_or_unknown() -> None:
    assert {one["state"] for one in links(PROJECT / "after")} == {"proven"}


def test_findings_stand_below_their_step() -> None:
    lines = chain(PROJECT / "before").stdout.splitlines()
    ids = {rule.id for rule in load_rules() if rule.family == "pipeline"}

    assert lines[0].startswith("  ✗ health check aws_route53_health_check.primary")
    assert lines[1].startswith("  │   health-check-too-slow: ")
    told = {word for line in lines for word in ids if f" {word}: " in line}
    assert ids - told <= OTHER_STEPS


STACK = """Resources:
  Check:
    Type: AWS::Route53::HealthCheck
    Properties:
      HealthCheckConfig: { Type: HTTPS, RequestInterval: 10, FailureThreshold: 3 }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: primary-down
      Namespace: AWS/Route53
      Dimensions: [{ Name: HealthCheckId, Value: !Ref Check }]
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.cloudwatch], detail: { alarmName: [primary-down] } }
      Targets:
        - { Id: dr, Arn: "arn:aws:states:eu-west-1:111122223333:stateMachine:dr", RoleArn: !Ref R }
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: dr
      DefinitionUri: dr.asl.yaml
      DefinitionSubstitutions: { Scale: !GetAtt Scale.Arn }
  Scale:
    Type: AWS::Serverless::Function
    Properties: { Handler: scale.handler, Timeout: 60 }
"""
MACHINE = """StartAt: Both
States:
  Both:
    Type: Parallel
    Branches:
      - StartAt: Grow
        States:
          Grow: { Type: Task, Resource: "${Scale}", End: true }
    Next: Done
  Done: { Type: Succeed }
"""


def test_stacks_are_linked_by_reference_substitution_and_arn(tmp_path: Path) -> None:
    files = {
        "template.yaml": STACK.replace("      Name: dr\n", "      StateMachineName: dr\n"),
        "dr.asl.yaml": MACHINE,
        "scale.py": "def handler(event, context): ...\n",
    }

    found = links(write_tree(tmp_path, files))

    steps = ("health check", "alarm", "rule", "target", "state machine")
    assert path_of(found, *steps) == ["Check", "Alarm", "Rule", "Rule", "Machine"]
    machine = next(one for one in found if one["kind"] == "state machine")
    states = [found[number] for number in machine["leads_to"]]
    assert [one["name"] for one in states] == ["Both", "Done", "Grow"]
    assert [found[number]["name"] for number in states[2]["leads_to"]] == ["Scale"]


OTHERS = """resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}
resource "aws_cloudwatch_event_rule" "paid" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = jsonencode({ source = ["shop"], "detail-type" = ["Paid"] })
}
resource "aws_cloudwatch_event_target" "paid" {
  rule = aws_cloudwatch_event_rule.paid.name
  arn  = "arn:aws:sns:eu-west-1:111122223333:paid"
}
"""


def test_events_of_other_things_are_no_part_of_it(tmp_path: Path) -> None:
    assert [one["kind"] for one in links(write_tree(tmp_path, {"main.tf": OTHERS + CHECK}))] == [
        "health check"
    ]


LINE = '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"x","Next":"%s"},"B":{"Type":"Pass","End":true}}}'


def test_machines_of_one_line_and_of_the_same_names_are_told_apart(tmp_path: Path) -> None:
    files = {"one.asl.json": LINE % "B", "two.asl.json": LINE % "C"}
    found = links(write_tree(tmp_path, files))

    machines = {one["name"]: one for one in found if one["kind"] == "state machine"}
    states = {
        name: [(found[number]["name"], found[number]["findings"]) for number in one["leads_to"]]
        for name, one in machines.items()
    }
    assert states == {
        "one.asl.json": [("A", []), ("B", [])],
        "two.asl.json": [("A", ["state-without-end"]), ("B", [])],
    }


def test_what_is_not_written_out_is_not_proven(tmp_path: Path) -> None:
    text = chain(write_tree(tmp_path, {"main.tf": CHECK})).stdout

    assert text == "  ? health check aws_route53_health_check.web  -, not known  (main.tf:1)\n"


def test_nothing_of_a_failover_is_wrong_usage(tmp_path: Path) -> None:
    result = chain(write_tree(tmp_path, {"main.tf": ""}))

    assert result.exit_code == 2
    assert "nothing of a failover is written here" in result.stderr


# --- pictures -------------------------------------------------------------------------------


def made(following: Mapping[int, tuple[int, ...]], name: str = "x") -> Chain:
    source = Source(PurePosixPath("main.tf"), "x")
    place = Location(source, Span(0, 1))
    return Chain(
        tuple(
            Link("state", f"{name}{number}", (), place, (), following.get(number, ()))
            for number in range(1 + max((0, *following, *sum(following.values(), ()))))
        )
    )


@pytest.mark.parametrize(
    ("following", "walk"),
    [
        ({}, [(0, 0, False)]),
        ({0: (1, 2), 1: (2,)}, [(0, 0, False), (1, 1, False), (2, 2, False), (2, 1, True)]),
        ({0: (1,), 1: (0,)}, [(0, 0, False), (1, 1, False), (0, 2, True)]),
        ({1: (0,), 0: (0,)}, [(1, 0, False), (0, 1, False), (0, 2, True)]),
    ],
)
def test_every_link_is_walked_once(
    following: Mapping[int, tuple[int, ...]], walk: list[tuple[int, int, bool]]
) -> None:
    assert list(made(following).walk()) == walk


def test_page_draws_a_box_for_each_link_and_an_arrow_for_each_way() -> None:
    found = links(PROJECT / "before")
    text = chain(PROJECT / "before", "--format", "html").stdout

    assert text.count("<rect ") == len(found)
    assert text.count("<path ") == sum(len(one["leads_to"]) for one in found)
    assert text.count('<tr class="broken">') == sum(one["state"] == "broken" for one in found)
    assert "<script" not in text


def test_mermaid_holds_the_same(tmp_path: Path) -> None:
    found = links(PROJECT / "before")
    lines = chain(PROJECT / "before", "--format", "mermaid").stdout.splitlines()

    assert lines[0] == "flowchart TD"
    assert sum('["' in line for line in lines) == len(found)
    assert sum(" --> " in line for line in lines) == sum(len(one["leads_to"]) for one in found)
    assert chain(PROJECT / "before").exit_code == 0
    plain = CliRunner().invoke(main, ["trace", "--root", str(tmp_path), "--format", "mermaid"])
    assert plain.exit_code == 2


def test_names_are_no_syntax_in_mermaid() -> None:
    text = mermaid_form.to_mermaid(made({}, name='"]; click n0 "javascript:x" %% <b>'))

    assert '#34;#93;#59; click n0 #34;javascript#58;x#34; #37;#37; #60;b#62;0"]' in text
