"""Comments that ask to ignore findings: where they hold, and which of them are idle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from megalint.finding import Confidence, Finding, Severity
from megalint.ignores import Ignore, Judged, ignores_in
from megalint.registry import load_rules
from megalint.rewrite import fix
from megalint.run import run
from megalint.source import Location, Source, Span
from megalint.suppress import Findings, judged, suppress

TODAY = date(2026, 7, 1)


def source(text: str, path: str = "a.tsx") -> Source:
    return Source(PurePosixPath(path), text)


def finding(source: Source, word: str = "HERE", rule_id: str = "some-rule") -> Finding:
    start = source.text.index(word)
    place = Location(source, Span(start, start + len(word)))
    return Finding(rule_id, "family", Severity.WARNING, Confidence.HIGH, "found", place)


def verdicts(ignores: Sequence[Ignore], *findings: Finding, today: date = TODAY) -> list[Judged]:
    names = ("some-rule", "other", "other-rule", "family")
    return list(judged(ignores, findings, names, lambda *_: True, today))


def outcome(text: str, path: str) -> tuple[Findings, list[Judged]]:
    file = source(text, path)
    ignores = list(ignores_in(file))
    one = finding(file)
    return suppress([one], ignores, TODAY), verdicts(ignores, one)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.tsx", "HERE // megalint: ignore[some-rule] why"),
        ("a.tsx", "// megalint: ignore[some-rule] why\nHERE"),
        ("a.tsx", "  //megalint:ignore[some-rule] why\n  HERE"),
        ("a.tsx", "x = <p>\n{/* megalint: ignore[some-rule] why */}\n<HERE />\n</p>"),
        ("a.tsx", "x = <p>{ /* megalint: ignore[some-rule] why */ }<HERE /></p>"),
        ("a.tsx", "/* megalint: ignore[some-rule] why */ HERE"),
        ("a.tsx", "// megalint: ignore[some-rule] why\n// more\n/* words */\nHERE"),
        ("a.tsx", "// megalint: ignore-file[some-rule] why\n\n\nHERE"),
        ("a.tsx", "HERE\n\n// megalint: ignore-file[some-rule] why"),
        ("a.ts", "f(`\n# megalint: ignore[some-rule] why\nHERE`)"),
        (".env", "# megalint: ignore[some-rule] why\nHERE=1"),
        (".env", "HERE=1 # megalint: ignore[family] why"),
        ("a.tf", "/* megalint: ignore[some-rule] why */\nHERE = 1"),
        ("a.py", "# megalint: ignore[some-rule] why\nHERE = 1"),
        ("a.yml", "# megalint: ignore[some-rule] why\nHERE: 1"),
        ("Dockerfile", "# megalint: ignore[some-rule] why\nRUN a \\\n  HERE"),
        ("a.sh", "# megalint: ignore[some-rule] why\n# more\nsudo \\\n  a \\\n  HERE"),
        ("a.sh", "sudo HERE \\\n  a # megalint: ignore[some-rule] why"),
        ("a.html.tpl", "<!-- megalint: ignore[some-rule] why -->\nHERE"),
    ],
)
def test_comment_ignores(path: str, text: str) -> None:
    result, told = outcome(text, path)

    assert (result.reported, len(result.ignored)) == ([], 1)
    assert [one.reason for one in ignores_in(source(text, path))] == ["why"]
    assert not any(one.idle or one.unknown for one in told)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.tsx", "// megalint: ignore[other-rule] why\nHERE"),
        ("a.tsx", "// megalint: ignore[some-rule] why\n\nHERE"),
        ("a.tsx", "x() // megalint: ignore[some-rule] why\nHERE"),
        ("a.tsx", "/* megalint: ignore[some-rule] why */ x()\nHERE"),
        ("a.tsx", "HERE\n// megalint: ignore[some-rule] why"),
        ("a.ts", "class A {\n// megalint: ignore[some-rule] why\n#x = 1\nb = HERE\n}"),
        ("a.sh", "# megalint: ignore[some-rule] why\na \\\n  b\nHERE"),
        ("a.sh", "# megalint: ignore[some-rule] why\necho a \\\\\nHERE"),
    ],
)
def test_comment_elsewhere_ignores_nothing(path: str, text: str) -> None:
    result, (told,) = outcome(text, path)

    assert (len(result.reported), result.ignored) == (1, [])
    assert told.idle == told.ignore.names


def test_words_that_are_no_comment_ignore_nothing() -> None:
    file = source("megalint: ignore[some-rule] no comment\nHERE")

    assert list(ignores_in(file)) == []


def test_what_stands_in_a_text_may_ignore_and_is_not_judged() -> None:
    file = source('text = "# megalint: ignore[some-rule, nonsense] HERE"', "a.py")
    ignores = list(ignores_in(file))

    assert [one.is_comment for one in ignores] == [False]
    assert verdicts(ignores) == []
    assert len(suppress([finding(file)], ignores, TODAY).ignored) == 1


def test_each_name_is_judged_by_itself() -> None:
    file = source("HERE // megalint: ignore[other, some-rule, other-rul] why")
    (told,) = verdicts(list(ignores_in(file)), finding(file))

    assert [one.text for one in told.idle] == ["other"]
    assert [(name.text, meant) for name, meant in told.unknown] == [("other-rul", "other-rule")]
    edit = told.ignore.without(told.idle)
    assert edit is not None
    assert (file[edit.span], edit.text) == ("other, some-rule, other-rul", "some-rule, other-rul")


def test_reason_may_be_missing() -> None:
    assert [one.reason for one in ignores_in(source("{/* megalint: ignore[some-rule] */}"))] == [""]


def test_findings_are_sorted_by_place_and_equal_ones_count_once() -> None:
    file = source("A B HERE")
    last, first = finding(file), finding(file, "A")

    assert suppress([last, first, last], [], TODAY).reported == [first, last]


@pytest.mark.parametrize(
    ("day", "is_ignored"), [("2027-03-30", True), ("2027-03-31", True), ("2027-04-01", False)]
)
def test_comment_holds_until_the_end_of_its_last_day(day: str, is_ignored: bool) -> None:
    file = source("HERE // megalint: ignore[some-rule] until=2027-03-31 new load balancer")
    ignores, today = list(ignores_in(file)), date.fromisoformat(day)

    result = suppress([finding(file)], ignores, today)

    assert bool(result.ignored) is is_ignored
    assert [one.reason for one in ignores] == ["new load balancer"]
    (told,) = verdicts(ignores, finding(file), today=today)
    assert (told.has_expired, told.idle) == (not is_ignored, ())


@pytest.mark.parametrize(
    "reason", ["until=2027-02-30 why", "why until=soon", "notuntil=2027-03-31"]
)
def test_what_is_no_date_is_part_of_the_reason(reason: str) -> None:
    (ignore,) = ignores_in(source(f"// megalint: ignore[some-rule] {reason}"))

    assert (ignore.reason, ignore.until) == (reason, None)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.ts", "a()\n  // megalint: ignore[x] why\nb()\n", "a()\nb()\n"),
        ("a.ts", "a()  // megalint: ignore[x] why\nb()\n", "a()\nb()\n"),
        ("a.ts", "a(/* megalint: ignore[x] why */ 1)\n", "a( 1)\n"),
        ("a.tsx", "x = <p>\n  {/* megalint: ignore[x] */}\n</p>", "x = <p>\n</p>"),
        ("a.tsx", "x = <p>{/* megalint: ignore[x] */}</p>", "x = <p></p>"),
        ("a.sh", "a\r\n# megalint: ignore[x] why\r\nb\r\n", "a\r\nb\r\n"),
        ("a.sh", "a\n# megalint: ignore[x] why", "a\n"),
        ("a.sh", "a # megalint: ignore[x] why # shellcheck disable=SC1", None),
        ("a.ts", "/* megalint: ignore[x] why\n more */\nb()\n", None),
    ],
)
def test_comment_is_taken_out_and_nothing_else(path: str, before: str, after: str | None) -> None:
    (ignore,) = ignores_in(source(before, path))
    edit = ignore.removal

    if edit is None:
        assert after is None
    else:
        assert before[: edit.span.start] + edit.text + before[edit.span.end :] == after


# --- a whole run -----------------------------------------------------------------------------


CONFIG = """export default {
  async rewrites() {
    // megalint: ignore[rewrite-captures-env, sync-params] one region
    return [{ source: '/a/:path*', destination: `${process.env.A}/:path*` }];
  },
};
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "next.config.mjs").write_text(CONFIG)
    (tmp_path / "package.json").write_text(
        '{ "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }'
    )
    return tmp_path


def test_idle_names_are_found_though_their_rules_were_not_asked_for(checkout: Path) -> None:
    report = run(checkout, [rule for rule in load_rules() if rule.family == "suppression"])

    assert [(one.rule_id, one.location.text) for one in report.findings] == [
        ("unused-ignore", "sync-params")
    ]


def test_no_rule_is_run_for_ignores_that_nobody_asks_about(checkout: Path) -> None:
    report = run(checkout, [rule for rule in load_rules() if rule.id == "sync-params"])

    assert report.findings == ()


def test_idle_name_is_taken_out_by_a_fix(checkout: Path) -> None:
    report, (change,), count = fix(checkout, load_rules())

    assert count == 1
    assert change.after == CONFIG.replace(", sync-params", "")
    assert (report.findings, len(report.suppressed)) == ((), 1)


def test_findings_about_ignores_can_be_ignored(checkout: Path) -> None:
    text = CONFIG.replace("sync-params", "sync-params, unused-ignore")
    (checkout / "next.config.mjs").write_text(text)

    report = run(checkout, load_rules())

    assert report.findings == ()
    assert [one.rule_id for one in report.suppressed] == ["unused-ignore", "rewrite-captures-env"]
