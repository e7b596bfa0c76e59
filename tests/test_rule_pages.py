"""The examples on every rule's page do what they say, and every page is complete."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from markers import accounts, marked_lines
from megalint import Rule, Source
from megalint.config import Config, load
from megalint.registry import load_rules
from megalint.run import lint

FENCE = re.compile(r"```\w+ path=(?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)
RULES = load_rules()


def rule_id(rule: Rule[Any]) -> str:
    return rule.id


def sources(text: str) -> list[Source]:
    return [Source(PurePosixPath(match["path"]), match["text"]) for match in FENCE.finditer(text)]


def found_lines(files: list[Source], rule: Rule[Any], config: Config) -> set[tuple[str, int]]:
    answers = {str(one.path): one.text for one in files if one.path.parts[0] == "aws"}
    code = [one for one in files if str(one.path) not in answers]
    report = lint(code, [rule], config, accounts(answers))
    assert report.problems == ()
    return {
        (str(finding.location.source.path), finding.location.line) for finding in report.findings
    }


def config_in(files: list[Source], folder: Path) -> Config:
    for source in files:
        if source.path.name == "megalint.toml":
            (folder / "megalint.toml").write_text(source.text, encoding="utf-8")
            return load(folder / "megalint.toml")
    return Config()


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_bad_example_is_found_and_good_one_is_not(rule: Rule[Any], tmp_path: Path) -> None:
    bad, separator, good = rule.page().partition("Use instead:")
    assert separator
    bad_files, good_files = sources(bad), sources(good)
    wanted = marked_lines({str(source.path): source.text for source in bad_files})

    assert wanted, "the bad example marks the line of the finding"
    assert found_lines(bad_files, rule, config_in(bad_files, tmp_path)) == wanted
    assert good_files, "there is a good example"
    assert found_lines(good_files, rule, config_in(good_files, tmp_path)) == set()


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_page_has_every_section_in_order(rule: Rule[Any]) -> None:
    page = rule.page()
    summary = page.partition("\n")[0]
    places = [page.index(part) for part in ("## Why is this bad?", "## Example", "Use instead:")]

    assert places == sorted(places)
    assert len(summary) <= 100
    assert summary.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=rule_id)
def test_rule_is_named_after_its_file(rule: Rule[Any]) -> None:
    module = type(rule).__module__.split(".")

    assert module[-1].replace("_", "-") == rule.id
    assert type(rule).__name__ == "".join(word.title() for word in rule.id.split("-"))
    assert rule.family == module[-2]
