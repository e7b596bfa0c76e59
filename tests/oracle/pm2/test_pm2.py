"""What PM2's list holds after a few commands: the real PM2 and the model."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from megalint.languages.shell.state import likely
from megalint.project.launches.families import AMAZON
from megalint.project.launches.interpret import boot, launches_of_script
from megalint.project.launches.pm2 import by_user
from megalint.text import Text
from oracle.npm import installed

APP = """require('fs').writeFileSync(`${process.pid}.json`, JSON.stringify(process.env));
setInterval(() => {}, 1000);
"""
ECO = """module.exports = { apps: [{
  name: 'x', script: 'app.js',
  env: { A: 'block', FROM: process.env.GIVEN, DEFAULTED: process.env.NOPE || 'd' },
  env_production: { A: 'production' },
}] };
"""
FILTERED = "module.exports = { apps: [{ name: 'x', script: 'app.js', filter_env: ['B'] }] };\n"
JSON = '{"apps": [{"name": "x", "script": "app.js", "env": {"A": "json", "N": 3001}}]}\n'
CASES = {
    "start": "A=1 pm2 start app.js --name x",
    "exported": "export A=1; pm2 start app.js -n x",
    "restart": "A=1 pm2 start app.js --name x; A=2 pm2 restart x",
    "reload": "A=1 pm2 start app.js --name x; A=2 pm2 reload x",
    "update": "A=1 C=1 pm2 start app.js --name x; A=2 B=1 pm2 restart x --update-env",
    "by_name": "A=1 pm2 start app.js --name x; A=2 pm2 start x",
    "by_name_update": "A=1 pm2 start app.js --name x; A=2 pm2 start x --update-env",
    "npm_twice": "A=1 pm2 start npm --name x -- start; A=2 pm2 start npm --name x -- start",
    "script_twice": "A=1 pm2 start app.js --name x; A=2 pm2 start app.js --name x || true",
    "script_forced": "A=1 pm2 start app.js --name x; A=2 pm2 start app.js --name y",
    "default_name": "A=1 pm2 start app.js",
    "deleted": "A=1 pm2 start app.js --name x; pm2 delete x; A=2 pm2 start app.js --name x",
    "delete_missing_stops_set_e": "set -e; pm2 delete nope; A=1 pm2 start app.js --name x",
    "delete_all_with_none": "set -e; pm2 delete all; A=1 pm2 start app.js --name x",
    "delete_or_true": "pm2 delete nope || true; A=1 pm2 start app.js --name x",
    "ecosystem": "GIVEN=g A=inline B=2 pm2 start eco.config.js",
    "ecosystem_production": "A=inline pm2 start eco.config.js --env production",
    "ecosystem_again": "A=1 B=1 pm2 start eco.config.js; GIVEN=g B=2 C=3 pm2 start eco.config.js",
    "ecosystem_restarted": "B=1 pm2 start eco.config.js; B=2 pm2 restart eco.config.js",
    "ecosystem_by_name": "B=1 pm2 start eco.config.js; A=2 B=2 pm2 restart x",
    "ecosystem_filter": "A=1 B=1 BB=1 C=1 pm2 start filtered.config.js",
    "cluster": "B=daemon pm2 ls; A=1 pm2 start app.js --name x -i 1",
    "fork_after_daemon": "B=daemon pm2 ls; A=1 pm2 start app.js --name x",
    "resurrected": "A=1 pm2 start app.js --name x; pm2 save; pm2 kill; A=2 pm2 resurrect",
    "resurrected_as_saved": "A=1 pm2 start app.js --name x; pm2 save; A=2 pm2 restart x --update-env; pm2 kill; pm2 resurrect",
    "saved_empty_keeps_the_old": "A=1 pm2 start app.js --name x; pm2 save; pm2 delete all; pm2 save; pm2 kill; pm2 resurrect",
    "json": "A=inline B=2 pm2 start eco.json",
    "interpreter_arguments": "A=1 pm2 start app.js --name x -- --port 3",
}


@pytest.fixture(scope="session")
def binaries() -> Path:
    return installed("pm2") / "node_modules" / ".bin"


def real(script: str, folder: Path, binaries: Path) -> dict[str, dict[str, str]]:
    environment = {
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "PM2_HOME": str(folder / "home"),
        "HOME": str(folder),
    }
    try:
        pm2(["bash", "-c", script], folder, environment)
        listed = pm2(["pm2", "jlist"], folder, environment)
        found = json.loads(listed[listed.index("[") :])
        return shown(
            {f"{n}:{one['name']}": received(one["pid"], folder) for n, one in enumerate(found)}
        )
    finally:
        pm2(["pm2", "kill"], folder, environment)


def pm2(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=90
    )
    return done.stdout


def received(pid: int, folder: Path) -> dict[str, str]:
    """Return what a process says of its environment; that of npm is what it was started with."""
    dump = folder / f"{pid}.json"
    for _ in range(50):
        text = dump.read_text(encoding="utf-8") if dump.exists() else ""
        if text.endswith("}"):
            found: dict[str, str] = json.loads(text)
            return found
        if b"npm" in Path(f"/proc/{pid}/cmdline").read_bytes():
            break
        time.sleep(0.1)
    text = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8", errors="replace")
    pairs = (one.partition("=") for one in text.split("\0") if one)
    return {name: value for name, _, value in pairs}


def ours(script: str) -> dict[str, dict[str, str]]:
    files = "".join(
        f"cat > /opt/w/{name} <<'END_OF_FILE'\n{text}END_OF_FILE\n"
        for name, text in (
            ("eco.config.js", ECO),
            ("filtered.config.js", FILTERED),
            ("eco.json", JSON),
        )
    )
    outcome = boot(Text.literal(f"#!/bin/bash\n{files}cd /opt/w\n{script}\n"), AMAZON)
    processes = [one for _, listed in by_user(outcome.machine.kept) for one in listed]
    return shown(
        {
            f"{n}:{one.name}": {
                k: likely(v.value or Text()) or "" for k, v in one.environment.items()
            }
            for n, one in enumerate(processes)
        }
    )


def shown(found: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    names = re.compile(r"[A-CN]|BB|FROM|DEFAULTED")
    return {
        name: {k: str(v) for k, v in sorted(environment.items()) if names.fullmatch(k)}
        for name, environment in found.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_environment_of_the_list(name: str, tmp_path: Path, binaries: Path) -> None:
    for file, text in (("app.js", APP), ("eco.config.js", ECO), ("eco.json", JSON)):
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / "filtered.config.js").write_text(FILTERED, encoding="utf-8")
    (tmp_path / "package.json").write_text(
        '{"scripts": {"start": "node app.js"}}', encoding="utf-8"
    )
    assert ours(CASES[name]) == real(CASES[name], tmp_path, binaries)


def test_a_command_line_is_run_by_a_shell(tmp_path: Path, binaries: Path) -> None:
    script = "pm2 start 'A=1 node app.js' --name x"
    (tmp_path / "app.js").write_text(APP, encoding="utf-8")
    assert real(script, tmp_path, binaries) == {"0:x": {"A": "1"}}
    (launch,) = launches_of_script(Text.literal(f"#!/bin/bash\ncd /opt\n{script}\n"))
    assert launch.environment["A"].value.known == "1"
