"""The command: exit codes, streams, options."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import click
import pytest
from click.testing import CliRunner, Result

from megalint.cli import main
from megalint.cli.options import paired
from megalint.project import apps
from megalint.registry import load_rules
from trees import MANIFEST, write_tree

BAD = {
    "package.json": MANIFEST % "15.5.9",
    "next.config.mjs": "export default { rewrites: async () => [{ source: '/api/:p*', destination: `${process.env.API_URL}/:p*` }] };\n",
}
GOOD = {"package.json": MANIFEST % "15.5.9", "next.config.mjs": "export default {};\n"}


def megalint(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_findings_fail_and_go_to_stdout(tmp_path: Path) -> None:
    result = megalint("check", str(write_tree(tmp_path, dict(BAD))))

    assert result.exit_code == 1
    assert "rewrite-captures-env" in result.stdout
    assert result.stderr == ""


def test_nothing_found_says_what_was_checked(tmp_path: Path) -> None:
    result = megalint("check", str(write_tree(tmp_path, dict(GOOD))))

    assert result.exit_code == 0
    assert result.stdout == f"No findings in 1 app, 2 files with {len(load_rules())} rules.\n"


def test_nothing_to_lint_is_wrong_usage(tmp_path: Path) -> None:
    result = megalint("check", str(tmp_path))

    assert result.exit_code == 2
    assert "nothing to lint" in result.stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--fail-on", "error"), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
        (("--ignore", "rewrite-captures-env"), 0),
        (("--select", "middleware-*"), 0),
        (("--select", "nextjs"), 1),
        (("--severity", "rewrite-captures-env=note"), 0),
        (("--severity", "rewrite-*=note"), 0),
        (("--severity", "nextjs=note"), 0),
        (("--severity", "nextjs=note", "--severity", "rewrite-captures-env=error"), 1),
        (("--severity", "rewrite-captures-env=note", "--fail-on", "note"), 1),
        (("--max-warnings", "0", "--fail-on", "error"), 1),
        (("--max-warnings", "0", "--exit-zero"), 0),
        (("--max-warnings", "1", "--fail-on", "error"), 0),
        (("--max-warnings", "1"), 1),
    ],
)
def test_options_decide_the_exit_code(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    assert megalint("check", str(write_tree(tmp_path, dict(BAD))), *options).exit_code == code


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--select", "rewrite-capture-env"), "did you mean 'rewrite-captures-env'?"),
        (("--severity", "rewrite-captures-env"), "write RULE=LEVEL"),
        (("--severity", "rewrite-captures-env=bad"), "no severity"),
        (("--severity", "rewrite-capture-env=note"), "did you mean 'rewrite-captures-env'?"),
        (("--format", "xml"), "'xml' is not one of"),
        (("--output", "no/such/folder/x.txt"), "--output no/such/folder/x.txt: No such file"),
        (("--config", "gone.toml"), "gone.toml: No such file"),
    ],
)
def test_wrong_usage_is_explained(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    result = megalint("check", str(write_tree(tmp_path, dict(BAD))), *options)

    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize("folder", [".", "apps/web"])
def test_unreadable_configuration_is_wrong_usage(tmp_path: Path, folder: str) -> None:
    write_tree(tmp_path, {**BAD, "megalint.toml": "", f"{folder}/megalint.toml": "exclude = [\n"})

    result = megalint("check", str(tmp_path))

    assert result.exit_code == 2
    assert str(PurePosixPath(folder) / "megalint.toml: Invalid value") in result.stderr
    assert megalint("check", str(tmp_path), "--isolated").exit_code == 1


def test_mistake_in_the_configuration_is_a_finding(tmp_path: Path) -> None:
    write_tree(tmp_path, {**GOOD, "megalint.toml": "excludes = []\n"})

    result = megalint("check", str(tmp_path))

    assert result.exit_code == 1
    assert result.stdout.startswith(
        "warning[unknown-setting]: `excludes` is no setting, and has no effect; did you mean `exclude`?\n"
        " --> megalint.toml:1:1\n"
    )


def test_mistake_is_reported_for_every_path_that_it_is_about(tmp_path: Path) -> None:
    files = {
        "megalint.toml": "root = true\nexcludes = []\n",
        "apps/web/megalint.toml": "exclud = []\n",
    }
    write_tree(tmp_path, {**GOOD, **files, "apps/web/a/x.ts": "", "apps/app/y.ts": ""})

    def places(path: str) -> list[str]:
        output = megalint("check", "--format", "concise", str(tmp_path / path)).stdout
        return re.findall(r"^\S*megalint.toml", output, re.MULTILINE)

    assert places("apps/web/a") == ["apps/web/megalint.toml", "megalint.toml"]
    assert places("apps/app/y.ts") == ["megalint.toml"]


def test_guess_is_written_on_request(tmp_path: Path) -> None:
    text = """excludes = ["legcy/**"]  # old
