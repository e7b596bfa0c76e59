"""Korean: every sentence is translated, nothing that it holds is lost, and nothing else changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from markers import accounts
from megalint.cli import main
from megalint.cli.language import translated
from megalint.config import Config, find, load
from megalint.messages import sentences_spoken
from megalint.output.plain import width
from megalint.output.rendering import render
from megalint.project.launches.facts import Certainty, Channel
from megalint.registry import load_rules
from megalint.report import Report
from megalint.run import audit, run
from megalint.trace.matrix import PHASES, State, phase_of
from megalint.trace.text_form import LEGEND
from megalint.translation.catalogue import (
    Catalogue,
    catalogue_of,
    entries,
    faults,
    path_of,
    updated,
)
from megalint.translation.templates import Choice, Hole, Template, parsed

ROOT = Path(__file__).parent.parent
RULES = {rule.id: rule for rule in load_rules()}
SPOKEN = sentences_spoken()
KOREAN = catalogue_of("ko")
OPEN = [parsed(source) for (context, source), _ in entries(path_of("ko")) if not context]
OPEN = [one for one in OPEN if one.holes]
# the words of bash, code, and lines of a difference stay as they are
UNTRANSLATED = re.compile(
    r"[+-] .*|[^A-Za-z]*|.*(?:syntax error|unexpected|here-document|command not found).*"
)

AS_IT_IS = re.compile(
    r"`[^`]*`|\"[^\"]*\"|[+-] .*|aws [a-z0-9]+ [a-z-]+ --.*|megalint explain [a-z-]+"
    r"|Exec format error|user data|instance refresh|strict mode|Auto Scaling group|EKS node group"
    r"|override of|Batch environment|.*(?:syntax error|unexpected|here-document).*"
)
"""Code, quoted output of programs, and commands."""

# --- the catalogue ---------------------------------------------------------------------------


def test_catalogue_is_complete() -> None:
    assert list(faults(path_of("ko"), SPOKEN)) == []


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        (
            [*SPOKEN, ("", "a new sentence {0}")],
            "ko.po: not in the catalogue: 'a new sentence {0}'",
        ),
        (SPOKEN[:-1], f"ko.po: nobody says this any more: {SPOKEN[-1][1]!r}"),
    ],
)
def test_fault_is_found(sources: list[tuple[str, str]], fault: str) -> None:
    assert list(faults(path_of("ko"), sources)) == [fault]


def test_update_keeps_what_is_translated_and_shows_what_is_not(tmp_path: Path) -> None:
    path = tmp_path / "ko.po"
    path.write_text(
        'msgid "a {0} b"\nmsgstr "{0}"\n\nmsgid "gone"\nmsgstr "가"\n\nmsgid "c {0}"\nmsgstr "나"\n'
    )
    wanted = [("", "a {0} b"), ("", "c {0}"), ("", "new")]

    path.write_text(updated(path, wanted))

    assert dict(entries(path)) == {("", "a {0} b"): "{0}", ("", "c {0}"): "나", ("", "new"): ""}
    assert list(faults(path, wanted)) == [
        "ko.po: other holes than in 'c {0}'",
        "ko.po: not translated: 'new'",
    ]


# --- templates -------------------------------------------------------------------------------


@pytest.mark.parametrize("source", sorted({source for _, source in SPOKEN}))
def test_template_is_written_as_it_is_read(source: str) -> None:
    assert str(parsed(source)) == source


@pytest.mark.parametrize(
    ("template", "text", "found"),
    [
        ("{0} is {1}", "A is B is C", {0: "A", 1: "B is C"}),
        ("{0} {is|are} lost at `{1}`", "`A` and `B` are lost at `su`", {0: "`A` and `B`", 1: "su"}),
        ("{0} {is|are} lost at `{1}`", "`A` is lost at `su", None),
        ("`{0}`: {1}.", "`a`: b. c.", {0: "a", 1: "b. c"}),
        ("${{{0}}}", "${X}", {0: "X"}),
        ("plain", "plain", {}),
        ("plain", "plain ", None),
    ],
)
def test_template_finds_its_holes(template: str, text: str, found: dict[int, str] | None) -> None:
    assert parsed(template).match(text) == found


def test_heavier_template_is_meant_and_holes_are_translated() -> None:
    catalogue = Catalogue(
        [
            (("", "{0}: {1}"), "{1} ← {0}"),
            (("", "{0}: it is late, {1}"), "늦음: {0}/{1}"),
            (("", "the start"), "시작"),
            (("filled", "{0} files"), "파일 {0}개"),
        ]
    )

    assert catalogue.say("A: it is late, the start") == "늦음: A/시작"
    assert catalogue.say("A: the start") == "시작 ← A"
    assert catalogue.say("`A` and `B`: the start") == "시작 ← `A`, `B`"
    assert catalogue.say("3 files") == "3 files"
    assert catalogue.fill("{0} files", 3) == "파일 3개"
    assert catalogue.fill("{0} unknown", 3) == "3 unknown"


@pytest.mark.parametrize(
    "text",
    [
        "the host of another tool is wrong",  # as if the rule's own: "the {0}"
        "names of people are hidden",
        "starts a process badly",
        "there is nothing of ours in this sentence",
    ],
)
def test_sentences_of_other_packs_are_left_alone(text: str) -> None:
    assert KOREAN.say(text) == text


@pytest.mark.parametrize("name", ["process", "machine", "it", "read here", "the time"])
def test_a_name_in_backticks_is_no_phrase(name: str) -> None:
    said = KOREAN.say(
        f"`{name}` is empty when `web` starts, and an empty value beats every env file"
    )

    assert f"`{name}`" in said
    assert re.search("[가-힣]", said)


CONTENT = st.text(alphabet="가나다ABC123_$/.", min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_that_a_sentence_holds_is_lost(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(OPEN))
    values = {number: f"x{number}{data.draw(CONTENT)}" for number in template.holes}

    said = KOREAN.say(_written(template, values))

    assert [one for one in values.values() if one not in said] == []


def _written(template: Template, values: dict[int, str]) -> str:
    def word(part: str | Hole | Choice) -> str:
        if isinstance(part, Hole):
            return values[part.number]
        return part.words[0] if isinstance(part, Choice) else part

    return "".join(map(word, template.parts))


@given(st.text(max_size=300))
def test_anything_can_be_said(text: str) -> None:
    assert isinstance(KOREAN.say(text), str)


def test_english_is_what_is_written() -> None:
    assert catalogue_of("en").say("`A` and `B` is lost") == "`A` and `B` is lost"
    assert catalogue_of("en").fill("{0} in {1}", 1, "b") == "1 in b"


# --- findings --------------------------------------------------------------------------------


def reports() -> Iterator[Report]:
    for case in sorted((ROOT / "fixtures" / "rules").glob("*/hit*")):
        path = find(case)
        config = Config() if path is None else load(path)
        rule = RULES[case.parent.name]
        answers = {
            one.relative_to(case).as_posix(): one.read_text(encoding="utf-8")
            for one in sorted((case / "aws").rglob("*"))
            if one.is_file()
        }
        if answers:
            yield audit(case, accounts(answers), [rule], config)[1]
        else:
            yield run(case, [rule], config)


def said(report: Report) -> Iterator[str]:
    """Yield everything that a report says of its findings."""
    for one in report.findings:
        yield one.message
        yield from one.notes
        yield from (place.label for place in (one.location, *one.flow, *one.related))
        if one.fix is not None:
            yield one.fix.title


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Everything that the findings of the rules' fixtures say."""
    return {text for report in reports() for text in said(report)}


