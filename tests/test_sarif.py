"""SARIF: what GitHub requires, the official schema, and Microsoft's validator."""

from __future__ import annotations

import gzip
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from megalint.baseline import Accepted, Entry
from megalint.finding import Severity
from megalint.ignores import ignores_in
from megalint.output import sarif as output_sarif
from megalint.output.line_hash import line_hashes
from megalint.output.rendering import Style, render
from megalint.registry import load_rules
from megalint.report import Problem, Report
from megalint.run import run
from oracle import npm
from reports import FrozenUpstream, at, finding, report, source

PROJECT = Path(__file__).parent.parent / "fixtures" / "projects" / "megaticket" / "before"
WARNINGS_ALLOWED = {
    "SARIF2005": "there is no web address to name as informationUri",
}
HANDLER = source(
    "apps/web/app/api/[...path]/r 라.ts", "const base = UPSTREAM; go(UPSTREAM, base);\n"
)


def errors(log: dict[str, Any]) -> list[str]:
    """Return what the official schema does not allow."""
    schema = json.loads((multitool() / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [error.message for error in validator.iter_errors(log)]


def sarif(one: Report) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render("sarif", one))
    return data


@cache
def real() -> Report:
    return run(PROJECT, load_rules())


def awkward() -> Report:
    """A report with all that is rare: odd names, several findings on a line, problems."""
    read = at(HANDLER, "UPSTREAM", "read here")
    used = at(HANDLER, "UPSTREAM", "frozen {here} [now](1)", nth=1)
    return report(
        finding(read, flow=(read, used), related=(used,), notes=("instead: nothing",)),
        finding(used, severity=Severity.WARNING),
        finding(at(HANDLER, "base"), severity=Severity.NOTE),
        problems=(
            Problem("a b.ts", "syntax error", 4),
            Problem(".", "a rule failed", is_internal=True),
        ),
    )


REPORTS: dict[str, Callable[[], Report]] = {"project": real, "awkward": awkward, "empty": report}


@pytest.mark.parametrize("name", REPORTS)
def test_github_finds_all_that_it_requires(name: str) -> None:
    log = sarif(REPORTS[name]())
    (run_,) = log["runs"]
    driver = run_["tool"]["driver"]

    assert log["$schema"]
    assert log["version"] == "2.1.0"
    assert run_["columnKind"] == "unicodeCodePoints"
    assert driver["semanticVersion"]
    for rule in driver["rules"]:
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert "helpUri" not in rule
        assert len(rule["name"]) <= 255
        assert rule["defaultConfiguration"]["level"] in {"note", "warning", "error"}
        assert rule["properties"]["problem.severity"] in {"recommendation", "warning", "error"}
        assert rule["properties"]["precision"] in {"low", "medium", "high", "very-high"}
        assert 0 < len(rule["properties"]["tags"]) <= 10
        assert "security-severity" not in rule["properties"]
    for result in run_["results"]:
        physical = result["locations"][0]["physicalLocation"]
        assert set(physical["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert set(result["partialFingerprints"]) == {"primaryLocationLineHash", "megalint/v1"}
        assert result["message"]["text"]
        assert result["level"] in {"note", "warning", "error"}
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert "suppressions" not in json.dumps(run_["results"])
    assert "automationDetails" not in run_


def test_category_is_the_part_before_the_last_slash() -> None:
    for given in ("lt", "lt/"):
        log = json.loads(render("sarif", report(), Style(category=given)))
        assert log["runs"][0]["automationDetails"] == {"id": "lt/"}


def test_what_is_set_aside_is_listed_on_request() -> None:
    text = "// megalint: ignore[frozen-upstream] one region\nUPSTREAM\n"
    file = source("a.ts", text)
    known = finding(at(HANDLER, "base"))
    entry = Entry.of(known, "since 2025", "web", "2026-01-01")
    one = replace(
        report(finding(at(HANDLER, "UPSTREAM")), suppressed=(finding(at(file, "UPSTREAM")),)),
        baselined=(Accepted(known, entry),),
        ignores=tuple(ignores_in(file)),
    )

    results = json.loads(render("sarif", one, Style(has_suppressed=True)))["runs"][0]["results"]

    assert [result.get("suppressions") for result in results] == [
        None,
        [{"kind": "inSource", "justification": "one region"}],
        [{"kind": "external", "justification": "since 2025"}],
    ]
    assert len(sarif(one)["runs"][0]["results"]) == 1


@pytest.mark.parametrize(("limit", "value"), [("MAX_RESULTS", 4), ("MAX_BYTES", 3_000)])
def test_github_is_sent_as_much_as_it_takes(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_sarif, limit, value)
    place = at(HANDLER, "base")
    notes = [finding(place, f"note {number}", Severity.NOTE) for number in range(200)]
    told: list[str] = []

    text = render("sarif", report(*notes, finding(place, "the worst")), Style(tell=told.append))

    (run_,) = json.loads(text)["runs"]
    results = run_["results"]
    assert 0 < len(results) < 201
    assert limit != "MAX_RESULTS" or len(results) == value
    assert limit != "MAX_BYTES" or len(gzip.compress(text.encode())) <= value
    assert results[-1]["message"]["text"] == "the worst."
    assert [one["message"]["text"] for one in results[:2]] == ["note 0.", "note 1."]
    (notification,) = run_["invocations"][0]["toolExecutionNotifications"]
    words = f"{201 - len(results)} of 201 results left out, the least severe: GitHub takes no more"
    assert (notification["message"]["text"], told) == (words, [f"sarif: {words}"])


def test_very_many_findings_meet_the_limits_and_the_schema() -> None:
    files = [source(f"f{number}.ts", "UPSTREAM\n" * 100) for number in range(300)]
    places = [at(file, "UPSTREAM", nth=number) for file in files for number in range(100)]
    many = report(*(finding(one, severity=Severity(n % 3)) for n, one in enumerate(places)))

    text = render("sarif", many)

    log = json.loads(text)
    results = log["runs"][0]["results"]
    assert len(results) == 25_000
    assert [one["level"] for one in results].count("error") == 10_000
    assert len(gzip.compress(text.encode())) <= 10_000_000
    log["runs"][0]["results"] = results[::250]
    assert errors(log) == []


def test_alerts_are_distinct() -> None:
    for one in (awkward(), real()):
        results = sarif(one)["runs"][0]["results"]
        keys = [
            (
                result["ruleId"],
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                result["partialFingerprints"]["primaryLocationLineHash"],
            )
            for result in results
        ]
        assert len(results) == len(one.findings)
        assert len(set(keys)) == len(keys)


def test_the_first_alert_of_a_line_has_the_hash_that_github_computes() -> None:
    own = [
        result["partialFingerprints"]["primaryLocationLineHash"]
        for result in sarif(awkward())["runs"][0]["results"]
    ]
    github = line_hashes(HANDLER)[1]

    assert own == [github, f"{github}:2", f"{github}:3"]


def test_the_level_of_a_finding_survives_that_of_its_rule() -> None:
    run_ = sarif(awkward())["runs"][0]

    assert FrozenUpstream.severity is Severity.ERROR
    assert [result["level"] for result in run_["results"]] == ["error", "warning", "note"]


def test_a_long_description_is_cut_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "Summary\n\n## Why is this bad?\n\n" + "values freeze " * 200
    monkeypatch.setattr(FrozenUpstream, "__doc__", page)
    (rule,) = sarif(report())["runs"][0]["tool"]["driver"]["rules"]

    assert rule["shortDescription"]["text"] == "Summary"
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert rule["fullDescription"]["text"].endswith((" values…", " freeze…"))


def test_paths_are_encoded_and_relative() -> None:
    text = json.dumps(sarif(awkward())["runs"][0]["results"])

    assert "apps/web/app/api/%5B...path%5D/r%20%EB%9D%BC.ts" in text
    assert "[...path]" not in text


@pytest.mark.parametrize(
    ("name", "uri"), [("a\udcff:b.ts", "a%FF%3Ab.ts"), ("a\ud801.ts", "a%5Cud801.ts")]
)
def test_a_name_that_is_not_utf8_keeps_its_bytes_if_it_has_any(name: str, uri: str) -> None:
    where = source(name, "read();\n")
    (result,) = sarif(report(finding(at(where, "read"))))["runs"][0]["results"]

    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == uri


def test_the_road_of_a_value_is_a_code_flow() -> None:
    result = sarif(awkward())["runs"][0]["results"][0]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]

    assert [step["location"]["message"]["text"] for step in steps] == [
        "read here",
        "frozen {here} [now](1)",
    ]
    assert result["relatedLocations"][0]["id"] == 1
    assert result["message"]["text"].split("\n") == [
        "`UPSTREAM` is frozen into the image.",
        "instead: nothing",
    ]


def test_problems_are_notifications() -> None:
    (invocation,) = sarif(awkward())["runs"][0]["invocations"]
    first, second = invocation["toolExecutionNotifications"]

    assert invocation["executionSuccessful"] is False
    assert (first["level"], first["message"]["text"]) == ("warning", "syntax error")
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b.ts"
    assert location["region"] == {"startLine": 4}
    assert (second["level"], second.get("locations")) == ("error", None)
    assert sarif(report())["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_sarif_is_only_loaded_when_it_is_asked_for() -> None:
    code = (
        "import sys; from megalint.cli import main; from megalint.output.rendering import render\n"
        "import reports; [render(n, reports.report()) for n in ('text', 'json', 'github', 'concise')]\n"
        "assert not {'sarif_om', 'attr'} & set(sys.modules)"
    )
    paths = os.pathsep.join(path for path in sys.path if path)

    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": paths}
    )


def multitool() -> Path:
    folder = npm.installed("sarif")
    return folder / "node_modules" / "@microsoft" / "sarif-multitool-linux"


@pytest.mark.parametrize("name", REPORTS)
def test_the_schema_holds(name: str) -> None:
    assert errors(sarif(REPORTS[name]())) == []


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.skipif(sys.platform != "linux", reason="Microsoft's validator is a Linux program")
def test_the_validator_finds_no_error(name: str, tmp_path: Path) -> None:
    assert unexpected(validated(render("sarif", REPORTS[name]()), tmp_path)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Microsoft's validator is a Linux program")
def test_the_validator_would_find_an_error(tmp_path: Path) -> None:
    text = render("sarif", awkward()).replace("%5B...path%5D", "[...path]")

    assert "SARIF1002" in unexpected(validated(text, tmp_path))


def validated(text: str, folder: Path) -> list[dict[str, Any]]:
    """Return what Microsoft's validator says of *text*: its exit code is 0 whatever it finds."""
    program = multitool() / "Sarif.Multitool"
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "in.sarif").write_text(text, encoding="utf-8")
    command = f"{program} validate in.sarif --output out.sarif --rule-kind Sarif;Ghas"
    subprocess.run(
        [*command.split(), "--level", "Error;Warning;Note"],
        cwd=folder,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    (run_,) = json.loads((folder / "out.sarif").read_text(encoding="utf-8-sig"))["runs"]
    assert run_["invocations"][0]["executionSuccessful"]
    results: list[dict[str, Any]] = run_["results"]
    return results


def unexpected(results: list[dict[str, Any]]) -> list[str]:
    """Return the rules that speak of an error, or of a warning that is not allowed."""
    return sorted(
        {
            result["ruleId"]
            for result in results
            if result.get("level", "warning") == "error"
            or (
                result.get("level", "warning") == "warning"
                and result["ruleId"] not in WARNINGS_ALLOWED
            )
        }
    )
