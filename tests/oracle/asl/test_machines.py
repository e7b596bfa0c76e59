"""Random machines: what npm's validator refuses, against what ``state-without-end`` says of them."""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any

import pytest

from megalint.check import check
from megalint.finding import Finding
from megalint.registry import load_rules
from oracle.npm import installed
from trees import project_of

COUNT = 200
SCRIPT = """
const validate = require("asl-validator");
const machines = JSON.parse(require("fs").readFileSync(0, "utf8"));
const codes = (one) => validate(one).errors.map((error) => error["Error code"]);
process.stdout.write(JSON.stringify(machines.map(codes)));
"""
(RULE,) = (rule for rule in load_rules() if rule.id == "state-without-end")


def machine(draw: random.Random) -> dict[str, Any]:
    """Return a machine of a few states, whose targets may be missing."""
    names = [f"S{number}" for number in range(draw.randint(1, 5))]
    targets = [*names, "Nowhere"] if draw.random() < 0.3 else names
    states: dict[str, Any] = {}
    for name in names:
        kind = draw.choice(("Pass", "Pass", "Wait", "Choice", "Succeed", "Fail"))
        state: dict[str, Any] = {"Type": kind}
        if kind == "Wait":
            state["Seconds"] = 5
        if kind == "Choice":
            rule = {"Variable": "$.a", "StringEquals": "b", "Next": draw.choice(targets)}
            state |= {"Choices": [rule], "Default": draw.choice(targets)}
        elif kind in {"Pass", "Wait"}:
            state |= {"End": True} if draw.random() < 0.3 else {"Next": draw.choice(targets)}
        states[name] = state
    return {"StartAt": names[0], "States": states}


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, Any], list[str]]]:
    """Return machines, and the errors that the validator finds in each."""
    folder = installed("asl")
    machines = [machine(random.Random(seed)) for seed in range(COUNT)]
    done = subprocess.run(
        ["node", "-e", SCRIPT],
        input=json.dumps(machines),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(zip(machines, json.loads(done.stdout), strict=True))


def said(one: dict[str, Any]) -> list[str]:
    project = project_of({"failover.asl.json": json.dumps(one, indent=2)})
    return [found.message for found in check(project, [RULE]) if isinstance(found, Finding)]


def test_missing_targets_are_those_of_the_validator(
    judged: list[tuple[dict[str, Any], list[str]]],
) -> None:
    refused = 0
    for one, codes in judged:
        names = {name for state in one["States"].values() for name in targets_of(state)}
        is_missing = not names <= one["States"].keys()
        messages = said(one)
        assert any("is no state of the machine" in text for text in messages) is is_missing, one
        assert not is_missing or "MISSING_TRANSITION_TARGET" in codes
        refused += is_missing
    assert 10 < refused < COUNT - 10


def test_state_that_nothing_leads_to_is_a_missing_transition(
    judged: list[tuple[dict[str, Any], list[str]]],
) -> None:
    lonely = 0
    for one, codes in judged:
        names = {name for state in one["States"].values() for name in targets_of(state)}
        if names <= one["States"].keys():
            is_told = any(text.startswith("nothing leads to") for text in said(one))
            assert is_told is ("MISSING_TRANSITION_TARGET" in codes), one
            lonely += is_told
    assert 10 < lonely < COUNT - 10


def test_machine_without_any_end_is_told(judged: list[tuple[dict[str, Any], list[str]]]) -> None:
    circles = 0
    for one, codes in judged:
        if "MISSING_TERMINAL_STATE" in codes and "MISSING_TRANSITION_TARGET" not in codes:
            assert any("leads to no end" in text for text in said(one)), one
            circles += 1
    assert circles


def targets_of(state: dict[str, Any]) -> list[str]:
    found = [state[key] for key in ("Next", "Default") if key in state]
    return found + [rule["Next"] for rule in state.get("Choices", [])]
