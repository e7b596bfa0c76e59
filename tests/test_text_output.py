"""The report for people, frame by frame."""

from __future__ import annotations

import re
import unicodedata
from inspect import cleandoc

import pytest

from megalint.finding import Edit, Finding, Fix, Safety, Severity
from megalint.output.plain import width
from megalint.output.rendering import Style, render, render_problems
from megalint.report import Problem
from megalint.source import Location, Span
from reports import at, finding, report, source

CONFIG = source(
    "apps/web/next.config.ts",
    "const upstream = process.env.INTERNAL_API_URL || 'http://localhost:3001';\n\n\n\n"
    "export default {\n  rewrites: async () => [\n    {\n"
    "      source: '/api/:path*',\n      destination: `${upstream}/api/:path*`,\n    },\n  ],\n};\n",
)


def shown(one: Finding, columns: int = 100) -> str:
    """Return the block of one finding, without the summary."""
    return render("text", report(one), Style(columns)).rpartition("\n\n")[0]


def golden(text: str) -> str:
    return cleandoc(text)


def test_the_road_of_a_value_is_one_frame_in_the_order_of_lines() -> None:
    read = at(CONFIG, "process.env.INTERNAL_API_URL", "read here, while `next build` runs")
    frozen = at(CONFIG, "`${upstream}/api/:path*`", "written into routes-manifest.json here")

    assert shown(
        finding(frozen, flow=(read, frozen), notes=("not set at build? then nothing works",))
    ) == golden(
        """
        error[frozen-upstream]: `UPSTREAM` is frozen into the image
         --> apps/web/next.config.ts:9:20
          |
        1 | const upstream = process.env.INTERNAL_API_URL || 'http://localhost:3001';
          |                  ---------------------------- read here, while `next build` runs
          :
        9 |       destination: `${upstream}/api/:path*`,
          |                    ^^^^^^^^^^^^^^^^^^^^^^^^ written into routes-manifest.json here
          |
          = not set at build? then nothing works
        """
    )


def test_places_of_other_files_follow_in_blocks_of_their_own() -> None:
    script = source("deploy/web.sh", "#!/bin/sh\nUPSTREAM=http://b\n")

    assert shown(
        finding(
            at(CONFIG, "upstream", "here", nth=1), related=(at(script, "UPSTREAM", "too late"),)
        )
    ) == golden(
        """
        error[frozen-upstream]: `UPSTREAM` is frozen into the image
         --> apps/web/next.config.ts:9:23
          |
        9 |       destination: `${upstream}/api/:path*`,
          |                       ^^^^^^^^ here
          |
         ::: deploy/web.sh:2:1
          |
        2 | UPSTREAM=http://b
          | -------- too late
          |
        """
    )


def test_places_of_one_line_share_a_row_when_only_the_last_says_something() -> None:
    script = source("web.sh", "echo 'starting web' >> start.log && pm2 start npm\n")

    assert shown(
        finding(
            at(script, "pm2 start", "... which is this"),
            related=(at(script, "echo"), at(script, "start.log", "of `echo`")),
        )
    ).splitlines()[4:-1] == [
        "  | ----                   --------- of `echo`",
        "  |                                     ^^^^^^^^^ ... which is this",
    ]


def test_a_place_named_twice_is_marked_once_with_the_label_there_is() -> None:
    primary = at(CONFIG, "upstream", nth=1)

    lines = shown(finding(primary, flow=(primary.labelled("frozen here"),))).splitlines()

    assert lines[4:-1] == ["  |                       ^^^^^^^^ frozen here"]


def test_a_place_of_several_lines_shows_where_it_starts_and_ends() -> None:
    text = CONFIG.text
    whole = Location(CONFIG, Span(text.index("rewrites"), text.index("],") + 1), "all of this")

    assert shown(finding(whole)).splitlines()[2:] == [
        "   |",
        " 6 |   rewrites: async () => [",
        "   |   ^^^^^^^^^^^^^^^^^^^^^^^",
        "   :",
        "11 |   ],",
        "   |   ^ all of this",
        "   |",
    ]


def test_a_place_that_ends_with_its_line_is_on_that_line() -> None:
    two = source("a.ts", "read();\nnext();\n")

    assert shown(finding(Location(two, Span(0, 8), "here"))).splitlines()[3:-1] == [
        "1 | read();",
        "  | ^^^^^^^ here",
    ]


def test_one_line_between_two_marked_ones_is_shown() -> None:
    three = source("a.ts", "one();\ntwo();\nthree();\n")

    frame = shown(finding(at(three, "one"), related=(at(three, "three"),))).splitlines()[3:-1]

    assert frame == ["1 | one();", "  | ^^^", "2 | two();", "3 | three();", "  | -----"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("const 리전 = read('한국');", ["const 리전 = read('한국');", "             ^^^^ here"]),
        (
            unicodedata.normalize("NFD", "const 리전 = read();"),
            [unicodedata.normalize("NFD", "const 리전 = read();"), "             ^^^^ here"],
        ),
        ("'😀' + read('한국');", ["'😀' + read('한국');", "       ^^^^ here"]),
        ("\t\tread();", ["        read();", "        ^^^^ here"]),
        ("、。(read());", ["、。(read());", "     ^^^^ here"]),
        ("'e\u0301' + read();", ["'e\u0301' + read();", "      ^^^^ here"]),
        ("\x1b[31m read();", ["\\x1b[31m read();", "         ^^^^ here"]),
        ("'\u202e' + read();", ["'\\u202e' + read();", "           ^^^^ here"]),
    ],
    ids=["korean", "jamo", "emoji", "tabs", "fullwidth", "combining", "escape", "bidi"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["lf", "crlf", "no-newline"])