def test_no_english_is_left_in_a_sentence(texts: set[str]) -> None:
    left = {text: AS_IT_IS.sub("", KOREAN.say(text)) for text in texts}

    assert {
        text: one for text, one in left.items() if re.search("[A-Za-z]{2,} [a-z]{2,}", one)
    } == {}


def test_every_finding_of_the_fixtures_is_said_in_korean(texts: set[str]) -> None:
    same = {source for (_, source), target in entries(path_of("ko")) if source == target}

    assert len(texts) > 400
    left = {text for text in texts if KOREAN.say(text) == text}
    assert {one for one in left if not UNTRANSLATED.fullmatch(one)} - same == set()


@pytest.mark.parametrize("rule_id", RULES)
def test_summary_of_a_rule_is_translated(rule_id: str) -> None:
    summary = RULES[rule_id].page().partition("\n")[0]

    assert re.search("[가-힣]", KOREAN.say(summary))


BEFORE = ROOT / "fixtures" / "projects" / "megaticket" / "before"


@pytest.fixture(scope="module")
def report() -> Report:
    return run(BEFORE, list(RULES.values()), load(BEFORE / "megalint.toml"))


def test_ids_places_data_and_fingerprints_are_the_same(report: Report) -> None:
    english = json.loads(render("json", report))
    korean = json.loads(render("json", translated(report, "ko")))

    kept = ("rule", "severity", "path", "line", "column", "end_line", "data", "fingerprint", "help")
    for one, other in zip(english["findings"], korean["findings"], strict=True):
        assert {key: one[key] for key in kept} == {key: other[key] for key in kept}
        assert re.search("[가-힣]", other["message"])
    assert english["summary"] == korean["summary"]


