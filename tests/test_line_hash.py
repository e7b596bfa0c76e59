"""The hashes that codeql-action computes, for the lines of small files."""

from __future__ import annotations

import pytest

from megalint.output.line_hash import line_hashes
from reports import source

FOUR = "const a = 1;\nconst b = 2;\n\nconst a = 1;\n"
KOREAN = 'echo "한글 😀"\r\n\r\n\tPORT=3001 \\\r\npm2 start\r\n'


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (FOUR, 1, "fdbaa2bbabc78214:1"),
        (FOUR, 2, "f98b5c3b9dd36a6d:1"),
        (FOUR, 4, "296ffd82a06000fa:1"),
        (KOREAN, 1, "776dfdb7918b4ef6:1"),
        (KOREAN, 3, "5da484d6cbbee7b2:1"),
        ("", 1, "c129715d7a2bc9a3:1"),
    ],
)
def test_lines_have_the_hash_that_github_computes(text: str, line: int, expected: str) -> None:
    assert line_hashes(source("a", text))[line] == expected


def test_blanks_and_line_ends_do_not_count() -> None:
    plain = line_hashes(source("a", FOUR))

    assert line_hashes(source("a", FOUR.replace("\n", "\r\n"))) == plain
    assert line_hashes(source("a", FOUR.replace("const ", "\tconst   "))) == plain


def test_a_byte_order_mark_counts() -> None:
    with_mark, without = line_hashes(source("a", "\ufeff" + FOUR)), line_hashes(source("a", FOUR))

    assert with_mark[1] != without[1]
    assert with_mark[2] == without[2]


def test_the_same_hundred_units_are_numbered() -> None:
    block = "".join(f"line {number};\n" for number in range(30))
    hashes = line_hashes(source("a", block * 2))

    first, second = hashes[1], hashes[31]
    assert first.endswith(":1")
    assert second == first[:-1] + "2"
