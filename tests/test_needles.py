"""What files are searched for: words that are looked for first hide nothing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import megalint.project
from megalint import Source
from megalint.languages.javascript.imports import imported
from megalint.source import Needle

FIXTURES = Path(__file__).parents[1] / "fixtures"


def needles() -> dict[str, Needle]:
    """Return every needle of the engine by the name it has."""
    found: dict[str, Needle] = {}
    for info in pkgutil.walk_packages(megalint.project.__path__, "megalint.project."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, Needle):
                found[f"{info.name}.{name}"] = value
    return found


NEEDLES = needles()
PAIRS = [(word, pattern) for needle in NEEDLES.values() for word, pattern in needle.patterns]
TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted(FIXTURES.rglob("*"))
    if path.is_file() and path.suffix in {".ts", ".tsx", ".js", ".mjs", ".py", ".sh", ".tf", ".out"}
]


def test_there_are_needles() -> None:
    assert len(NEEDLES) > 6
    assert len(TEXTS) > 500


@pytest.mark.parametrize(("word", "pattern"), sorted(set(PAIRS)))
def test_what_a_pattern_matches_holds_its_word(word: str, pattern: str) -> None:
    compiled = re.compile(pattern)

    for text in TEXTS:
        assert all(word in match[0] for match in compiled.finditer(text))
    # what stands in front of a match does not matter to what is in it
    generated = re.sub(r"\(\?<=[^)]*\)", "", pattern)

    @settings(max_examples=25, deadline=None)
    @given(st.from_regex(generated))
    def holds(text: str) -> None:
        match = re.search(generated, text)
        assert match is not None
        assert word in match[0]

    holds()


@pytest.mark.parametrize("name", sorted(NEEDLES))
def test_needle_finds_what_its_patterns_find(name: str) -> None:
    needle = NEEDLES[name]
    whole = re.compile("|".join(f"(?:{pattern})" for _, pattern in needle.patterns))

    for text in TEXTS:
        expected = whole.search(text.lower() if needle.is_folded else text) is not None
        assert Source(PurePosixPath("a.ts"), text).mentions(needle) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("// no-imports-from-here\nimport { a } from './a';\n", ("./a",)),
        ("/* import './b' */ import './a';\n", ("./a",)),
        ("const all = '**/*.ts';\nimport './a';\n", ("./a",)),
        ("// see /* here\nimport './a';\n/** end */\n", ("./a",)),
        ("/* https://x */ import './a';\n", ()),
        ("const x = require('./a'); // require('./b')\n", ("./a",)),
        ("export * from './b';\nimport './a';\n", ("./b", "./a")),
        ("import type { A } from './t';\nimport { type A, b } from './a';\n", ("./a",)),
        ("await import(/* webpackChunkName: 'x' */ './a');\n", ("./a",)),
        ("imports('./a'); reimport('./b'); exported = './c';\n", ()),
    ],
)
def test_imports_are_told_from_comments(text: str, expected: tuple[str, ...]) -> None:
    assert imported(text) == expected
