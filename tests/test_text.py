from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from megalint.source import Location, Source, Span
from megalint.text import OPAQUE, Piece, Text, joined
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
