from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megalint import Source
from megalint.formats import dockerfile
from megalint.formats.dockerfile import Dockerfile, substituted


def read(text: str) -> Dockerfile:
    return dockerfile.parse(Source(PurePosixPath("Dockerfile"), text))


def test_comments_and_blank_lines_inside_a_continued_line_are_left_out() -> None:
    file = read("FROM node\nRUN npm ci \\\n  # install first\n\n  && npm run build\nCMD x\n")

    run = file.instructions[1]
    assert run.command == "npm ci && npm run build"
    assert (run.location.line, run.location.text.count("\n")) == (2, 3)
    assert file.instructions[2].location.line == 6


def test_backtick_continues_lines_after_the_escape_directive_only() -> None:
    lines = "FROM a\nRUN one `\n two\n"

    assert read("# escape=`\n" + lines).instructions[1].command == "one two"
    assert [one.command for one in read(lines).instructions] == ["a", "one `", ""]


def test_heredoc_bodies_hold_no_instructions() -> None:
    file = read("FROM node\nRUN <<EOF\nENV A=1\nnext build\nEOF\nENV B=2\n")

    assert [one.word for one in file.instructions] == ["FROM", "RUN", "ENV"]
    assert "next build" in file.instructions[1].command
    assert file.instructions[2].assignments == {"B": "2"}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("ENV A=1 B='two words' C=\"x y\"", {"A": "1", "B": "two words", "C": "x y"}),
        ("ENV A one two", {"A": "one two"}),
        ("ENV A x=y", {"A": "x=y"}),
        ("ARG A", {"A": ""}),
        ("ARG A B=1", {"A": "", "B": "1"}),
        ("ENV URL=http://x/?a=b", {"URL": "http://x/?a=b"}),
    ],
)
def test_assignments(line: str, wanted: dict[str, str]) -> None:
    assert read(f"FROM node\n{line}\n").instructions[1].assignments == wanted


def test_image_holds_the_layers_of_the_stages_that_it_continues() -> None:
    file = read(
        "FROM node AS base\nENV A=1\nFROM base AS build\nENV B=1\nFROM BASE AS run\nENV C=1\n"
    )

    assert [list(one.assignments) for one in file.final("ENV")] == [["A"], ["C"]]
    assert file.stage("build") == file.stages[1]
    assert file.stage("0") == file.stages[0]


def test_exec_form_flags_and_folders() -> None:
    file = read(
        "FROM node\nARG ROOT=/srv\nWORKDIR ${ROOT}\nWORKDIR web\n"
        'COPY --from=build --chown=a:b /app ./\nCMD ["node", "server.js"]\nCMD node server.js\n'
    )
    copy, exec_form, shell_form = file.instructions[4:]

    assert (copy.flag("from"), copy.words) == ("build", ("/app", "./"))
    assert (exec_form.is_exec_form, exec_form.words) == (True, ("node", "server.js"))
    assert (shell_form.is_exec_form, shell_form.words) == (False, ("node", "server.js"))
    assert file.workdir(exec_form) == "/srv/web"


def test_arguments_end_with_their_stage_and_environment_lasts() -> None:
    file = read("FROM a AS one\nARG X=1\nENV Y=$X\nFROM one\nRUN last\n")

    assert file.variables(file.instructions[-1]) == {"Y": "1"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$A/x", "1/x"),
        ("${A}b", "1b"),
        ("${N:-d}", "d"),
        ("${A:-d}", "1"),
        ("${A:+set}", "set"),
        ("${N:+set}", ""),
        ("$N", "$N"),
        (r"\$A", r"\$A"),
    ],
)
def test_substitution(text: str, wanted: str) -> None:
    assert substituted(text, {"A": "1"}) == wanted


@given(st.text(alphabet="FROMRUNCPYEVN <\\\n\"'[]=$#-`abE", max_size=200))
def test_any_text_is_read_and_places_lie_in_it(text: str) -> None:
    for one in read(text).instructions:
        assert one.location.text.upper().startswith(one.word)
        assert len(one.words) >= 0
        assert all(isinstance(name, str) for name in one.assignments)
