"""Each folder below ``fixtures/rules/<id>`` is a repository; that rule reports the marked lines only."""

from __future__ import annotations

from pathlib import Path

import pytest

from markers import accounts, marked_lines
from megalint.config import Config, find, load
from megalint.registry import load_rules
from megalint.run import audit, run

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
RULES = {rule.id: rule for rule in load_rules()}
CASES = [case for rule_id in RULES for case in sorted((FIXTURES / rule_id).glob("*"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_rule_reports_marked_lines_only(case: Path) -> None:
    texts = {
        path.relative_to(case).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(case.rglob("*"))
        if path.is_file()
    }
    path = find(case)

    config = Config() if path is None else load(path)
    answers = {path: text for path, text in texts.items() if path.startswith("aws/")}
    rule = RULES[case.parent.name]

    report = (
        audit(case, accounts(answers), [rule], config)[1] if answers else run(case, [rule], config)
    )

    found = {(str(one.location.source.path), one.location.line) for one in report.findings}
    wanted = marked_lines(texts)
    assert report.problems == ()
    assert found - wanted == set(), "Noisy"
    assert wanted - found == set(), "Missing"


@pytest.mark.parametrize("rule_id", RULES)
def test_rule_has_hits_and_near_misses(rule_id: str) -> None:
    marked = [
        bool(
            marked_lines(
                {
                    str(path): path.read_text(encoding="utf-8")
                    for path in case.rglob("*")
                    if path.is_file()
                }
            )
        )
        for case in sorted((FIXTURES / rule_id).glob("*"))
    ]

    assert any(marked), "there is no hit"
    assert not all(marked), "there is no near miss"


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {path.name for path in FIXTURES.glob("*")} == set(RULES)
