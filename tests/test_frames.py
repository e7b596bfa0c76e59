"""Frames of any source: they never fail, and never leave the terminal."""

from __future__ import annotations

from pathlib import PurePosixPath

from hypothesis import example, given, settings
from hypothesis import strategies as st

from megalint.output.frames import frame
from megalint.output.plain import expanded, width
from megalint.output.windows import windows
from megalint.source import Location, Source, Span

PIECES = st.sampled_from(
    [
        "a",
        "한",
        "😀",
        "\t",
        " ",
        "\n",
        "\r\n",
        "\r",
        "e\u0301",
        "\x1b",
        "\u202e",
        "x" * 70,
        "\ufeff",
    ]
)
LABELS = st.lists(st.sampled_from(["read", "here,", "빌드", "while"]), max_size=30).map(" ".join)


WIDE = Source(PurePosixPath("wide.ts"), "x" * 70)


@st.composite
def places(draw: st.DrawFn) -> list[Location]:
    sources = [
        Source(PurePosixPath(f"f{number}.ts"), "".join(draw(st.lists(PIECES, max_size=60))))
        for number in range(draw(st.integers(1, 2)))
    ]
    found = []
    for _ in range(draw(st.integers(1, 5))):
        source = draw(st.sampled_from(sources))
        start = draw(st.integers(0, len(source.text)))
        end = draw(st.integers(start, len(source.text)))
        found.append(Location(source, Span(start, end), draw(LABELS)))
    return found


@settings(max_examples=400, deadline=None, derandomize=True)
@example([Location(WIDE, Span(70, 70))], 74)
@given(places(), st.integers(40, 140))
def test_a_frame_stays_inside_the_terminal(found: list[Location], columns: int) -> None:
    lines = list(frame(found[0], found[1:], columns))

    assert max(map(width, lines)) <= columns
    assert all(line == expanded(line) for line in lines)
    assert sum("-->" in line for line in lines) == 1


@settings(max_examples=200, deadline=None, derandomize=True)
@given(places(), st.integers(40, 140))
def test_every_place_is_marked_with_its_label(found: list[Location], columns: int) -> None:
    lines = list(frame(found[0], found[1:], columns))
    words = " ".join(" ".join(line.partition("|")[2].split()) for line in lines)

    assert any("^" in line for line in lines)
    first: dict[tuple[Source, Span], str] = {}
    for place in found:
        key = (place.source, place.span)
        first[key] = first.get(key) or place.label
    assert all(label in words for label in first.values())


@settings(deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=80).map("".join), st.data(), st.integers(20, 100))
def test_windows_show_where_each_place_starts(line: str, data: st.DataObject, room: int) -> None:
    starts = sorted(data.draw(st.lists(st.integers(0, len(line)), max_size=4)))
    spans = [Span(start, len(line)) for start in starts]

    found = windows(line, spans, room)

    assert sorted(index for one in found for index in one.members) == list(range(len(spans)))
    for one in found:
        assert width(one.text) <= room
        for index in one.members:
            assert one.part.start <= spans[index].start <= one.part.end
