"""What the aws CLI is really given, by bash: a program of that name writes it down."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from megalint.project.linkers import link
from megalint.project.versions.facts import VersionReference
from megalint.source import Source

SCRIPTS = Path(__file__).with_name("scripts.txt").read_text(encoding="utf-8").split("----\n")
pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
RECORDER = """#!/usr/bin/env python3
import json, sys
words = []
for word in sys.argv[1:]:
    if word.startswith("file://"):
        word = open(word[7:]).read()
    words.append(word)
with open("asked", "a") as log:
    log.write(json.dumps(words) + "\\n")
"""
OPTIONS = ("--versions", "--source-version", "--default-version")
GIVEN = re.compile(r"\bversion[\"']?\s*[=:]\s*[\"']?(\d+)\b", re.IGNORECASE)


def asked(script: str, folder: Path) -> set[str]:
    """Run a script with a program that stands in for the CLI; return the numbers it was given."""
    program = folder / "bin" / "aws"
    program.parent.mkdir()
    program.write_text(RECORDER, encoding="utf-8")
    program.chmod(0o755)
    environment = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    for argument in ("old", "web", "other"):
        subprocess.run(
            ["bash", "-c", script, "script", argument],
            cwd=folder, env=environment, check=True, capture_output=True,
        )  # fmt: skip
    calls = [json.loads(line) for line in (folder / "asked").read_text().splitlines()]
    return {number for words in calls for number in numbers(words)}


def numbers(words: list[str]) -> set[str]:
    found: set[str] = set()
    option = ""
    for word in words:
        if word.startswith("--"):
            option, _, value = word.partition("=")
            word = value
        if option in OPTIONS and word.isdigit():
            found.add(word)
        elif "aunch" in word or "version=" in word:
            found |= set(GIVEN.findall(word))
    return found


def said(script: str) -> set[str]:
    found = link([Source(PurePosixPath("failover.sh"), script)]).each(VersionReference)
    return {one.text for reference in found for one in reference.versions if one.is_number}


@pytest.mark.parametrize("script", SCRIPTS, ids=[f"script{n}" for n in range(len(SCRIPTS))])
def test_versions_that_the_command_is_given(script: str, tmp_path: Path) -> None:
    assert said(script) == asked(script, tmp_path)
