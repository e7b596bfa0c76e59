"""What the real turbo 1 and 2 hand to a task, against :mod:`megalint.formats.turbo`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from megalint import Source
from megalint.formats import turbo
from oracle.npm import installed

NAMES = (
    *("SHOP_URL", "A_ONE", "A_TWO", "B_ONE", "PORT", "HOSTNAME", "AWS_REGION", "GITHUB_SHA", "CI"),
    *("NEXT_PUBLIC_A", "NEXT_A", "VERCEL_URL", "TZ", "LANG", "DOCKER_HOST", "HTTP_PROXY", "TMPDIR"),
)
CONFIGS: list[tuple[str, object, object]] = [
    ("2", {"tasks": {"build": {}}}, None),
    (
        "2",
        {
            "tasks": {
                "build": {"env": ["A_*", "!A_ONE", "A_ONE"], "passThroughEnv": ["!A_TWO", "B_*"]}
            }
        },
        None,
    ),
    (
        "2",
        {
            "globalEnv": ["B_*", "!B_ONE"],
            "tasks": {"build": {"env": ["SHOP_URL"]}, "web#build": {"env": ["A_*"]}},
        },
        None,
    ),
    (
        "2",
        {
            "globalPassThroughEnv": ["SHOP_URL", "PORT"],
            "tasks": {"build": {"passThroughEnv": ["!SHOP_URL"]}},
        },
        None,
    ),
    ("2", {"envMode": "loose", "tasks": {"build": {"env": ["!SHOP_URL"]}}}, None),
    (
        "2",
        {
            "globalEnv": ["B_*"],
            "tasks": {"build": {"env": ["SHOP_URL"], "passThroughEnv": ["A_TWO"]}},
        },
        {"extends": ["//"], "tasks": {"build": {"env": ["A_ONE"]}}},
    ),
    ("1", {"pipeline": {"build": {"env": ["SHOP_URL"]}}}, None),
    ("1", {"pipeline": {"build": {"env": ["A_*"], "passThroughEnv": ["SHOP_URL"]}}}, None),
    ("1", {"globalPassThroughEnv": ["B_*"], "pipeline": {"build": {"env": ["A_ONE"]}}}, None),
    ("1", {"pipeline": {"build": {"passThroughEnv": ["*"], "dotEnv": [".env"]}}}, None),
]
MANIFESTS = {
    "package.json": {"name": "shop", "packageManager": "npm@10.0.0", "workspaces": ["apps/*"]},
    "apps/web/package.json": {
        "name": "web",
        "version": "1.0.0",
        "scripts": {"build": "node ../../show.js"},
        "dependencies": {"next": "15.5.9"},
    },
    "package-lock.json": {
        "name": "shop",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {
            "": {"name": "shop", "workspaces": ["apps/*"]},
            "apps/web": {"name": "web", "version": "1.0.0"},
            "node_modules/web": {"resolved": "apps/web", "link": True},
        },
    },
}
SHOW = "console.log('SEEN ' + Object.keys(process.env).join(' '));\n"


@pytest.mark.parametrize(("version", "root", "own"), CONFIGS)
def test_task_sees_what_the_real_turbo_hands_on(
    version: str, root: object, own: object, tmp_path: Path
) -> None:
    texts = {path: json.dumps(content) for path, content in MANIFESTS.items()}
    texts |= {"turbo.json": json.dumps(root), "show.js": SHOW}
    if own is not None:
        texts["apps/web/turbo.json"] = json.dumps(own)
    for path, text in texts.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    task = _read(root).task("build", "web", None if own is None else _read(own))

    assert task is not None
    assert {name for name in NAMES if task.passes(name)} == _seen(version, tmp_path)


def _read(config: object) -> turbo.Turbo:
    return turbo.parse(Source(PurePosixPath("turbo.json"), json.dumps(config)))


def _seen(version: str, folder: Path) -> set[str]:
    home = installed("turbo")
    script = home / "node_modules" / f"turbo-{version}" / "bin" / "turbo"
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "TURBO_TELEMETRY_DISABLED": "1"}
    done = subprocess.run(
        ["node", str(script), "run", "build", "--force", "--skip-infer"],
        cwd=folder,
        env={**dict.fromkeys(NAMES, "1"), **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    line = next((one for one in done.stdout.splitlines() if "SEEN " in one), None)
    assert line is not None, done.stdout + done.stderr
    return set(line.partition("SEEN ")[2].split()) & set(NAMES)
