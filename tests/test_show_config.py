"""``--show-config``: every value that holds, and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from megalint.cli import main
from megalint.config import SETTINGS
from trees import write_tree

FILES = {
    ".git/HEAD": "",
    "megalint.toml": """\
exclude = ["old/*"]
fail-on = "error"

[rules]
nextjs = "note"
sync-params = "off"

[services.app]
app = "apps/app"
""",
    "apps/web/pyproject.toml": """\
[tool.megalint]
exclude = ["gen/*"]
rules = { sync-params = "error", redirect-loop = "error" }
per-path."a/*".ignore = ["nextjs"]
""",
    "cases/shop/megalint.toml": "root = true\n",
    "old/x.ts": "",
    "apps/web/gen/x.ts": "",
    "apps/web/a/x.ts": "",
}
TEXT = """\
root: ROOT

.: megalint.toml
  root = false                             default
  exclude = ["old/*"]                      megalint.toml:1
  fail-on = "note"                         MEGALINT_FAIL_ON
  rules.nextjs = "note"                    megalint.toml:5
  rules.sync-params = "off"                megalint.toml:6
  rules."redirect-*" = "warning"           command line
  regions.primary = (none)                 default
  regions.recovery = []                    default
  recovery.rto = (none)                    default
  recovery.boot = (none)                   default
  image.os = (none)                        default
  image.root = (none)                      default
  services.app.app = "apps/app"            megalint.toml:9
  services.app.process = (none)            default
  services.app.require = []                default
  services.app.channels = []               default
  services.app.standalone = "auto"         default
  placeholders.tokens = ["*_PLACEHOLDER"]  default

apps/web: apps/web/pyproject.toml
  root = false                        default
  exclude = ["old/*"]                 megalint.toml:1
  exclude = ["gen/*"]                 apps/web/pyproject.toml:2
  rules.nextjs = "note"               megalint.toml:5
  rules.sync-params = "error"         apps/web/pyproject.toml:3
  rules.redirect-loop = "warning"     command line
  rules."redirect-*" = "warning"      command line
  per-path."a/*".ignore = ["nextjs"]  apps/web/pyproject.toml:4

cases/shop: cases/shop/megalint.toml
  root = true                     cases/shop/megalint.toml:1
  rules."redirect-*" = "warning"  command line

options
"""


def megalint(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=variables)


def test_text_names_every_value_and_its_origin(tmp_path: Path) -> None:
    write_tree(tmp_path, dict(FILES))
    options = ("--show-config", "--severity", "redirect-*=warning")

    result = megalint("check", *options, str(tmp_path), MEGALINT_FAIL_ON="note", MEGALINT_FIX="1")

    assert result.exit_code == 0
    assert result.stderr == ""
    held, _, given = result.stdout.partition("options\n")
    assert f"{held}options\n" == TEXT.replace("ROOT", str(tmp_path))
    lines = [line.split() for line in given.splitlines()]
    assert ["--fix", "=", "true", "MEGALINT_FIX"] in lines
    assert ["--severity", "=", '["redirect-*=warning"]', "command", "line"] in lines
    assert ["--color", "=", '"auto"', "default"] in lines


def test_json_says_the_same(tmp_path: Path) -> None:
    write_tree(tmp_path, dict(FILES))
    arguments = ("check", "--show-config", "--format", "json", str(tmp_path))

    result = megalint(*arguments)

    found: dict[str, Any] = json.loads(result.stdout)
    assert megalint(*arguments).stdout == result.stdout
    assert found["version"] == 1
    assert found["root"] == str(tmp_path)
    assert [(one["folder"], one["path"]) for one in found["files"]] == [
        (".", "megalint.toml"),
        ("apps/web", "apps/web/pyproject.toml"),
        ("cases/shop", "cases/shop/megalint.toml"),
    ]
    assert found["files"][0]["settings"][1] == {
        "name": "exclude",
        "value": ["old/*"],
        "origin": {"kind": "file", "path": "megalint.toml", "line": 1, "variable": None},
    }
    nowhere = {"kind": "default", "path": None, "line": None, "variable": None}
    assert {"name": "--ignore", "value": [], "origin": nowhere} in found["options"]


def test_every_setting_has_a_value_where_no_file_is(tmp_path: Path) -> None:
    result = megalint("check", "--show-config", "--format", "json", str(tmp_path))

    (root,) = json.loads(result.stdout)["files"]
    assert root["path"] is None
    assert {one["name"]: one["value"] for one in root["settings"]} == {
        one.name: json.loads(json.dumps(one.default)) for one in SETTINGS if "*" not in one.keys
    }


def test_option_goes_before_variable_and_file(tmp_path: Path) -> None:
    write_tree(tmp_path, {"megalint.toml": "fail-on = 'error'\n"})

    def line(*arguments: str, **variables: str) -> str:
        result = megalint("check", "--show-config", *arguments, str(tmp_path), **variables)
        return next(line for line in result.stdout.splitlines() if "fail-on" in line)

    assert line().split()[2:] == ['"error"', "megalint.toml:1"]
    assert line(MEGALINT_FAIL_ON="note").split()[2:] == ['"note"', "MEGALINT_FAIL_ON"]
    assert line("--fail-on", "never", MEGALINT_FAIL_ON="note").split()[2:4] == [
        '"never"',
        "command",
    ]
    assert line("--isolated").split()[2:] == ['"warning"', "default"]


def test_audit_shows_its_own_options_and_hides_the_external_id(tmp_path: Path) -> None:
    write_tree(tmp_path, dict(FILES))

    result = megalint("lt", "--show-config", "--repo", str(tmp_path), "--external-id", "abc")

    assert result.exit_code == 0
    assert f'--repo = "{tmp_path}"' in result.stdout
    assert '--external-id = "***"' in result.stdout
    assert "apps/web: apps/web/pyproject.toml" in result.stdout


def test_mistakes_are_told_on_stderr(tmp_path: Path) -> None:
    write_tree(tmp_path, {"megalint.toml": "excludes = []\n"})

    result = megalint("check", "--show-config", str(tmp_path))

    assert result.exit_code == 0
    assert result.stderr.startswith("megalint: megalint.toml:1: `excludes` is no setting")


@pytest.mark.parametrize("name", ["sarif", "github"])
def test_other_formats_are_wrong_usage(tmp_path: Path, name: str) -> None:
    result = megalint("check", "--show-config", "--format", name, str(tmp_path))

    assert result.exit_code == 2
    assert f"as text or json, not {name}" in result.stderr


def test_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    write_tree(
        tmp_path, {"megalint.toml": '[services."a\\u001b[31m\\nb"]\nprocess = "x\\u009b1m"\n'}
    )

    result = megalint("check", "--show-config", str(tmp_path))

    assert not {"\x1b", "\x9b"} & set(result.stdout)