def golden(name: str, text: str, request: pytest.FixtureRequest) -> None:
    path = BEFORE.with_name(name)
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_project_in_korean(report: Report, request: pytest.FixtureRequest) -> None:
    text = render("text", translated(report, "ko"))

    golden("before.ko.out", text, request)
    assert len(text.splitlines()) > 300


def test_trace_in_korean(request: pytest.FixtureRequest) -> None:
    result = CliRunner().invoke(main, ["trace", "--lang", "ko", "--root", str(BEFORE)])

    assert result.exit_code == 0
    golden("before.trace.ko.out", result.stdout, request)


def test_columns_of_a_trace_are_aligned_in_korean() -> None:
    result = CliRunner().invoke(main, ["trace", "--lang", "ko", "--root", str(BEFORE)])
    rows = result.stdout.split("\n\n")[0].splitlines()[3:]
    marks = [re.search("[✓✗∅~] |[.](?= |$)", row) for row in rows]

    assert (
        len({width(row[: mark.start()]) for row, mark in zip(rows, marks, strict=True) if mark})
        == 1
    )
    assert None not in marks


def test_trace_says_every_state_and_phase_in_korean() -> None:
    words = [*(one.words for one in State), *PHASES.values(), LEGEND, phase_of([])]
    words += [one.value for one in Channel]
    words += [f"starts {one.value}" for one in Certainty if one is not Certainty.ALWAYS]

    assert [one for one in words if not re.search("[가-힣]", KOREAN.fill(one))] == []


def test_trace_as_json_is_the_same_in_every_language() -> None:
    arguments = ["trace", "--format", "json", "--root", str(BEFORE)]
    english = CliRunner().invoke(main, arguments).stdout

    assert CliRunner().invoke(main, [*arguments, "--lang", "ko"]).stdout == english


def test_audit_in_korean(tmp_path: Path) -> None:
    case = ROOT / "fixtures" / "rules" / "default-version-drift" / "hit_batch"
    result = CliRunner().invoke(
        main, ["lt", "--lang", "ko", "--diff", "--from", str(case / "aws"), "--repo", str(case)]
    )
    title, head, *rows = result.stdout.splitlines()

    assert title == "web  lt-1  unknown-region  사용처: jobs (버전 $Default)"
    assert head.split() == [
        "버전",
        "생성일",
        "별칭",
        "사용처",
        "placeholder",
        "호스트",
        "환경",
        "변수",
    ]
    assert width(head[: head.index("사용처")]) == rows[0].index("jobs")
    assert "  버전 2의 변경 내용:" in rows
    assert rows[-1] == "시작 템플릿 1개, 버전 2개, 리전 1개(unknown-region)에서 경고 1건."


def test_problems_are_told_in_korean(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(main, ["check", "--lang", "ko", str(tmp_path)])

    assert re.search("[가-힣]", result.stderr), result.stderr


def test_summary_of_a_report_is_translated(report: Report) -> None:
    text = render("text", translated(report, "ko"))

    assert text.splitlines()[-1] == "앱 2개, 파일 49개에서 오류 53건, 경고 24건, 참고 7건."


def test_baseline_of_one_language_holds_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "megalint.toml").write_text("")
    (tmp_path / "main.tf").write_text((BEFORE / "terraform/tokyo/main.tf").read_text())
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    assert runner.invoke(main, ["check", "--lang", "ko"]).exit_code == 1
    assert runner.invoke(main, ["baseline"]).exit_code == 0
    assert runner.invoke(main, ["check", "--lang", "ko"]).exit_code == 0


def test_language_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGALINT_LANG", "ko")

    listed = CliRunner().invoke(main, ["rules"]).stdout
    page = CliRunner().invoke(main, ["explain", "rewrite-captures-env"]).stdout

    summary = "대상이나 존재 여부가 환경 변수에 달린 rewrite."
    assert re.search(f"^rewrite-captures-env +error +{re.escape(summary)}$", listed, re.MULTILINE)
    assert summary in page
    assert re.findall("^## (.+)", page, re.MULTILINE) == ["왜 문제인가?", "예제"]
    assert "\n대신 이렇게 씁니다:\n" in page


# --- README.ko.md ----------------------------------------------------------------------------


def test_both_readmes_show_the_same() -> None:
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    korean = (ROOT / "README.ko.md").read_text(encoding="utf-8")

    def shown(text: str) -> list[str]:
        return re.findall(r"`megalint [^`]+`|^make \w+|^- (?:repo|id|uses).*", text, re.MULTILINE)

    def links(text: str) -> list[str]:
        found = re.findall(r"\]\(([^)]+)\)", text)
        return sorted(one for one in found if not one.startswith("README"))

    assert shown(korean) == shown(english)
    assert links(korean) == links(english)
    assert "](README.ko.md)" in english
    assert "](README.md)" in korean
    assert korean.count("\n## ") == english.count("\n## ")
