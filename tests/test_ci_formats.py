"""The reports for CI: JUnit, GitLab, Markdown, HTML; what they say, and that nothing in them acts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from megalint.finding import Severity
from megalint.fingerprint import fingerprints
from megalint.output import FORMATS, html_report, markdown
from megalint.output.rendering import render
from megalint.report import Problem, Report
from reports import at, finding, report, source

SOURCE = source("app/페이지.ts", "const a = 1;\n  fetch(UPSTREAM);\n\nfetch(UPSTREAM);\n")
FIRST, SECOND = at(SOURCE, "UPSTREAM", "read here"), at(SOURCE, "UPSTREAM", nth=1)
HOSTILE = (
    "`a|b` <script>alert(1)</script> <!-- [x](javascript:x) ![i](//e.com) **b** & &lt; \n\n# h\n"
    "</pre></details> \x1b[31m \x9b31m \x00 \ud800 \u202e ]]> \" ' @team"
)
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def mixed() -> Report:
    return report(
        finding(FIRST, notes=("instead: `read` it",)),
        finding(SECOND, "second", Severity.WARNING),
        finding(at(SOURCE, "a"), "third", Severity.NOTE),
        problems=(
            Problem("b.ts", "not read: denied", 3),
            Problem(".", "a rule failed", is_internal=True),
        ),
    )


def hostile(words: str = HOSTILE) -> Report:
    path = words.replace("\ud800", "\udcff")  # as the file system has it
    where = source(f"app/{path}/x.ts", f"fetch(UPSTREAM) // {words}\n")
    place = at(where, "UPSTREAM", words)
    one = finding(place, words, related=(place,), notes=(words,))
    return report(one, problems=(Problem(path, words),))


# --- junit -----------------------------------------------------------------------------------


def junit(of: Report) -> ElementTree.Element:
    return ElementTree.fromstring(render("junit", of).encode())


def test_junit_has_a_failure_for_what_fails_the_run() -> None:
    root = junit(mixed())

    cases = root.findall("testsuite/testcase")
    assert [[child.tag for child in case] for case in cases] == [
        ["failure"],
        ["failure"],
        ["system-out"],
        ["skipped"],
        ["error"],
    ]
    assert (root.tag, root.attrib) == (
        "testsuites",
        {"name": "megalint", "tests": "5", "failures": "2", "errors": "1"},
    )
    assert cases[0].attrib == {
        "name": "frozen-upstream 2:9",
        "classname": "app/페이지.ts",
    }
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "`UPSTREAM` is frozen into the image", "type": "error"}
    assert "  fetch(UPSTREAM);" in (failure.text or "")
    suites = [(one.get("file"), one.get("tests"), one.get("skipped")) for one in root]
    assert suites == [("app/페이지.ts", "3", "0"), (None, "2", "1")]


# what junit-10.xsd of Jenkins' xUnit plugin allows, as far as a linter has any of it: attributes
# that must be there, others that may, children
Allowed = tuple[set[str], set[str], set[str]]
ENDED: Allowed = (set(), {"type", "message"}, set())
JENKINS: dict[str, Allowed] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"testcase"},
    ),
    "testcase": (
        {"name"},
        {"classname", "time", "group"},
        {"failure", "error", "skipped", "system-out", "system-err"},
    ),
    **dict.fromkeys(("failure", "error", "skipped"), ENDED),
    "system-out": (set(), set(), set()),
}


@pytest.mark.parametrize("of", [mixed, hostile, report])
def test_junit_holds_what_the_schema_of_jenkins_allows(of: Callable[[], Report]) -> None:
    for element in junit(of()).iter():
        needed, allowed, children = JENKINS[element.tag]
        assert needed <= set(element.attrib) <= needed | allowed
        assert {child.tag for child in element} <= children


@pytest.mark.parametrize(("fail_on", "failures"), [("error", "1"), ("note", "3"), ("never", "0")])
def test_junit_fails_as_the_run_does(fail_on: str, failures: str) -> None:
    assert junit(replace(mixed(), fail_on=fail_on)).get("failures") == failures


def test_junit_of_a_clean_run_has_a_case_that_passed() -> None:
    root = junit(report())

    (case,) = root.findall("testsuite/testcase")
    assert (list(case), root.get("tests"), root.get("failures")) == ([], "1", "0")


# --- gitlab ----------------------------------------------------------------------------------


def test_gitlab_has_an_issue_for_each_finding() -> None:
    issues = json.loads(render("gitlab", mixed()))

    assert issues[0] == {
        "description": "`UPSTREAM` is frozen into the image",
        "check_name": "frozen-upstream",
        "fingerprint": fingerprints(mixed().findings)[0],
        "severity": "critical",
        "location": {"path": "app/페이지.ts", "lines": {"begin": 2, "end": 2}},
    }
    assert [one["severity"] for one in issues] == ["critical", "major", "info"]
    assert len({one["fingerprint"] for one in issues}) == len(issues)
    assert json.loads(render("gitlab", report())) == []


# --- markdown --------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page, the text outside of tags, and what of it is not code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""
        self.prose = ""
        self._code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)
        self._code += tag in {"code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "pre"}

    def handle_comment(self, data: str) -> None:
        self.found.append("comment")

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self._code:
            self.prose += data


def shown(text: str) -> Tags:
    """Return what a reader of Markdown makes of *text*, as GitHub's does: HTML is let through."""
    return Tags(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_markdown_counts_and_shows_each_finding() -> None:
    text = render("markdown", mixed())

    assert "| frozen-upstream | 1 | 1 | 1 |" in text
    page = shown(text)
    assert page.found.count("details") == 4
    assert "<code>UPSTREAM</code> is frozen into the image<br><code>app/페이지.ts:2</code>" in text
    assert "  fetch(UPSTREAM);\n" in page.text
    assert "b.ts:3: not read: denied" in page.text


def test_markdown_shows_what_is_hostile_and_does_not_obey_it() -> None:
    page = shown(render("markdown", hostile()))

    assert set(page.found) <= {
        *("h3", "p", "table", "thead", "tbody", "tr", "th", "td"),
        *("details", "summary", "b", "br", "code", "pre", "ul", "li"),
    }
    assert page.found.count("details") == 2
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize(
    "words", ["@team", "see @org/team.", "`code` and `@team", "<@a@b>", "``@a"]
)
def test_markdown_calls_nobody(words: str) -> None:
    """GitHub looks for names after an @ in all text but code."""
    page = shown(render("markdown", hostile(words)))

    assert "@" in page.text
    assert "@" not in page.prose


def test_markdown_is_no_larger_than_github_takes() -> None:
    many = report(*(finding(FIRST, f"number {number} {'가' * 500}") for number in range(2_000)))
    worst = finding(SECOND, "the one error", Severity.ERROR)
    notes = [replace(one, severity=Severity.NOTE) for one in many.findings]

    text = render("markdown", replace(many, findings=(*notes, worst)))

    assert 900_000 < len(text.encode()) <= markdown.MAX_BYTES + 100
    left = re.search(r"^(\d+) findings more, which would not fit in here\.$", text, re.MULTILINE)
    assert left is not None
    assert int(left[1]) + text.count("<summary><b>") == 2_001
    assert text.index("the one error") < text.index("number 0 ")


# --- html ------------------------------------------------------------------------------------


def test_html_groups_findings_by_file() -> None:
    page = Tags(render("html", mixed()))

    assert page.found.count("article") == 3
    assert page.found.count("section") == 2
    assert "1 error, 1 warning, 1 note" in page.text


def test_html_shows_what_is_hostile_and_does_not_obey_it() -> None:
    page, plain = Tags(render("html", hostile())), Tags(render("html", mixed()))

    assert page.found.count("script") == plain.found.count("script") == 1
    assert {"comment", "img", "a", "h1"} & set(page.found) == {"h1"}
    assert "<script>alert(1)</script>" in page.text


def test_html_of_very_many_findings_holds_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "MAX_SHOWN", 2)

    page = Tags(render("html", mixed()))

    assert page.found.count("article") == 2
    assert "third" not in page.text
    assert "1 finding more, less severe, not shown." in page.text


