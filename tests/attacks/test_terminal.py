"""What a checkout holds is shown, and acts on no terminal: no colours, links, or turned text."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import seeds
from attacks.sandbox import environment
from megalint.cli import main
from megalint.output import FORMATS
from trees import write_tree

EVIL = "\x1b[2J\x1b]8;;http://x\x07\x9b1m\x08\x7f\u202e\u2066\u200b\u200e\u2028\ufeff\U000e0041"
"""Clear, a link, a C1 sequence, a step back, turned and hidden text."""
FOLDER = "a\x1b[2J\x9b\u202e\u200b"
GROUP = """resource "aws_autoscaling_group" "{0}" {{
  name = "{1}"
  launch_template {{
    id      = "lt-{1}"
    version = "1"
  }}
}}
"""


def is_acting(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}


def acting(text: str) -> list[str]:
    return sorted({repr(one) for one in text if is_acting(one)})


def hostile(root: Path) -> Path:
    manifest = {
        "name": f"web{EVIL}",
        "scripts": {"build": "next build", "start": f"API_URL='{EVIL}' next start -p 3001"},
        "dependencies": {"next": "15.5.9", EVIL: EVIL},
    }
    # JSON escapes what is in the manifest, so that it comes back to life when it is read
    return write_tree(
        root,
        {
            f"{FOLDER}/package.json": json.dumps(manifest),
            f"{FOLDER}/next.config.js": f"module.exports = {{ rewrites: async () => [{{ source: '/{EVIL}', destination: `${{process.env.API_URL}}/{EVIL}` }}, {{ source: '/b', destination: 'http://10.0.0.1/\\x1b[2J\\u202e' }}], env: {{ '\\x1b[2J': process.env['A\\x1b[2J'] }} }};\n",
            f"{FOLDER}/app/{FOLDER}/page.tsx": f"export default function Page() {{ /* {EVIL} */ return process.env.API_URL ?? '{EVIL}' }}\n",
            f"{FOLDER}/middleware.ts": f"export const config = {{ matcher: ['/{EVIL}', '/((?!x).*)\\x1b'] }};\nexport function middleware() {{}}\n",
            f"{FOLDER}.tf": GROUP.format("a", EVIL) + GROUP.format("b", "\\u001b[2J"),
            "user_data.sh": f"#!/bin/bash\nexport API_URL='{EVIL}' PASSWORD_X='{EVIL}'\nexport A=$'\\e[2J'\ncd {FOLDER}\npm2 start npm --name 'x{EVIL}' -- start\nif {EVIL}\n",
            f"{FOLDER}.js": f"const = {EVIL}\nprocess.env.X",
            f"{FOLDER}.ts": b"\xff\xfe",
            f"{FOLDER}.yaml": f"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  'a{EVIL.replace(chr(0x1B), '')}': [\n",
            "megalint.toml": '[rules]\n"\\u001b[2Jx" = "off"\n[per-path]\n"\\u202e**" = { ignore = ["a\\u009b"] }\n[services."\\u001b"]\napp = "\\u001b[2J"\nrequire = ["B\\u001b[2J"]\n',
            ".env": f"API_URL={EVIL}\nNEXT_PUBLIC_A={EVIL}\n",
        },
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile(tmp_path_factory.mktemp("hostile"))


def run(root: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, [*arguments], env={"COLUMNS": "100"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_report(root: Path, name: str) -> None:
    shown = run(root, "check", "--verbose", "--no-ignores", "--format", name, str(root))

    assert acting(shown) == []
    assert "API_URL" in shown
    assert "2J" in shown


@pytest.mark.parametrize("name", ["text", "json", "html"])
def test_trace(root: Path, name: str) -> None:
    shown = run(root, "trace", "--format", name, "--root", str(root))

    assert acting(shown) == []
    assert "API_URL" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--changed-since", f"main{EVIL}"),
        ("check", "--select", EVIL),
        ("check", "--show-config"),
        ("check", "--show-config", "--format", "json"),
        ("check", "--config", "{root}/" + FOLDER + ".js"),
        ("check", "--baseline", "{root}/" + FOLDER + ".js"),
    ],
    ids=lambda given: " ".join(given[:2]),
)
def test_answers_and_mistakes(root: Path, arguments: tuple[str, ...]) -> None:
    given = [one.replace("{root}", str(root)) for one in arguments]

    assert acting(run(root, *given, str(root))) == []


def poisoned(value: Any) -> Any:
    """Return saved answers in which every name and text holds what acts."""
    if isinstance(value, dict):
        return {key: poisoned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    is_free = isinstance(value, str) and value not in {"available", "$Default", "$Latest"}
    return f"{value}{EVIL}" if is_free and not value.isdigit() else value


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("is_script", [False, True])
def test_launch_templates(tmp_path: Path, name: str, is_script: bool) -> None:
    held = seeds.answers()
    if is_script:
        script = (
            f"#!/bin/bash\nexport API_URL='{EVIL}'\ncd /srv/{EVIL}\nnpm start {EVIL}\nif {EVIL}\n"
        )
        for one in held[0]["LaunchTemplateVersions"]:
            one["LaunchTemplateData"]["UserData"] = seeds.encoded(script)
    write_tree(
        tmp_path,
        {
            f"{n}.json": json.dumps(one if is_script else poisoned(one))
            for n, one in enumerate(held)
        },
    )

    repository = write_tree(tmp_path / "repository", {"a.sh": ""})
    where = ("--from", str(tmp_path), "--repo", str(repository))
    shown = run(tmp_path, "lt", "--all-versions", "--diff", "--format", name, *where)

    assert acting(shown) == []
    assert "MegaTicket" in shown or name in {"github", "junit", "gitlab"}


def test_explain(root: Path) -> None:
    assert acting(run(root, "explain", EVIL)) == []


def test_name_of_the_branch(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"a.sh": "echo\n"})
    who = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q", "-b", "x\u202e\u200b"), ("add", "."), ("commit", "-qm", "a")):
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, env=environment())

    shown = run(root, "check", "--verbose", "--changed-since", "x\u202e\u200b", str(root))

    assert acting(shown) == []
    assert "No findings" in shown


@pytest.mark.parametrize(
    "arguments",
    [("check", "--unsafe-fixes"), ("suppress", "--reason", "x")],
    ids=lambda one: one[0],
)
def test_diff_on_a_terminal(root: Path, arguments: tuple[str, ...]) -> None:
    parent, child = pty.openpty()
    command = [sys.executable, "-P", "-m", "megalint", *arguments, "--diff", "."]
    done = subprocess.run(
        command, cwd=root, stdout=child, stderr=child, check=False, env=environment()
    )
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 65536):
            shown += part
    except OSError:  # that is how the end of a terminal is told
        pass
    os.close(parent)

    text = shown.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    assert done.returncode == 1, text
    assert "@@" in text
    assert acting(text) == []
