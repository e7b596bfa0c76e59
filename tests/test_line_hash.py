"""Which parts of a file the hashes of its lines depend on."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def units(text: str) -> list[int]:
    """Return UTF-16 code units, as JavaScript counts characters."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]


def plain_hashes(text: str) -> dict[int, str]:
    """The algorithm as it is described, each line for itself: a sum over its hundred units."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [[one for one in units(line) if one not in (9, 32)] for line in unified.split("\n")]
    stream: list[int] = []
    starts: list[int] = []
    for line in lines:
        starts.append(len(stream))
        stream += [*line, 10]
    stream[-1] = 0xFFFF  # the end of the file, where the last line has no line end
    stream += [0] * 100
    seen: Counter[str] = Counter()
    found: dict[int, str] = {}
    for number, start in enumerate(starts, 1):
        value = 0
        for unit in stream[start : start + 100]:
            value = (value * 37 + unit) % 2**64
        seen[f"{value:x}"] += 1
        found[number] = f"{value:x}:{seen[f'{value:x}']}"
    return found


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (FOUR, {1: "fdbaa2bbabc78214:1", 2: "f98b5c3b9dd36a6d:1", 4: "296ffd82a06000fa:1"}),
        (
            'echo "한글 😀"\r\n\r\n\tPORT=3001 \\\r\npm2 start\r\n',
            {1: "776dfdb7918b4ef6:1", 3: "5da484d6cbbee7b2:1"},
        ),
        ("", {1: "c129715d7a2bc9a3:1"}),
    ],
)
def test_known_hashes(text: str, known: dict[int, str]) -> None:
    hashes, plain = line_hashes(source("a", text)), plain_hashes(text)

    assert {line: hashes[line] for line in known} == known
    assert {line: plain[line] for line in known} == known


PIECES = st.sampled_from(
    [
        "a",
        "b1 ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "한글",
        "😀",
        "\ufeff",
        "\ud800",
        "\u2028",
        "x" * 60,
        "\n\n",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_hash_is_that_of_the_plain_algorithm(text: str) -> None:
    assert line_hashes(source("a", text)) == plain_hashes(text)
