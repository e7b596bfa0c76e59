"""Comments that ask to ignore findings: where they hold, and which of them are idle."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pytest

from megalint.finding import Confidence, Finding, Severity
from megalint.source import Location, Source, Span
from megalint.suppress import Findings, ignores_in, suppress


def source(text: str, path: str = "a.tsx") -> Source:
    return Source(PurePosixPath(path), text)


def finding(source: Source, word: str = "HERE", rule_id: str = "some-rule") -> Finding:
    start = source.text.index(word)
    place = Location(source, Span(start, start + len(word)))
    return Finding(rule_id, "family", Severity.WARNING, Confidence.HIGH, "found", place)


def outcome(text: str, path: str = "a.tsx") -> Findings:
    file = source(text, path)
    return suppress([finding(file)], [file])


@pytest.mark.parametrize(
    "text",
    [
        "HERE // megalint: ignore[some-rule] why",
        "// megalint: ignore[some-rule] why\nHERE",
        "  //megalint:ignore[some-rule] why\n  HERE",
        "{/* megalint: ignore[some-rule] why */}\n<HERE />",
        "/* megalint: ignore[some-rule] why */ HERE",
        "# megalint: ignore[other, some-rule] why\nHERE=1",
        "HERE=1 # megalint: ignore[family] why",
        "// megalint: ignore-file[some-rule] why\n\n\nHERE",
        "HERE\n\n// megalint: ignore-file[some-rule] why",
    ],
)
def test_comment_ignores(text: str) -> None:
    result = outcome(text)

    assert (result.reported, len(result.ignored)) == ([], 1)
    assert [(one.is_used, one.reason) for one in result.ignores] == [(True, "why")]


@pytest.mark.parametrize(
    "text",
    [
        "// megalint: ignore[other-rule] why\nHERE",
        "// megalint: ignore[some-rule] why\n\nHERE",
        "x() // megalint: ignore[some-rule] why\nHERE",
        "/* megalint: ignore[some-rule] why */ x()\nHERE",
        "HERE\n// megalint: ignore[some-rule] why",
        "megalint: ignore[some-rule] no comment\nHERE",
    ],
)
def test_comment_elsewhere_ignores_nothing(text: str) -> None:
    result = outcome(text)

    assert (len(result.reported), result.ignored) == (1, [])
    assert not any(one.is_used for one in result.ignores)


def test_reason_may_be_missing() -> None:
    assert [one.reason for one in ignores_in(source("{/* megalint: ignore[some-rule] */}"))] == [""]


def test_idle_comment_is_told_in_a_file_without_findings() -> None:
    files = [source("// megalint: ignore[some-rule] why\n", "b.ts"), source("HERE", "a.ts")]

    result = suppress([finding(files[1])], files)

    assert [(str(one.path), one.line, one.is_used) for one in result.ignores] == [
        ("b.ts", 1, False)
    ]


def test_findings_are_sorted_by_place_and_equal_ones_count_once() -> None:
    file = source("A B HERE")
    last, first = finding(file), finding(file, "A")

    assert suppress([last, first, last], [file]).reported == [first, last]


@pytest.mark.parametrize(
    ("day", "is_ignored"), [("2027-03-30", True), ("2027-03-31", True), ("2027-04-01", False)]
)
def test_comment_holds_until_the_end_of_its_last_day(day: str, is_ignored: bool) -> None:
    file = source("HERE // megalint: ignore[some-rule] until=2027-03-31 new load balancer")

    result = suppress([finding(file)], [file], date.fromisoformat(day))

    assert bool(result.ignored) is is_ignored
    (ignore,) = result.ignores
    assert (ignore.reason, ignore.is_used) == ("new load balancer", is_ignored)
    assert ignore.has_expired(date.fromisoformat(day)) is not is_ignored


@pytest.mark.parametrize(
    "reason", ["until=2027-02-30 why", "why until=soon", "notuntil=2027-03-31"]
)
def test_what_is_no_date_is_part_of_the_reason(reason: str) -> None:
    (ignore,) = ignores_in(source(f"// megalint: ignore[some-rule] {reason}"))

    assert (ignore.reason, ignore.until) == (reason, None)
