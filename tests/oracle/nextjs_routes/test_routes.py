"""The table of routes made from file names is the one that the real Next.js makes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from megalint.project.nextjs.routes import RouteFile
from megalint.run import load
from oracle.nextjs_routes.apps import APP_EXTENSIONS, ODD_NAMES, PAGES_EXTENSIONS
from oracle.npm import installed

APPS = {"odd": ODD_NAMES, "pages-ext": PAGES_EXTENSIONS, "app-ext": APP_EXTENSIONS}
VERSIONS = (15, 16)
ADDED_BY_NEXT = {"/_not-found", "/_global-error"}
LOCALES = ("/en", "/ko")


@pytest.mark.parametrize("name", APPS)
@pytest.mark.parametrize("major", VERSIONS)
def test_app_router_has_the_routes_of_next(major: int, name: str) -> None:
    folder = build(installed(f"next-{major}"), name, major)

    assert said(folder, {"page", "handler", "metadata"}) == app_routes(folder)


@pytest.mark.parametrize("name", ["odd", "pages-ext"])
@pytest.mark.parametrize("major", VERSIONS)
def test_pages_router_has_the_routes_of_next(major: int, name: str) -> None:
    folder = build(installed(f"next-{major}"), name, major)

    own = {"/_app", "/_document", "/_error", "/404", "/500"}
    assert said(folder, {"pages-page", "api"}) - own == pages_routes(folder) - own


def said(folder: Path, kinds: set[str]) -> set[str]:
    project, problems = load(folder)
    assert problems == ()
    return {file.route for file in project.each(RouteFile) if file.kind in kinds}


def app_routes(folder: Path) -> set[str]:
    manifest = folder / ".next/app-path-routes-manifest.json"
    if not manifest.exists():
        return set()
    return set(json.loads(manifest.read_text(encoding="utf-8")).values()) - ADDED_BY_NEXT


def pages_routes(folder: Path) -> set[str]:
    """Return the keys of Next's manifest, each page once for all locales."""
    manifest = json.loads((folder / ".next/server/pages-manifest.json").read_text(encoding="utf-8"))
    return {without_locale(route) for route in manifest}


def without_locale(route: str) -> str:
    for locale in LOCALES:
        if route == locale or route.startswith(f"{locale}/"):
            return route.removeprefix(locale) or "/"
    return route


def build(home: Path, name: str, major: int) -> Path:
    """Build the app, unless the very same was built before; return its folder."""
    manifest = {"name": "app", "private": True, "scripts": {"build": "next build"}}
    manifest["dependencies"] = {"next": f"{major}.0.0"}
    files = {**APPS[name], "package.json": json.dumps(manifest)}
    folder, stamp = home / f"routes-{name}", home / f"routes-{name}.built"
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["node", str(home / "node_modules/next/dist/bin/next"), "build"],
        cwd=folder,
        env={**os.environ, "NEXT_TELEMETRY_DISABLED": "1", "CI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"next build failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    stamp.write_text(digest)
    return folder