def test_marks_stand_below_what_they_mark(line: str, expected: list[str], end: str) -> None:
    where = source("a.ts", f"{line}{end}")

    rows = shown(finding(at(where, "read", "here"))).splitlines()[3:-1]

    assert rows == [f"1 | {expected[0]}", f"  | {expected[1]}"]


def test_a_minified_line_is_cut_around_each_place() -> None:
    filler = "a=b;" * 500
    where = source("a.js", f"{filler}read();{filler}freeze();{filler}\n")

    lines = shown(
        finding(at(where, "freeze", "frozen here"), flow=(at(where, "read", "read here"),)), 60
    ).splitlines()

    assert lines[3:-1] == [
        "1 | …;a=b;a=b;a=b;read();a=b;a=b;a=b;a=b;a=b;a=b;a=b;a=b;a=…",
        "  |               ---- read here",
        "1 | …;a=b;a=b;a=b;freeze();a=b;a=b;a=b;a=b;a=b;a=b;a=b;a=b;…",
        "  |               ^^^^^^ frozen here",
    ]


def test_a_label_without_room_stands_below_its_mark() -> None:
    where = source("a.ts", f"{'x' * 40}(read());\n")

    rows = shown(
        finding(at(where, "read", "the value that the build saw goes into this")), 60
    ).splitlines()

    assert rows[4:-1] == [
        "  |                                          ^^^^",
        "  |              the value that the build saw goes into this",
    ]


def test_text_breaks_at_blanks_and_never_in_backticks_or_commands() -> None:
    one = finding(
        at(CONFIG, "upstream"),
        "`UPSTREAM` is frozen, and every region then sends the requests of `GET /api/some thing` there",
        notes=("instead: a handler that reads it per request (megalint explain frozen-upstream)",),
    )

    lines = shown(one, 80).splitlines()

    assert lines[:2] == [
        "error[frozen-upstream]: `UPSTREAM` is frozen, and every region then sends the",
        "  requests of `GET /api/some thing` there",
    ]
    assert lines[-2:] == [
        "  = instead: a handler that reads it per request",
        "    (megalint explain frozen-upstream)",
    ]


def test_a_fix_is_the_last_note() -> None:
    place = at(CONFIG, "upstream")
    fix = Fix("read it per request", Safety.DISPLAY, (Edit(CONFIG, place.span, "x"),))
    one = finding(place, notes=("first",))
    repaired = Finding(
        one.rule_id,
        one.family,
        one.severity,
        one.confidence,
        one.message,
        place,
        notes=one.notes,
        fix=fix,
    )

    assert shown(repaired).splitlines()[-2:] == ["  = first", "  = fix: read it per request"]


def test_names_cannot_reach_the_terminal() -> None:
    where = source("a\x1b]0;x\x07\n.ts", "read();\n")
    one = finding(at(where, "read", "\x1b[2J"), "\x1b[31mred `\u202eevil`\nnext", notes=("\x9b0m",))
    problems = (Problem("b\x1b.ts", "not read: \x07"),)
    everything = "".join(
        render(name, report(one, problems=problems)) for name in ("text", "concise", "github")
    ) + render_problems(problems)

    assert not re.search(r"[^\n\x20-\x7e]", everything.replace("…", ""))
    assert "a\\x1b]0;x\\x07\\x0a.ts" in everything


def test_colour_only_adds_colour() -> None:
    read = at(CONFIG, "process.env.INTERNAL_API_URL", "read -- here")
    one = report(finding(at(CONFIG, "`${upstream}/api/:path*`", "^ frozen"), flow=(read,)))

    plain, coloured = render("text", one), render("text", one, Style(is_coloured=True))

    assert "\x1b" not in plain
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ("E", "1 error in 2 apps, 214 files."),
        ("EEEW", "3 errors, 1 warning in 2 apps, 214 files."),
        ("NN", "2 notes in 2 apps, 214 files."),
        ("", "No findings in 2 apps, 214 files with 1 rule."),
    ],
)
def test_the_last_line_counts(severities: str, expected: str) -> None:
    levels = {"E": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTE}
    place = at(CONFIG, "upstream")
    findings = [finding(place, severity=levels[letter]) for letter in severities]

    assert render("text", report(*findings)).splitlines()[-1] == expected


def test_the_last_line_says_what_was_left_out() -> None:
    place = at(CONFIG, "upstream")
    problems = (
        Problem("a.ts", "syntax error", 1),
        Problem("a.ts", "syntax error", 9),
        Problem(".", "the rule x failed", is_internal=True),
    )
    one = report(finding(place), suppressed=(finding(place),), problems=problems)

    assert render("text", one).splitlines()[-1] == (
        "1 error in 2 apps, 214 files; 1 ignored; 1 file not read or not fully understood;"
        " megalint itself failed 1 time."
    )


def test_details_of_problems_are_for_those_who_ask() -> None:
    one = report(problems=(Problem("a.ts", "failed", 3, "Traceback:\n  boom\n"),))

    assert render_problems(one.problems) == "megalint: a.ts:3: failed\n"
    assert render_problems(one.problems, with_details=True) == (
        "megalint: a.ts:3: failed\nTraceback:\n  boom\n"
    )


def test_decomposed_hangul_is_as_wide_as_composed() -> None:
    assert width("\u1112\u1161\u11ab\u1100\u116e\u11a8") == width("한국") == 4
