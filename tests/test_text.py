import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megalint.source import Location, Source, Span
from megalint.text import OPAQUE, Piece, Text, joined, separated
from megalint.values import Joined, Known, Unknown

SOURCE = Source(PurePosixPath("a.sh"), "one two three")
TEXT = Text.of(SOURCE)


def test_a_part_keeps_its_place() -> None:
    part = TEXT[4:7]
    assert part.flat == "two"
    assert part.location == Location(SOURCE, Span(4, 7))


def test_computed_text_points_to_what_computed_it() -> None:
    place = Location(SOURCE, Span(0, 3))
    assert Text.literal("longer than one", place)[3:6].location == place


def test_an_unknown_part_is_one_character_and_says_why() -> None:
    text = Text.literal("http://") + Text.opaque(Unknown("an SSM parameter"))
    assert text.flat == f"http://{OPAQUE}"
    assert text.known is None
    assert text.why == "an SSM parameter"
    assert text.value == Joined((Known("http://"), Unknown("an SSM parameter")))


def test_a_range_over_several_pieces_is_one_range_of_the_source() -> None:
    text = TEXT[0:3] + TEXT[4:7] + TEXT[8:13]
    assert text.flat == "onetwothree"
    assert text.locate(Span(1, 5)) == Location(SOURCE, Span(1, 6))
    assert text.locate(Span(11, 11)) == Location(SOURCE, Span(12, 13))


def test_lines_end_with_a_line_feed() -> None:
    text = Text.literal("a\n\nb\n")
    assert [line.flat for line in text.lines()] == ["a", "", "b"]
    assert [line.flat for line in Text.literal("a\nb").lines()] == ["a", "b"]
    assert list(Text().lines()) == []


@given(
    st.lists(st.text(min_size=1, max_size=4), max_size=6), st.integers(0, 24), st.integers(0, 24)
)
def test_cutting_is_that_of_strings(parts: list[str], start: int, end: int) -> None:
    text = Text(tuple(Piece(part) for part in parts))
    assert text[start:end].flat == "".join(parts)[start:end]
    assert joined([text[:start], text[start:]]).flat == text.flat


def test_what_is_replaced_keeps_the_places_around_it() -> None:
    new, blank = Text.literal("-"), re.compile(" ")
    assert TEXT.replaced(blank, lambda _: new).flat == "one-two-three"
    first = TEXT.replaced(blank, lambda _: new, is_first_only=True)
    assert first.flat == "one-two three"
    assert first[8:13].location == Location(SOURCE, Span(8, 13))


@pytest.mark.parametrize("parts", [[], ["a"], ["a", "", "b"]])
@pytest.mark.parametrize("mark", ["", ", "])
def test_separating_is_that_of_strings(parts: list[str], mark: str) -> None:
    texts = [Text.literal(one) for one in parts]
    assert separated(texts, Text.literal(mark)).flat == mark.join(parts)


@pytest.mark.parametrize(
    ("written", "stripped", "unquoted"),
    [
        (" x\t", "x", " x\t"),
        (" \n", "", " \n"),
        ("'x'", "'x'", "x"),
        ("\"x'", "\"x'", "\"x'"),
        ("'", "'", "'"),
    ],
)
def test_the_ends_of_a_text(written: str, stripped: str, unquoted: str) -> None:
    text = Text.literal(written)
    assert (text.stripped.flat, text.unquoted.flat) == (stripped, unquoted)
