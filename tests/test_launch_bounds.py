"""Hostile and broken scripts and templates: an answer, never a crash, in bounded time."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from megalint.languages.hcl.parse import parse, parse_template
from megalint.languages.shell import parse as shell
from megalint.project.launches.facts import Boot, Event, Launch
from megalint.project.launches.families import AMAZON
from megalint.project.launches.interpret import boot
from megalint.project.linkers import link
from megalint.source import Source
from megalint.text import Text


def source(text: str, path: str = "user_data.sh") -> Source:
    return Source(PurePosixPath(path), text)


def events(script: str) -> tuple[Event, ...]:
    return boot(Text.of(source("#!/bin/bash\n" + script)), AMAZON).events


def nested(depth: int) -> str:
    """Return a script that runs itself so many shells deep, each quoted for the one outside."""
    script = "echo end"
    for _ in range(depth):
        script = f"bash <<'E{len(script)}'\n{script}\nE{len(script)}\n"
    return script


def test_two_hundred_nested_shells_are_given_up_with_a_word() -> None:
    assert "too-long" in {event.kind for event in events(nested(200))}


def test_a_script_that_runs_itself_is_given_up() -> None:
    script = "cat > /opt/a.sh <<'EOF'\nbash /opt/a.sh\nEOF\nbash /opt/a.sh\n"
    assert "too-long" in {event.kind for event in events(script)}


def test_a_function_that_calls_itself_is_given_up() -> None:
    assert "too-long" in {event.kind for event in events("f() { f; }\nf\n")}


def test_loops_end() -> None:
    assert events("while true; do echo; done\n") == ()
    assert events("for ((;;)); do echo; done\nuntil false; do x=1$x; done\n") == ()


def test_a_script_of_one_megabyte() -> None:
    lines = 'export A=1 && echo "$A" > /tmp/x\ncat > /tmp/y <<EOF\n$A b c\nEOF\n' * 16_000
    assert len(lines) > 1_000_000
    events(lines)


@pytest.mark.parametrize(
    "script",
    [
        "cat <<EOF\nno end\n",
        "echo ${\n",
        "echo ${a" * 500,
        "echo $((" * 500,
        "$(" * 5_000,
        "`" * 999,
        "if " * 4_000,
        "{ " * 4_000,
        "case x in\n" * 500,
        "a=(" * 500,
        "[[ " * 500,
        "echo 'never closed\n",
        'echo "never closed\n',
        "\0\0\0",
        "é" * 1_000,
        "{1..999999999}" * 20,
        "echo {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\n",
        "x=" + "a" * 100_000 + "\necho ${x//a*a*a*a*b/}\n",
    ],
)
def test_broken_scripts_have_an_answer(script: str) -> None:
    events(script)
    shell.parse(Text.literal(script))


@pytest.mark.parametrize(
    "template",
    [
        "${",
        "%{",
        "${x",
        "${" * 5_000,
        "${(" * 5_000,
        "%{ if " * 2_000,
        "%{ for x in y }" * 200,
        "${[for x in y : [for",
        "${{",
        '${"${"${"',
        "${x[" * 900,
    ],
)
def test_broken_templates_are_refused(template: str) -> None:
    _, problems = parse_template(source(template, "a.tftpl"))
    assert problems


def test_a_template_that_renders_itself() -> None:
    main = """locals { a = templatefile("${path.module}/a.sh", { b = local.a }) }
resource "aws_launch_template" "x" { user_data = base64encode(local.a) }
"""
    project = link([source(main, "main.tf"), source("#!/bin/bash\necho ${b}\n", "a.sh")])
    assert list(project.each(Launch)) == []


def test_modules_that_call_each_other() -> None:
    project = link(
        [
            source('module "b" {\n  source = "./b"\n}\n', "main.tf"),
            source('module "a" {\n  source = "../"\n}\n', "b/main.tf"),
        ]
    )
    assert list(project.each(Boot)) == []


@pytest.mark.parametrize(
    "text", ["{" * 3_000, "a = " + "(" * 3_000, 'a = "', "a = <<EOF\n", "\0", "a = [" * 900]
)
def test_broken_configuration_has_an_answer(text: str) -> None:
    assert parse(source(text, "main.tf")).problems
