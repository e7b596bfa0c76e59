"""``megalint trace --pipeline``: the chain of a failover, step by step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from megalint.cli import main
from megalint.registry import load_rules
from trees import write_tree

PROJECT = Path(__file__).parents[1] / "fixtures" / "projects" / "megaticket"
CHECK = """resource "aws_route53_health_check" "web" {
  fqdn              = "tickets.example.com"
  type              = "HTTPS"
  request_interval  = var.interval
  failure_threshold = 3
}
"""


def chain(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["trace", "--pipeline", "--root", str(root), *arguments])


@pytest.mark.parametrize(("side", "state"), [("before", "broken"), ("after", "proven")])
def test_every_step_of_the_guide_is_there(side: str, state: str) -> None:
    found = json.loads(chain(PROJECT / side, "--format", "json").stdout)["pipeline"]

    kinds = dict.fromkeys(one["kind"] for one in found)
    assert list(kinds) == [
        *("health check", "alarm", "rule", "target", "state", "topic", "function", "record")
    ]
    assert {one["state"] for one in found} == {state}


def test_findings_stand_below_their_step() -> None:
    lines = chain(PROJECT / "before").stdout.splitlines()
    ids = {rule.id for rule in load_rules() if rule.family == "pipeline"}

    assert lines[0].startswith("  ✗ health check  aws_route53_health_check.primary")
    assert lines[1].startswith("  │   health-check-too-slow: ")
    told = {line[6:].partition(":")[0] for line in lines if line.startswith("  │   ")}
    # a sum and a script are of no step, and the apps of the guide say nothing certain of a path
    assert ids - told == {"health-check-path", "health-status-compared", "recovery-too-slow"}


def test_what_is_not_written_out_is_not_proven(tmp_path: Path) -> None:
    text = chain(write_tree(tmp_path, {"main.tf": CHECK})).stdout

    assert text == "  ? health check  aws_route53_health_check.web  -, not known  (main.tf:1)\n"


def test_nothing_of_a_failover_is_wrong_usage(tmp_path: Path) -> None:
    result = chain(write_tree(tmp_path, {"main.tf": ""}))

    assert result.exit_code == 2
    assert "nothing of a failover is written here" in result.stderr


def test_page_is_not_to_be_had(tmp_path: Path) -> None:
    assert chain(write_tree(tmp_path, {"main.tf": CHECK}), "--format", "html").exit_code == 2