[rules]
"sync-param" = "Off"
[service.web]
process = "web"
"""
    write_tree(tmp_path, {**GOOD, "legacy/x.ts": "", "megalint.toml": text})

    result = megalint("check", "--fix", "--unsafe-fixes", str(tmp_path))

    assert result.exit_code == 0
    assert (tmp_path / "megalint.toml").read_text(encoding="utf-8") == (
        """exclude = ["legacy/**"]  # old
[rules]
sync-params = "off"
[services.web]
process = "web"
"""
    )


def test_mistake_can_be_ignored_by_a_comment(tmp_path: Path) -> None:
    text = "excludes = []  # megalint: ignore[unknown-setting] for a newer version\n"
    write_tree(tmp_path, {**GOOD, "megalint.toml": text})

    assert megalint("check", str(tmp_path)).exit_code == 0


def test_rule_on_mistakes_can_be_turned_off(tmp_path: Path) -> None:
    write_tree(
        tmp_path, {**GOOD, "megalint.toml": "excludes = []\n[rules]\nconfiguration = 'off'\n"}
    )

    assert megalint("check", str(tmp_path)).exit_code == 0


def test_several_reports_in_one_run(tmp_path: Path) -> None:
    write_tree(tmp_path, dict(BAD))
    sarif = tmp_path / "out.sarif"

    result = megalint(
        "check", str(tmp_path), "--format", "sarif", "--output", str(sarif), "--format", "concise"
    )

    assert json.loads(sarif.read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert result.stdout.startswith("next.config.mjs:1:")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("fo", [("json", "a")]),
        ("of", [("json", "a")]),
        ("fof", [("json", "a"), ("sarif", None)]),
        ("ffo", [("json", None), ("sarif", "a")]),
        ("fofo", [("json", "a"), ("sarif", "b")]),
        ("ofof", [("json", "a"), ("sarif", "b")]),
        ("o", [("text", "a")]),
        ("", [("text", None)]),
    ],
)
def test_output_belongs_to_the_format_beside_it(
    order: str, expected: list[tuple[str, str | None]]
) -> None:
    formats = ["json", "sarif"][: order.count("f")]
    outputs = [Path("a"), Path("b")][: order.count("o")]
    names = [{"f": "formats", "o": "outputs"}[one] for one in order]

    found = paired(formats, outputs, names)

    assert [(name, path and str(path)) for name, path in found] == expected


def test_every_option_is_also_a_variable(tmp_path: Path) -> None:
    write_tree(tmp_path, dict(BAD))
    variables = {
        "MEGALINT_FORMAT": "json concise",
        "MEGALINT_OUTPUT": str(tmp_path / "out.json"),
        "MEGALINT_SEVERITY": "rewrite-captures-env=note",
        "MEGALINT_FAIL_ON": "note",
    }

    result = CliRunner(env=variables).invoke(main, ["check", str(tmp_path)])
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}

    assert result.exit_code == 1
    assert result.stdout.startswith("next.config.mjs:1:")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["version"] == 1
    assert [
        (name, option.name)
        for name, command in commands.items()
        for option in (command.params if command is not None else ())
        if isinstance(option, click.Option) and not str(option.envvar).startswith("MEGALINT_")
    ] == []


def test_paths_limit_what_is_reported(tmp_path: Path) -> None:
    write_tree(tmp_path, {**BAD, "megalint.toml": "", "other/x.ts": "export {};\n"})

    assert megalint("check", str(tmp_path / "next.config.mjs")).exit_code == 1
    assert megalint("check", str(tmp_path / "other")).exit_code == 0


def test_paths_limit_what_is_counted_as_ignored(tmp_path: Path) -> None:
    comment = "// megalint: ignore[rewrite-captures-env]\n"
    text = f"{comment}{BAD['next.config.mjs']}"
    write_tree(
        tmp_path, {**BAD, "next.config.mjs": text, "megalint.toml": "", "other/x.ts": comment}
    )

    config = megalint("check", str(tmp_path / "next.config.mjs"))
    other = megalint("check", str(tmp_path / "other"))

    assert "1 ignored" in config.stdout
    assert "ignored" not in other.stdout.rpartition("\n\n")[2]


def test_path_may_be_a_link(tmp_path: Path) -> None:
    write_tree(tmp_path, {**BAD, "megalint.toml": ""})
    (tmp_path / "link.mjs").symlink_to("next.config.mjs")

    assert megalint("check", str(tmp_path / "link.mjs")).exit_code == 1


def test_configuration_sets_levels_and_leaves_out(tmp_path: Path) -> None:
    write_tree(tmp_path, {**BAD, "megalint.toml": '[rules]\nrewrite-captures-env = "off"\n'})

    assert megalint("check", str(tmp_path)).exit_code == 0


def test_ignored_findings_are_counted(tmp_path: Path) -> None:
    text = BAD["next.config.mjs"].replace(
        "export default",
        "// megalint: ignore[rewrite-captures-env] one region only\nexport default",
    )
    write_tree(tmp_path, {**BAD, "next.config.mjs": text})

    result = megalint("check", str(tmp_path))

    assert result.exit_code == 0
    assert "1 ignored" in result.stdout


def test_rule_that_fails_is_reported_and_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from megalint_rules.nextjs.public_env_captured import PublicEnvCaptured

    def fail(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(PublicEnvCaptured, "check", fail)
    write_tree(
        tmp_path, {**BAD, "app/page.jsx": "export default () => process.env.NEXT_PUBLIC_REGION;\n"}
    )

    result = megalint("check", str(tmp_path))

    assert result.exit_code == 3
    assert "rewrite-captures-env" in result.stdout
    assert "the rule public-env-captured failed (ValueError: broken)" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in megalint("check", str(tmp_path), "--verbose").stderr


def test_facts_that_cannot_be_linked_are_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(apps, "_is_app", fail)
    write_tree(tmp_path, dict(BAD))

    for result in (megalint("check", str(tmp_path)), megalint("trace", "--root", str(tmp_path))):
        assert result.exit_code == 3
        assert result.stderr.count("failed (ValueError: broken)") == 1
        assert "Traceback" not in result.stderr


def test_no_ignores_means_no_findings_about_them(tmp_path: Path) -> None:
    write_tree(tmp_path, {**GOOD, "x.ts": "// megalint: ignore[redirect-loop]\nexport {};\n"})

    result = megalint("check", str(tmp_path), "--format", "concise")

    assert result.exit_code == 1
    assert re.findall(r"\[([a-z-]+)\]:? ", result.stdout) == [
        "ignore-without-reason",
        "unused-ignore",
    ]
    assert megalint("check", str(tmp_path), "--no-ignores").exit_code == 0


def test_trace_of_a_path_says_where_it_belongs() -> None:
    result = megalint("trace", ".")
    assert result.exit_code == 2
    assert ". is a path, not a variable: write --root ." in result.stderr


def test_trace_shows_reads_and_json(tmp_path: Path) -> None:
    write_tree(tmp_path, dict(BAD))

    text = megalint("trace", "--root", str(tmp_path))
    data = json.loads(
        megalint("trace", "API_*", "--root", str(tmp_path), "--format", "json").stdout
    )

    assert "API_URL  frozen at build" in text.stdout
    assert [(read["name"], read["line"], read["phase"]) for read in data["reads"]] == [
        ("API_URL", 1, "build")
    ]
    assert data["apps"] == [{"path": ".", "next": "15.5.9", "bundler": "webpack", "output": None}]
    assert {sink["kind"] for sink in data["reads"][0]["sinks"]} == {"rewrite"}


def test_trace_of_a_name_that_is_not_utf8_can_be_read_back(tmp_path: Path) -> None:
    page = tmp_path / os.fsdecode(b"app/\xff/page.jsx")
    write_tree(tmp_path, dict(BAD))
    try:
        page.parent.mkdir(parents=True)
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    page.write_text("export default () => process.env.REGION;\n", encoding="utf-8")

    result = megalint("trace", "REGION", "--root", str(tmp_path), "--format", "json")

    (read,) = json.loads(result.stdout_bytes)["reads"]
    assert read["path"] == "app/\udcff/page.jsx"


def test_explain_and_rules() -> None:
    assert "## Why is this bad?" in megalint("explain", "redirect-loop").stdout
    assert len(megalint("rules").stdout.splitlines()) == len(load_rules())


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"boto3", "libcst", "sarif_om", "tree_sitter"}),
        (["check", ".", "--exit-zero"], {"boto3", "libcst", "sarif_om"}),
    ],
)
def test_commands_import_only_what_they_need(
    tmp_path: Path, arguments: list[str], unwanted: set[str]
) -> None:
    write_tree(tmp_path, dict(BAD))
    code = f"import sys\nfrom megalint.cli import main\ntry:\n    main({arguments!r})\nexcept SystemExit:\n    pass\nprint(sorted(set(sys.modules) & {unwanted!r}))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_ignored_findings_are_reported_on_request(tmp_path: Path) -> None:
    text = f"// megalint: ignore-file[rewrite-captures-env] why\n{BAD['next.config.mjs']}"
    write_tree(tmp_path, {**BAD, "next.config.mjs": text})

    assert megalint("check", str(tmp_path)).exit_code == 0
    result = megalint("check", str(tmp_path), "--no-ignores")

    assert (result.exit_code, "rewrite-captures-env" in result.stdout) == (1, True)
    assert "ignored" not in result.stdout
    assert "comments that ignore" not in result.stderr
