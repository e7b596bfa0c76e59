"""The reports for machines: one line each, JSON, GitHub's commands; and what they share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from megalint.finding import Edit, Fix, Safety, Severity
from megalint.fingerprint import fingerprints
from megalint.output import FORMATS
from megalint.output.rendering import render
from megalint.report import Problem, Report
from megalint.source import Location, Span
from reports import at, finding, report, source

SOURCE = source("app/페이지, a:b%.ts", "const a = 1;\n  fetch(UPSTREAM);\nfetch(UPSTREAM);\n")
SECOND = at(SOURCE, "UPSTREAM", nth=1)


def mixed() -> Report:
    first = at(SOURCE, "UPSTREAM", "read here")
    fix = Fix("write it", Safety.UNSAFE, (Edit(SOURCE, first.span, "x"),))
    return report(
        replace(finding(first, notes=("다음: 50%",), related=(SECOND,), flow=(first,)), fix=fix),
        finding(SECOND, "second", Severity.WARNING),
        finding(at(SOURCE, "a", nth=0), "third", Severity.NOTE),
        suppressed=(finding(SECOND),),
        problems=(Problem("b.ts", "not read: denied", 3),),
    )


def test_concise_is_one_line_for_each_finding() -> None:
    assert render("concise", mixed()).splitlines() == [
        "app/페이지, a:b%.ts:2:9: error[frozen-upstream] `UPSTREAM` is frozen into the image",
        "app/페이지, a:b%.ts:3:7: warning[frozen-upstream] second",
        "app/페이지, a:b%.ts:1:7: note[frozen-upstream] third",
    ]


def test_github_commands_escape_what_has_a_meaning() -> None:
    assert render("github", mixed()).splitlines() == [
        "::error file=app/페이지%2C a%3Ab%25.ts,line=2,endLine=2,col=9,endColumn=17,"
        "title=megalint frozen-upstream::`UPSTREAM` is frozen into the image%0A다음: 50%25",
        "::warning file=app/페이지%2C a%3Ab%25.ts,line=3,endLine=3,col=7,endColumn=15,"
        "title=megalint frozen-upstream::second",
        "::notice file=app/페이지%2C a%3Ab%25.ts,line=1,endLine=1,col=7,endColumn=8,"
        "title=megalint frozen-upstream::third",
    ]


def test_github_gets_as_many_as_it_shows_and_a_word_on_the_rest() -> None:
    many = [finding(SECOND, f"number {number}") for number in range(12)]
    one = finding(SECOND, "a note", severity=Severity.NOTE)

    lines = render("github", report(*many, one)).splitlines()

    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + [
        "::notice",
        "megalint:",
    ]
    assert lines[-1].startswith("megalint: 2 more,")
    assert "more" not in render("github", report(*many[:10], one))


def test_github_gets_no_columns_for_several_lines() -> None:
    whole = Location(SOURCE, Span(0, len(SOURCE.text) - 1))

    command = render("github", report(finding(whole)))

    assert "line=1,endLine=3,title=" in command


def test_json_has_the_promised_members_in_order() -> None:
    first = json.loads(render("json", mixed()))

    assert list(first) == ["version", "tool", "root", "findings", "suppressed", "errors", "summary"]
    assert " ".join(first["findings"][0]) == (
        "rule family severity confidence message path line column end_line end_column "
        "related flow data fix fingerprint help"
    )
    assert first["version"] == 1
    assert first["suppressed"] == {"inline": 1, "baseline": 0}
    assert first["errors"] == [{"path": "b.ts", "line": 3, "message": "not read: denied"}]
    assert first["summary"] == {"error": 1, "warning": 1, "note": 1, "files": 214, "apps": 2}


def test_json_tells_everything_of_a_finding() -> None:
    one = json.loads(render("json", mixed()))["findings"][0]

    assert (one["line"], one["column"], one["end_line"], one["end_column"]) == (2, 9, 2, 17)
    assert one["related"] == [
        {"path": SOURCE.path.as_posix(), "line": 3, "column": 7, "message": ""}
    ]
    assert one["flow"][0]["message"] == "read here"
    assert one["data"] == {"env": ["UPSTREAM"], "region": None, "template": None, "version": None}
    assert one["help"] == "megalint explain frozen-upstream"
    assert one["fix"] == {
        "title": "write it",
        "safety": "unsafe",
        "edits": [
            {
                "path": SOURCE.path.as_posix(),
                "line": 2,
                "column": 9,
                "end_line": 2,
                "end_column": 17,
                "text": "x",
            }
        ],
    }


def test_json_keeps_korean_readable() -> None:
    assert "페이지" in render("json", mixed())


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_function_of_the_report(name: str) -> None:
    assert render(name, mixed()) == render(name, mixed())
    assert render(name, mixed()).endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_surrogates_can_be_written(name: str, tmp_path: Path) -> None:
    where = source("a\udcff.ts", "read();\n")
    one = report(
        finding(at(where, "read"), "value is `\ud83d`"), problems=(Problem("\udcfe", "x"),)
    )

    (tmp_path / "out").write_text(render(name, one), encoding="utf-8")

    if name == "json":
        data = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
        assert data["findings"][0]["path"] == "a\udcff.ts"


def test_all_formats_tell_of_as_many_findings() -> None:
    text, one = render("text", mixed()), mixed()
    sarif = json.loads(render("sarif", one))

    assert text.count("[frozen-upstream]: ") == 3
    assert len(render("concise", one).splitlines()) == 3
    assert len(render("github", one).splitlines()) == 3
    assert len(json.loads(render("json", one))["findings"]) == 3
    assert len(sarif["runs"][0]["results"]) == 3


def prints(text: str, *places: str) -> list[str]:
    where = source("a.ts", text)
    return fingerprints([finding(at(where, place)) for place in places])


def test_a_fingerprint_outlives_moved_and_reformatted_lines() -> None:
    assert prints("f(a, b);", "f(a, b)") == prints("\n\n// new\nf(a,\n  b);", "f(a,\n  b)")


def test_a_fingerprint_tells_places_and_variables_apart() -> None:
    one = finding(at(SOURCE, "UPSTREAM"))
    moved = finding(at(source("b.ts", "UPSTREAM"), "UPSTREAM"))
    other: Any = replace(one, data=replace(one.data, env=("OTHER",)))
    again = finding(SECOND)

    found = fingerprints([one, moved, other, again, replace(one, rule_id="another")])

    assert len(set(found)) == 5
    assert all(len(text) == 32 and int(text, 16) for text in found)
