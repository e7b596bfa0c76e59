"""Env files as Next.js loads them: the real ``@next/env`` of each version, and the model."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from msgspec import Struct

from megalint.formats import dotenv
from megalint.text import Text
from oracle.npm import installed

VERSIONS = ("14", "15", "16")
LINES = [
    "A=1", "export A=1", 'A="x y"', "A='x y'", "A=two words", "A=x # c", "A=x#c", 'A="x # c"', "A=", 'A=""',
    "A: 1", "A = 1", "A=b=c==", "A=http://h/?a=1&b=2", 'A={"a":1}', "A=$B", "A=${B}", "A='$B'", 'A="${B}/x"',
    r"A=\$B", "A=${NOPE:-d}", "A=${NOPE-d}", "A=${NOPE:-}", "A=$NOPE", "A=a$NOPEb", "A=p@$5x", "A=pa$$word",
    "A=$A:x", "A=${B:-$C}", "A=$", "A=$ x", "A=${", 'A="x', "A='x", "A=`x y`", 'A="a\\nb"', "A='a\\nb'",
    "A=\"two\nlines\"", "A=  padded  ", "  A=1", "A=1\nA=2", "A=$B\nB=late", "B=$A", "stray", "# A=1", "A.B=1",
    "A-B=1", "1A=1", "A=1\r\nB=2\r\n", "\ufeffA=1", "A=\\", "A='it\\'s'", 'A="say \\"x\\""', "A=$(x)", "A=\t1",
]  # fmt: skip


class Case(Struct, frozen=True, dict=True):
    """Env files by name, and what the process has."""

    files: dict[str, str]
    given: dict[str, str]


CASES = [
    *(Case({".env.production": f"{line}\nC=c"}, {}) for line in LINES),
    *(Case({".env.production": f"{line}\nC=c"}, {"A": "given", "B": "b"}) for line in LINES),
    Case({".env": "A=1\nB=1\nC=1\nD=1", ".env.production": "A=2\nB=2\nC=2", ".env.local": "A=3\nB=3", ".env.production.local": "A=4"}, {}),
    Case({".env": "A=1", ".env.production": "A=2"}, {"A": ""}),
    Case({".env": "A=file"}, {"A": "pa$word"}),
    Case({".env": "B=file"}, {"A": "pa$word"}),
    Case({".env": "A=$B", ".env.production": "B=2"}, {}),
    Case({".env": "B=1", ".env.production": "A=$B"}, {}),
]  # fmt: skip


@pytest.fixture(scope="session")
def folder() -> Path:
    found = installed("envfiles")
    shutil.copy(Path(__file__).parent / "load.cjs", found / "load.cjs")
    return found


def real(cases: list[Case], version: str, folder: Path) -> list[dict[str, str]]:
    text = json.dumps([{"files": one.files, "given": one.given} for one in cases])
    done = subprocess.run(
        ["node", "load.cjs", version], input=text, cwd=folder, capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    answers: list[dict[str, str]] = json.loads(done.stdout)
    return answers


def ours(case: Case) -> dict[str, str]:
    files = [
        (name, Text.literal(case.files[name])) for name in dotenv.NEXT_FILES if name in case.files
    ]
    process = {name: Text.literal(value) for name, value in case.given.items()}
    return {name: one.value.flat for name, one in dotenv.load(files, process).items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_corpus(version: str, folder: Path) -> None:
    answers = real(CASES, version, folder)
    wrong = [
        (case, answer, ours(case))
        for case, answer in zip(CASES, answers, strict=True)
        if answer != ours(case)
    ]
    assert wrong == []


REFERENCES = {
    "A": ("$B", "${C}", "${B:-d}", "\\$B", "${C:-$B}", "$B_"),
    "B": ("$C", "${C:-d}", "\\$C", "${C}"),
    "C": ("$x", "${x:-d}"),
}
"""What a value may refer to: never itself, for that is lost as a whole and takes seconds to be."""
PLAIN = ("x", " ", "'", '"', "#", "=", "\\", "$", "1", "é", "}", "`", "\\n", ":")


def _lines(source: Random) -> str:
    return "\n".join(
        f"{source.choice(('', 'export '))}{name}={_value(source, name)}"
        for name in source.choices("ABC", k=source.randint(0, 3))
    )


def _value(source: Random, name: str) -> str:
    return "".join(source.choices((*PLAIN, *REFERENCES[name]), k=source.randint(0, 4)))


def _case(source: Random) -> Case:
    process = {name: _value(source, name) for name in source.choices("ABC", k=source.randint(0, 2))}
    return Case({".env": _lines(source), ".env.production": _lines(source)}, process)


def test_generated_files(folder: Path) -> None:
    source = Random(20261126)
    several = [_case(source) for _ in range(1000)]
    answers = real(several, "16", folder)
    wrong = [(case, answer, ours(case)) for case, answer in zip(several, answers, strict=True)]
    assert [one for one in wrong if one[1] != one[2]] == []