def test_html_of_very_many_problems_holds_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "MAX_PROBLEMS", 1)

    page = Tags(render("html", mixed()))

    assert page.found.count("li") == 2
    assert "not read: denied" in page.text
    assert "1 more" in page.text
    assert "a rule failed" not in page.text


# --- all -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_acts_on_a_terminal(name: str) -> None:
    text = render(name, hostile())

    assert not ACTING.search(text)
    assert text.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("piece", ["x", "@", "`", "<", "\x1b", " "])
def test_a_long_message_takes_time_that_grows_with_it_alone(name: str, piece: str) -> None:
    """What grows with the square would not end here while people wait."""
    assert render(name, report(finding(FIRST, piece * 500_000)))


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_hostile_report_is_json(name: str) -> None:
    assert json.loads(render(name, hostile()))


def test_hostile_report_is_xml() -> None:
    assert junit(hostile()).get("failures") == "1"


@given(st.text(st.characters(codec=None), max_size=40) | st.sampled_from(["\ufffe", "\uffff"]))
def test_whatever_names_and_messages_hold_is_xml_json_and_acts_on_nothing(words: str) -> None:
    texts = {name: render(name, hostile(words)) for name in FORMATS}

    assert [name for name, text in texts.items() if ACTING.search(text)] == []
    assert ElementTree.fromstring(texts["junit"].encode()).get("failures") == "1"
    assert all(json.loads(texts[name]) for name in ("json", "sarif", "gitlab"))
    assert Tags(texts["html"]).found.count("script") == 1
    summary = shown(texts["markdown"])
    assert summary.found.count("details") == 2
    assert "@" not in summary.prose
