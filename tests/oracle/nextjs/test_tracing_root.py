"""Where the real Next.js sees the root of a repository, against :mod:`megalint.project.tracing`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from megalint.project.apps import App
from megalint.project.tracing import server_path
from oracle.npm import installed
from trees import project_of, write_tree

ASK = """
const found = require('next/dist/lib/find-root');
const ask = found.findRootDirAndLockFiles ?? found.findRootDir;
const answer = ask(process.argv[1]);
console.log(JSON.stringify(answer?.rootDir ?? answer ?? process.argv[1]));
"""
WORKSPACES = '{ "name": "shop", "workspaces": ["apps/*"] }'
PLAIN = '{ "name": "shop" }'
LOCK = '{ "lockfileVersion": 3 }'
LAYOUTS: dict[str, dict[str, str]] = {
    "lock in the root": {"package.json": WORKSPACES, "package-lock.json": LOCK},
    "lock beside the app": {"package.json": PLAIN, "apps/web/yarn.lock": ""},
    "two locks": {
        "package.json": WORKSPACES,
        "pnpm-lock.yaml": "",
        "apps/web/package-lock.json": LOCK,
    },
    "two locks, no workspaces": {
        "package.json": PLAIN,
        "yarn.lock": "",
        "apps/web/package-lock.json": LOCK,
    },
    "binary lock": {"package.json": WORKSPACES, "bun.lockb": ""},
    "marker alone": {"package.json": PLAIN, "pnpm-workspace.yaml": "packages: ['apps/*']\n"},
    "marker above an app with a lock": {"package.json": WORKSPACES, "apps/web/yarn.lock": ""},
    "lock in between": {"package.json": PLAIN, "apps/pnpm-lock.yaml": "", "apps/web/yarn.lock": ""},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("major", [14, 15, 16])
def test_server_lies_where_next_puts_it_or_is_not_known(
    major: int, layout: str, tmp_path: Path
) -> None:
    home = installed(f"next-{major}")
    manifest = json.loads((home / "node_modules" / "next" / "package.json").read_text())
    own = {
        "name": "web",
        "scripts": {"build": "next build"},
        "dependencies": {"next": manifest["version"]},
    }
    files = {
        **LAYOUTS[layout],
        "apps/web/package.json": json.dumps(own),
        "apps/web/app/page.tsx": "",
    }
    root = write_tree(tmp_path / "shop", files)
    (root / ".git").mkdir()
    (app,) = project_of(files).each(App)

    done = subprocess.run(
        ["node", "-e", ASK, str(root / "apps" / "web")],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )

    found = Path(json.loads(done.stdout.splitlines()[-1]))
    inner = (root / "apps" / "web").relative_to(found)
    wanted = PurePosixPath(inner.as_posix()) / "server.js"
    assert server_path(project_of(files), app) in {None, wanted}
    assert server_path(project_of(files), app) is not None or layout not in {
        "lock in the root",
        "two locks",
    }
