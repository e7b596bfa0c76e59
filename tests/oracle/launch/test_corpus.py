"""The corpus, run for real and by the model."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from megalint.languages.shell.state import likely
from oracle.launch.corpus import Case, cases
from oracle.launch.machine import Started, run, why_not
from oracle.launch.test_generated import is_of_npm, model

CASES = list(cases())
RECORDED = Path(__file__).parent / "recorded.json"
REASON = why_not()
Answer = list[dict[str, object]]


def watched(script: str) -> set[str]:
    return set(re.findall(r"(?<![\w$])([A-Z](?:_[A-Z]+)?|NODE_OPTIONS|MY-VAR)(?:\+?=|\b)", script))


def answer(started: list[Started], script: str) -> Answer:
    names = watched(script)
    return [
        {
            "user": one.user,
            "cwd": one.cwd,
            "environment": {k: v for k, v in sorted(one.environment.items()) if k in names},
        }
        for one in started
    ]


@pytest.mark.skipif(REASON is not None, reason=str(REASON))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_recorded_answers_are_those_of_the_real_machine(
    case: Case, request: pytest.FixtureRequest
) -> None:
    real = answer(run(case.script.encode(), case.family), case.script)
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    if request.config.getoption("--update-golden"):
        recorded[case.name] = real
        text = json.dumps(recorded, indent=1, sort_keys=True, ensure_ascii=False)
        RECORDED.write_text(text + "\n", encoding="utf-8")
    assert recorded[case.name] == real


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model_gives_the_recorded_answers(case: Case) -> None:
    names = watched(case.script)
    launches = model(case.script, case.family)
    assert not [one for one in launches if is_of_npm(one)], "npm needs a folder"
    ours = [
        {
            "user": one.user,
            "cwd": one.cwd,
            "environment": {
                name: likely(given.value)
                for name, given in sorted(one.environment.items())
                if name in names
            },
        }
        for one in launches
    ]
    assert ours == json.loads(RECORDED.read_text(encoding="utf-8"))[case.name]
