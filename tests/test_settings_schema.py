"""The table of settings: the published schema says the same as the reader."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from megalint import docs
from megalint.config import SETTINGS, Mistake, read, unknown_rule_names
from megalint.config.kinds import shown
from megalint.config.page import example as example_of
from megalint.config.settings import Setting
from megalint.fixes import apply
from megalint.registry import load_rules
from megalint.source import Source

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "megalint.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
NAMES = {name for rule in load_rules() for name in (rule.id, rule.family)}


def found_in(text: str) -> list[Mistake]:
    """Return what the reader says of a file, its names of rules included."""
    layer = read(Source(PurePosixPath("megalint.toml"), text))
    return [*layer.mistakes, *unknown_rule_names([layer], NAMES)]


def mistakes(text: str) -> list[str]:
    return [one.message for one in found_in(text)]


def written(data: dict[str, Any]) -> str:
    return "".join(f"{shown(key)} = {shown(value)}\n" for key, value in data.items())


def nested(keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    return value  # type: ignore[no-any-return]


def test_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_page_and_schema_are_up_to_date(tmp_path: Path) -> None:
    assert docs.differing(docs.reference(load_rules(), ROOT / "docs")) == []
    assert len(docs.differing(docs.reference(load_rules(), tmp_path))) == 3


def test_page_names_every_setting() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert [one.name for one in SETTINGS if f"| `{one.name}` |" not in page] == []


def test_example_of_the_page_is_right() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    text = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0]

    assert text == example_of()
    assert mistakes(text) == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_example_and_default_pass(setting: Setting) -> None:
    for value in (setting.example, setting.default):
        if value is not None:
            data = nested(setting.example_keys, json.loads(json.dumps(value)))
            assert (mistakes(written(data)), [*VALIDATOR.iter_errors(data)]) == ([], [])


def test_schema_of_pyproject_says_the_same() -> None:
    text = (ROOT / "docs" / "pyproject.schema.json").read_text(encoding="utf-8")
    validator = Draft7Validator(json.loads(text))

    assert validator.is_valid({"project": {}, "tool": {"x": {}, "megalint": {"exclude": []}}})
    assert not validator.is_valid({"tool": {"megalint": {"excludes": []}}})
    assert not validator.is_valid({"tool": {"megalint": {"rules": {"sync-param": "off"}}}})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
@pytest.mark.parametrize("value", [3, 0, 1.5, [3], {}, {"a": 1}, [[]], "neither", True])
def test_wrong_value_fails_in_both(setting: Setting, value: Any) -> None:
    data = nested(setting.example_keys, value)

    is_right = VALIDATOR.is_valid(data)

    assert is_right == (mistakes(written(data)) == [])
    assert is_right == ((setting.name, value) in RIGHT)


RIGHT = [
    ("root", True),
    *((name, "neither") for name in ("regions.primary", "image.root")),
    *((f"services.NAME.{name}", "neither") for name in ("app", "process")),
]
EXTRA = (
    "nextjs",
    "middleware-*",
    "sync-param",
    "off",
    "error",
    "auto",
    "debian",
    "process",
    "x",
    "",
)
WORDS = st.sampled_from([*sorted({key for one in SETTINGS for key in one.example_keys}), *EXTRA])
TYPOS = st.sampled_from(
    [
        "exclud",
        "excludes",
        "rule",
        "rulez",
        "imag",
        "failon",
        "sync-param",
        "sync-parms",
        "recover",
        "os",
    ]
)
VALUES = st.one_of(
    WORDS,
    st.booleans(),
    st.integers(0, 2),
    st.lists(st.one_of(WORDS, st.integers(0, 1)), max_size=2),
)
TABLES = st.recursive(VALUES, lambda inner: st.dictionaries(WORDS, inner, max_size=3), max_leaves=6)
RIGHT_SETTINGS = st.sampled_from([nested(one.example_keys, one.example) for one in SETTINGS])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.dictionaries(WORDS, TABLES, max_size=4), RIGHT_SETTINGS), WORDS, VALUES)
@example({"rules": {"middleware-*": 0}}, "x", "")
@example({"rules": {"middleware-*": False}}, "root", True)
def test_schema_and_reader_agree(data: dict[str, Any], key: str, value: Any) -> None:
    for one in (data, {**data, key: value}):
        assert VALIDATOR.is_valid(one) == (mistakes(written(one)) == [])


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.one_of(WORDS, TYPOS), st.one_of(VALUES, st.dictionaries(TYPOS, VALUES)), max_size=5
    )
)
@example({"exclud": [], "excludes": [], "exclude": []})
@example({"rules": {"sync-param": "off", "sync-parms": "of", "sync-params": 3}})
def test_fixes_leave_toml_with_fewer_mistakes(data: dict[str, Any]) -> None:
    text = written(data)
    found = found_in(text)
    fixes = [one.fix for one in found if one.fix is not None]

    texts, count = apply(fixes)

    assert count == len(fixes)
    for after in texts.values():
        assert len(tomllib.loads(after)) == len(data)
        assert not {one.message for one in found if one.fix} & set(mistakes(after))
