"""Reports: what people and machines are shown."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megalint import Confidence, Data, Edit, Finding, Fix, Location, Safety, Severity, Source, Span
from megalint.output import FORMATS
from megalint.output.frames import frame
from megalint.output.line_hash import line_hashes
from megalint.output.plain import printable, width
from megalint.output.rendering import Style, render
from megalint.registry import load_rules
from megalint.report import Problem, Report

TEXT = "const base = process.env.API_URL;\n\n\n\n\tconst 서울 = `${base}/api`; // 😀\n"
SOURCE = Source(PurePosixPath("app/[...path]/route.ts"), TEXT)


def at(part: str, label: str = "", source: Source = SOURCE) -> Location:
    start = source.text.index(part)
    return Location(source, Span(start, start + len(part)), label)


def finding(**changes: object) -> Finding:
    values: dict[str, object] = {
        "rule_id": "rewrite-captures-env",
        "family": "nextjs",
        "severity": Severity.WARNING,
        "confidence": Confidence.HIGH,
        "message": "`API_URL` is frozen",
        "location": at("`${base}/api`", "frozen here"),
        "flow": (at("process.env.API_URL", "read here"),),
        "notes": ("instead: `app/api/[...path]/route.ts` that reads it",),
        "data": Data(env=("API_URL",)),
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def report(*findings: Finding, problems: tuple[Problem, ...] = ()) -> Report:
    return Report(Path("/checkout"), findings, (), problems, tuple(load_rules()), 3, 1)


def test_text_shows_the_road_of_the_value() -> None:
    assert render("text", report(finding()), Style(80)) == (
        "warning[rewrite-captures-env]: `API_URL` is frozen\n"
        " --> app/[...path]/route.ts:5:13\n"
        "  |\n"
        "1 | const base = process.env.API_URL;\n"
        "  |              ------------------- read here\n"
        "  :\n"
        "5 |     const 서울 = `${base}/api`; // 😀\n"
        "  |                  ^^^^^^^^^^^^^ frozen here\n"
        "  |\n"
        "  = instead: `app/api/[...path]/route.ts` that reads it\n"
        "\n"
        "1 warning in 1 app, 3 files.\n"
    )


def test_text_shows_other_files_below() -> None:
    other = Source(PurePosixPath("lib/a.ts"), "export const a = 1;\n")
    text = render("text", report(finding(related=(at("a = 1", "set here", other),))), Style(80))

    assert (
        " ::: lib/a.ts:1:14\n  |\n1 | export const a = 1;\n  |              ----- set here\n"
        in text
    )


def test_colours_add_nothing_that_the_text_lacks() -> None:
    import re

    plain = render("text", report(finding()), Style(80))
    coloured = render("text", report(finding()), Style(80, True))

    assert coloured != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_terminal_escapes_do_not_act() -> None:
    evil = Source(PurePosixPath("a\x1b[2Jb.ts"), "x = 1; // \x1b]0;title\x07\u202e\n")
    text = render(
        "text",
        report(finding(location=at("x = 1", "\x1b[31m", evil), flow=(), message="a\x1b[1mb")),
        Style(80),
    )

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "a\\x1b[2Jb.ts" in text


def test_long_lines_are_cut_around_the_place() -> None:
    source = Source(PurePosixPath("min.js"), "a" * 5000 + " here " + "b" * 5000)
    lines = list(frame(at("here", "this", source), (), 80))

    assert max(width(line) for line in lines) <= 80 + len(" this")
    assert any("here" in line for line in lines)


def test_concise_is_one_line_per_finding() -> None:
    text = render("concise", report(finding(), finding(message="two")))

    assert (
        text.splitlines()[0]
        == "app/[...path]/route.ts:5:13: warning[rewrite-captures-env] `API_URL` is frozen"
    )
    assert len(text.splitlines()) == 2


def test_json_has_the_promised_shape() -> None:
    edit = Edit(SOURCE, Span(0, 5), "let")
    data = json.loads(
        render(
            "json",
            report(
                finding(fix=Fix("write let", Safety.SAFE, (edit,))),
                problems=(Problem("x.ts", "not read", 3),),
            ),
        )
    )

    assert list(data) == ["version", "tool", "root", "findings", "suppressed", "errors", "summary"]
    (one,) = data["findings"]
    assert (one["path"], one["line"], one["column"], one["end_line"], one["end_column"]) == (
        "app/[...path]/route.ts",
        5,
        13,
        5,
        26,
    )
    assert one["flow"] == [
        {"path": "app/[...path]/route.ts", "line": 1, "column": 14, "message": "read here"}
    ]
    assert one["data"] == {"env": ["API_URL"], "region": None, "template": None, "version": None}
    assert one["fix"]["edits"] == [
        {
            "path": "app/[...path]/route.ts",
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 6,
            "text": "let",
        }
    ]
    assert data["errors"] == [{"path": "x.ts", "line": 3, "message": "not read"}]
    assert data["summary"] == {"error": 0, "warning": 1, "note": 0, "files": 3, "apps": 1}


def test_fingerprints_survive_moved_and_reformatted_lines() -> None:
    moved = Source(SOURCE.path, "\n\n// new\n" + TEXT.replace("`${base}/api`", "`${base}/api`  "))

    def fingerprint(one: Finding) -> str:
        return str(json.loads(render("json", report(one)))["findings"][0]["fingerprint"])

    assert fingerprint(finding()) == fingerprint(
        finding(location=at("`${base}/api`", source=moved))
    )
    assert fingerprint(finding()) != fingerprint(finding(data=Data(env=("OTHER",))))


def test_github_escapes_what_would_end_a_property() -> None:
    line = render("github", report(finding(message="50% a: b,\nc")))

    assert line.startswith(
        "::warning file=app/[...path]/route.ts,line=5,endLine=5,col=13,endColumn=26,title=megalint rewrite-captures-env::50%25 a: b,%0Ac%0A"
    )
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("const a = 1;\nconst b = 2;\n\nconst a = 1;\n", 1, "fdbaa2bbabc78214:1"),
        ("const a = 1;\nconst b = 2;\n\nconst a = 1;\n", 2, "f98b5c3b9dd36a6d:1"),
        ("const a = 1;\nconst b = 2;\n\nconst a = 1;\n", 4, "296ffd82a06000fa:1"),
        ('echo "한글 😀"\r\n\r\n\tPORT=3001 \\\r\npm2 start\r\n', 1, "776dfdb7918b4ef6:1"),
        ('echo "한글 😀"\r\n\r\n\tPORT=3001 \\\r\npm2 start\r\n', 3, "5da484d6cbbee7b2:1"),
        ("", 1, "c129715d7a2bc9a3:1"),
    ],
)
def test_line_hash_is_what_codeql_action_computes(text: str, line: int, expected: str) -> None:
    assert line_hashes(Source(PurePosixPath("x"), text))[line] == expected


def test_formats_agree_on_the_count_and_are_stable() -> None:
    several = report(
        finding(),
        finding(rule_id="config-captures-env"),
        finding(severity=Severity.ERROR, message="x"),
    )
    texts = {name: render(name, several) for name in FORMATS}

    assert texts == {name: render(name, several) for name in FORMATS}
    assert len(json.loads(texts["json"])["findings"]) == 3
    assert len(json.loads(texts["sarif"])["runs"][0]["results"]) == 3
    assert len(texts["concise"].splitlines()) == len(texts["github"].splitlines()) == 3
    assert texts["text"].count(" --> ") == 3


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300), st.integers(30, 120))
def test_frames_never_fail_and_show_nothing_that_acts(
    text: str, one: int, other: int, columns: int
) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    source = Source(PurePosixPath("x"), text)

    lines = list(
        frame(
            Location(source, Span(start, end), "here"),
            (Location(source, Span(0, 0), "there"),),
            columns,
        )
    )

    assert lines
    assert all(printable(line) == line for line in lines)
