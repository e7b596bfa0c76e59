"""Which parts of a file the hashes of its lines depend on."""

from __future__ import annotations

from megalint.output.line_hash import line_hashes
from reports import source

FOUR = "const a = 1;\nconst b = 2;\n\nconst a = 1;\n"


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
