"""``megalint suppress``: comments go where they are comments, and what they ignore is ignored."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner

from megalint.classify import Kind, classify
from megalint.cli import main
from megalint.comments import said
from megalint.config import Config, find, load, read, with_ignored
from megalint.finding import Confidence, Finding, Severity
from megalint.new_ignores import Words, above, on_top
from megalint.registry import load_rules
from megalint.rewrite import ignore
from megalint.source import Location, Source, Span

ROOT = Path(__file__).parent.parent
WORDS = Words("a reason", date(2999, 12, 31))
NO_COMMENTS = {Kind.JSON, Kind.LOCK_FILE}
CASES = [
    case
    for case in sorted((ROOT / "fixtures" / "rules").glob("*/*"))
    if not (case / "aws").is_dir()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_every_finding_can_be_ignored_and_nothing_else_changes(case: Path) -> None:
    path = find(case)
    config = Config() if path is None else load(path)
    rules = [rule for rule in load_rules() if rule.id == case.parent.name]

    report, changes, count, left = ignore(case, rules, WORDS, config)

    assert report.findings == left
    assert {classify(one.location.source.path) for one in left} <= NO_COMMENTS
    assert bool(changes) == bool(count)
    for change in changes:
        before, after = Source(change.path, change.before), Source(change.path, change.after)
        assert said(after) == said(before)
        removed = set(change.before.splitlines()) - set(change.after.splitlines())
        assert removed == set()


def new_text(path: str, text: str, word: str = "HERE") -> str:
    source = Source(PurePosixPath(path), text)
    start = text.index(word)
    place = Location(source, Span(start, start + len(word)))
    finding = Finding("some-rule", "family", Severity.ERROR, Confidence.HIGH, "found", place)
    (written,) = above([finding], Words("why")).values()
    if written == text:
        (written,) = on_top([finding], Words("why")).values()
    return written.replace("megalint: ignore[some-rule] why", "LINE").replace(
        "megalint: ignore-file[some-rule] why", "FILE"
    )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.ts", "f(\n  HERE)\n", "f(\n  // LINE\n  HERE)\n"),
        ("a.ts", "f(`\n  HERE`)\n", "// FILE\nf(`\n  HERE`)\n"),
        (
            "a.ts",
            "#!/usr/bin/env node\nf(`\n  HERE`)\n",
            "#!/usr/bin/env node\n// FILE\nf(`\n  HERE`)\n",
        ),
        ("a.ts", "HERE\r\n", "// LINE\r\nHERE\r\n"),
        ("a.ts", "\ufeffHERE\n", "\ufeff// LINE\nHERE\n"),
        ("a.tsx", "x = <p>\n  <HERE/>\n</p>", "x = <p>\n  {/* LINE */}\n  <HERE/>\n</p>"),
        ("a.tsx", "x = <p\n  HERE/>", "x = <p\n  // LINE\n  HERE/>"),
        ("a.tsx", "x = <p>\n  a\n  HERE\n</p>", "// FILE\nx = <p>\n  a\n  HERE\n</p>"),
        ("a.sh", "sudo \\\n  HERE\n", "# LINE\nsudo \\\n  HERE\n"),
        ("a.sh", "cat <<E\nHERE\nE\n", "# FILE\ncat <<E\nHERE\nE\n"),
        ("a.sh", "#!/bin/sh\nx='\nHERE'\n", "#!/bin/sh\n# FILE\nx='\nHERE'\n"),
        ("a.sh", "if a; then\n\tHERE\nfi\n", "if a; then\n\t# LINE\n\tHERE\nfi\n"),
        ("a.tf", 'r "a" {\n  b = HERE\n}\n', 'r "a" {\n  # LINE\n  b = HERE\n}\n'),
        ("a.tf", "b = <<E\nHERE\nE\n", "# FILE\nb = <<E\nHERE\nE\n"),
        ("a.py", "f(\n  HERE)\n", "f(\n  # LINE\n  HERE)\n"),
        ("a.py", "f('''\n  HERE''')\n", "# FILE\nf('''\n  HERE''')\n"),
        (".env", "A=1\nHERE=1\n", "A=1\n# LINE\nHERE=1\n"),
        (".env", "A='1\nHERE'\n", "# FILE\nA='1\nHERE'\n"),
        ("a.yml", "a:\n  - HERE\n", "a:\n  # LINE\n  - HERE\n"),
        ("a.yml", "a: |\n  x\n  HERE\n", "# FILE\na: |\n  x\n  HERE\n"),
        (".github/workflows/a.yml", "run: |\n  x\n  HERE\n", "run: |\n  x\n  # LINE\n  HERE\n"),
        ("Dockerfile", "# syntax=a\nFROM a\nRUN HERE\n", "# syntax=a\nFROM a\n# LINE\nRUN HERE\n"),
        ("Dockerfile", "# syntax=a\nFROM HERE\n", "# syntax=a\n# LINE\nFROM HERE\n"),
        ("Makefile", "a:\n\tb \\\n\t  HERE\n", "a:\n\t# LINE\n\tb \\\n\t  HERE\n"),
        ("package.json", '{\n"HERE": 1}', '{\n"HERE": 1}'),
    ],
)
def test_comment_goes_where_it_is_one(path: str, before: str, after: str) -> None:
    assert new_text(path, before) == after


def test_findings_of_one_statement_share_a_comment() -> None:
    source = Source(PurePosixPath("a.ts"), "f(A, B)\n")
    findings = [
        Finding(
            name, "x", Severity.ERROR, Confidence.HIGH, name, Location(source, Span(at, at + 1))
        )
        for name, at in (("rule-a", 2), ("rule-b", 5), ("rule-a", 5))
    ]

    assert above(findings, Words("why")) == {
        source: "// megalint: ignore[rule-a, rule-b] why\nf(A, B)\n"
    }


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "megalint.toml").write_text("")
    (tmp_path / "package.json").write_text('{ "dependencies": { "next": "15.5.9" } }')
    (tmp_path / "next.config.mjs").write_text(
        "export default { rewrites: async () => [\n"
        "  { source: '/a/:path*', destination: `${process.env.A}/:path*` },\n"
        "] };\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_command_writes_the_comments(checkout: Path) -> None:
    result = CliRunner().invoke(
        main, ["suppress", "--reason", "one region", "--until", "2999-12-31"]
    )

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "megalint: applied 1 ignored finding in 1 file\n"
    lines = (checkout / "next.config.mjs").read_text().splitlines()
    assert lines[1] == "  // megalint: ignore[rewrite-captures-env] until=2999-12-31 one region"
    assert CliRunner().invoke(main, ["check"]).exit_code == 0


def test_diff_changes_nothing(checkout: Path) -> None:
    before = (checkout / "next.config.mjs").read_text()

    result = CliRunner().invoke(main, ["suppress", "--reason", "one region", "--diff"])

    assert result.exit_code == 1
    assert "+  // megalint: ignore[rewrite-captures-env] one region" in result.stdout
    assert (checkout / "next.config.mjs").read_text() == before


def test_only_what_is_named_is_ignored(checkout: Path) -> None:
    for limit in (["--select", "sync-params"], ["package.json"]):
        result = CliRunner().invoke(main, ["suppress", "--reason", "one region", *limit])

        assert (result.exit_code, "0 ignored findings" in result.stderr) == (0, True)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--reason", " "],
        ["--reason", "a */ b"],
        ["--reason", "a\x1b[31m"],
        ["--reason", "a", "--until", "2020-01-01"],
        ["--reason", "a", "--until", "soon"],
    ],
)
def test_what_no_comment_can_hold_is_refused(checkout: Path, options: list[str]) -> None:
    assert CliRunner().invoke(main, ["suppress", *options]).exit_code == 2


# --- files that take no comments -------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("megalint.toml", "", "# it is known\n[per-path.{glob}]\nignore = [{rules}]\n"),
        (
            "megalint.toml",
            "fail-on = 'note'",
            "fail-on = 'note'\n\n# it is known\n[per-path.{glob}]\nignore = [{rules}]\n",
        ),
        (
            "pyproject.toml",
            "[tool.megalint]\nfail-on = 'note'\n",
            "[tool.megalint]\nfail-on = 'note'\n\n"
            "# it is known\n[tool.megalint.per-path.{glob}]\nignore = [{rules}]\n",
        ),
        ("megalint.toml", "[per-path]\n'apps/[w]eb/turbo.json' = { ignore = [] }\n", None),
    ],
)
def test_configuration_ignores_where_no_comment_may_stand(
    file: str, before: str, after: str | None
) -> None:
    source = Source(PurePosixPath(file), before)

    text = with_ignored(source, {PurePosixPath("apps/[id]/turbo.json"): ["a", "b"]}, "it is known")

    if after is None:
        assert text is not None
        assert "'apps/[w]eb/turbo.json'" in text
    else:
        assert text == after.format(glob='"apps/[[]id]/turbo.json"', rules='"a", "b"')
    layer = read(Source(source.path, text or ""))
    assert layer.mistakes == ()
    assert layer.get("per-path", "apps/[[]id]/turbo.json", "ignore") == ("a", "b")


def test_configuration_that_speaks_of_the_file_is_left_alone() -> None:
    source = Source(PurePosixPath("megalint.toml"), "[per-path.'a.json']\nignore = ['x']\n")

    assert with_ignored(source, {PurePosixPath("a.json"): ["y"]}, "why") is None


def test_command_writes_into_the_configuration(checkout: Path) -> None:
    (machine,) = (ROOT / "fixtures/rules/hardcoded-template-version").glob("hit*/failover.asl.json")
    (checkout / "failover.asl.json").write_bytes(machine.read_bytes())
    only = ["--select", "hardcoded-template-version"]
    command = ["suppress", "--reason", "it is known", *only, "failover.asl.json"]

    dated = CliRunner().invoke(main, [*command, "--until", "2999-12-31"])
    plain = CliRunner().invoke(main, command)

    assert (dated.exit_code, "no comment may stand here" in dated.stderr) == (1, True)
    assert (plain.exit_code, plain.stderr.count("ignored finding")) == (0, 1)
    assert (checkout / "megalint.toml").read_text() == (
        '# it is known\n[per-path."failover.asl.json"]\nignore = ["hardcoded-template-version"]\n'
    )
    assert CliRunner().invoke(main, ["check", *only, "failover.asl.json"]).exit_code == 0
