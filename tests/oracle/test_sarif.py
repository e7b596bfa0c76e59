"""SARIF against the official schema and Microsoft's validator."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import seeds
from megalint.audit import audit
from megalint.audit.anchors import anchored
from megalint.config import load
from megalint.formats.aws_answers import saved as inventories_of
from megalint.output.rendering import render
from megalint.registry import load_rules
from megalint.run import run
from oracle.npm import installed

EXAMPLE = Path(__file__).parents[2] / "fixtures/projects/megaticket/before"
ALLOWED = {
    "SARIF2005": "megalint has no page on the web yet",
    "SARIF2012": "rules have no help page on the web yet",
    "SARIF2002": "messages are complete sentences of their own",
    "SARIF2003": "the provenance of a run is for the uploader to add",
    "SARIF2006": "URIs are checked by the uploader",
    "SARIF2010": "snippets would repeat the repository",
    "SARIF2011": "context regions would repeat the repository",
    "SARIF2004": "index and id are both kept for readers that need either",
    "SARIF2007": "GitHub reads paths from the root of the checkout",
    "SARIF2014": "messages name the user's own variables",
    "SARIF2015": "backticks quote code",
    "SARIF2001": "rules are named by words, not by numbers",
    "SARIF2009": "ids are words",
}


def of_check() -> str:
    return render("sarif", run(EXAMPLE, load_rules(), load(EXAMPLE / "megalint.toml")))


def of_lt() -> str:
    inventories = inventories_of([("a.json", json.dumps(seeds.answers()))], seeds.REGION)
    found = audit(EXAMPLE, inventories, load_rules(), load(EXAMPLE / "megalint.toml"))
    return render("sarif", anchored(found))


@pytest.fixture(scope="module", params=[of_check, of_lt], ids=["check", "lt"])
def text(request: pytest.FixtureRequest) -> str:
    made: str = request.param()
    return made


@pytest.fixture(scope="module")
def results() -> list[dict[str, Any]]:
    return list(json.loads(of_check())["runs"][0]["results"])


def test_text_meets_the_official_schema(text: str) -> None:
    home = installed("sarif")
    schema = json.loads(
        (home / "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json").read_text(
            encoding="utf-8-sig"
        )
    )

    validator = jsonschema.validators.validator_for(schema)(schema)

    assert [error.message for error in validator.iter_errors(json.loads(text))] == []


def test_validator_of_microsoft_finds_no_errors(text: str, tmp_path: Path) -> None:
    home = installed("sarif")
    tool = home / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    tool.chmod(0o755)
    given, written = tmp_path / "given.sarif", tmp_path / "written.sarif"
    given.write_text(text, encoding="utf-8")
    command = [
        str(tool),
        "validate",
        str(given),
        "--rule-kind",
        "Sarif;Ghas",
        "--level",
        "Error;Warning;Note",
        "--output",
        str(written),
    ]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    # the exit code is 0 with errors too: what it wrote tells
    assert written.exists(), done.stdout + done.stderr
    found = [
        one
        for one in json.loads(written.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    ]
    unexpected = [
        (one["ruleId"], one.get("level", "warning"), one["message"])
        for one in found
        if one["ruleId"].split("/")[0] not in ALLOWED
    ]
    assert unexpected == []
    assert [one["ruleId"] for one in found if one.get("level") == "error"] == []


def test_results_hold_what_github_needs(text: str) -> None:
    results = json.loads(text)["runs"][0]["results"]
    assert results
    for one in results:
        (place,) = one["locations"]
        region = place["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert not place["physicalLocation"]["artifactLocation"]["uri"].startswith(("/", "file:"))
        assert one["partialFingerprints"]["primaryLocationLineHash"]
        assert one["level"] in {"error", "warning", "note"}


def test_paths_are_percent_encoded(results: list[dict[str, Any]]) -> None:
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}

    assert "apps/web/src/app/api/%5B...path%5D/route.ts" in uris


def test_levels_of_results_are_written_even_where_they_are_the_default(
    results: list[dict[str, Any]],
) -> None:
    assert {one["level"] for one in results} == {"error", "warning", "note"}


def test_values_have_code_flows(results: list[dict[str, Any]]) -> None:
    (rewrite,) = [one for one in results if one["ruleId"] == "rewrite-captures-env"]
    steps = rewrite["codeFlows"][0]["threadFlows"][0]["locations"]

    assert [step["location"]["message"]["text"] for step in steps] == ["read here", "joined here"]
    assert (
        steps[0]["location"]["physicalLocation"]["artifactLocation"]["uri"]
        == "packages/endpoints/src/index.ts"
    )
