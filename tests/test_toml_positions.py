"""Positions in TOML against ``tomllib``, which says what each text means but not where it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from megalint.config.positions import Place, positions
from megalint.source import Source

TEXT = """\
exclude = ["é", 'legacy/**']  # a comment
fail-on = "error"
a . "b.c" = { d = [ { e = 2 }, 3 ], "f" = "x" }

[services . web]
require = [
  "A",  # first
  "B",
]

[tool."megalint"]
x = 1
"""


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        (("exclude",), "exclude", """["é", 'legacy/**']"""),
        (("exclude", 1), "'legacy/**'", "'legacy/**'"),
        (("fail-on",), "fail-on", '"error"'),
        (("a", "b.c"), '"b.c"', """{ d = [ { e = 2 }, 3 ], "f" = "x" }"""),
        (("a", "b.c", "d", 0, "e"), "e", "2"),
        (("services", "web"), "web", "web"),
        (("services", "web", "require", 1), '"B"', '"B"'),
        (("tool", "megalint", "x"), "x", "1"),
    ],
)
def test_each_key_and_value_is_found(place: Place, key: str, value: str) -> None:
    found = positions(TEXT)[place]

    assert (TEXT[found.key.start : found.key.end], TEXT[found.value.start : found.value.end]) == (
        key,
        value,
    )


NAMES = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4),
)
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-999, 999),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)
BREAKS = st.sampled_from(["\n", "\r\n", "  # é 💥\n", "\n\n"])


def quoted(text: str) -> str:
    escaped = (f"\\u{ord(one):04x}" if ord(one) < 32 or one in '"\\\x7f' else one for one in text)
    return f'"{"".join(escaped)}"'


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[ {', '.join(map(written, value))} ]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{quoted(key)} = {written(one)}' for key, one in value.items())} }}"
    return str(value)


def lines(data: dict[str, Any], draw: Any, header: str = "") -> Iterator[str]:
    """Yield the lines of a document: each table of the top as a header or as one line."""
    tables = {
        key: one for key, one in data.items() if isinstance(one, dict) and draw(st.booleans())
    }
    for key, one in data.items():
        if key not in tables:
            yield f"{quoted(key)} = {written(one)}"
    for key, one in tables.items():
        name = f"{header}{quoted(key)}"
        yield f"[ {name} ]"
        yield from lines(one, draw, f"{name} . ")


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    held = enumerate(value) if isinstance(value, list) else value.items()
    for key, one in held:
        yield (*place, key), one
        if isinstance(one, list | dict):
            yield from places(one, (*place, key))


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.data())
def test_every_value_stands_where_it_is_said_to(document: dict[str, Any], data: Any) -> None:
    text = "".join(f"{line}{data.draw(BREAKS)}" for line in lines(document, data.draw))
    assert tomllib.loads(text) == document
    source = Source(PurePosixPath("x.toml"), text)

    found = positions(text)

    assert set(found) == {place for place, _ in places(document)}
    for place, value in places(document):
        spot = found[place]
        if isinstance(place[-1], str):
            assert next(iter(tomllib.loads(f"{source[spot.key]} = 0"))) == place[-1]
        if spot.key != spot.value or isinstance(place[-1], int):
            assert tomllib.loads(f"x = {source[spot.value]}")["x"] == value
