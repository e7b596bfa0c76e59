"""What the code asks for when it runs, with a client that only records: megalint says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from megalint.project.linkers import link
from megalint.project.versions.facts import VersionReference
from megalint.source import Source

SCRIPTS = Path(__file__).with_name("calls.txt").read_text(encoding="utf-8").split("----\n")
EVENTS: list[dict[str, object]] = [{}, {"old": True, "version": "given", "kind": "web"}]
RECORDER = """
import json, sys

asked = []


class Recorder:
    def __getattr__(self, name):
        def call(*positional, **named):
            if name == "get_paginator":
                return Pages(positional[0])
            asked.append(named)
            return {"LaunchTemplateVersion": {"VersionNumber": "returned"}}

        return call


class Pages:
    def __init__(self, name):
        self.name = name

    def paginate(self, **named):
        asked.append(named)
        return []


ec2 = Recorder()
source, events = json.loads(sys.stdin.read())
for event in events:
    names = {"ec2": ec2, "__name__": "script"}
    exec(compile(source, "script", "exec"), names)
    names["handler"](event)
json.dump(asked, sys.stdout)
"""


def versions(value: object, is_version: bool = False) -> set[str]:
    """Return the numbers that stand where a version is given."""
    if isinstance(value, dict):
        return {
            found
            for key, one in value.items()
            for found in versions(one, "Version" in key or (is_version and not key))
        }
    if isinstance(value, list):
        return {found for one in value for found in versions(one, is_version)}
    return {value} if is_version and isinstance(value, str) and value.isdigit() else set()


def asked(script: str) -> set[str]:
    """Run a script with a client that records, and return the numbers it asked for."""
    done = subprocess.run(
        [sys.executable, "-c", RECORDER],
        input=json.dumps([script, EVENTS]),
        capture_output=True,
        text=True,
        check=True,
    )
    return versions(json.loads(done.stdout))


def said(script: str) -> set[str]:
    source = Source(PurePosixPath("functions/step.py"), script)
    found = link([source]).each(VersionReference)
    return {one.text for reference in found for one in reference.versions if one.is_number}


@pytest.mark.parametrize("script", SCRIPTS, ids=[f"script{n}" for n in range(len(SCRIPTS))])
def test_versions_that_code_asks_for(script: str) -> None:
    assert said(script) == asked(script)
