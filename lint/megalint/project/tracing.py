"""Where ``output: 'standalone'`` puts server.js (facts: find-root of Next 14.2, 15.5 and 16.4)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from megalint.formats import package_json
from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.linked import Project

_LOCK_FILES: Final = (
    "pnpm-lock.yaml",
    "package-lock.json",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
)
_MARKERS: Final = ("pnpm-workspace.yaml", "lerna.json")
_NEAREST_UNTIL: Final = 14
_MARKERS_SINCE: Final = 16
_OPTION: Final = re.compile(r"\b(?:outputFileTracingRoot|turbopack)\b")
_WRITTEN: Final = re.compile(
    r"outputFileTracingRoot:\s*(?:path\.)?(?:join|resolve)\(\s*"
    r"(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s*,\s*['\"](?P<path>[./]+)['\"]\s*\)"
)


def server_path(project: Project, app: App) -> PurePosixPath | None:
    """Return ``server.js`` relative to the standalone folder, or None where that is not known.

    The folder repeats the layout from the tracing root down to the app.
    """
    root = _root(project.checkout, app)
    if root is None or not (app.path == root or root in app.path.parents):
        return None
    return app.path.relative_to(root) / "server.js"


def _root(checkout: Checkout, app: App) -> PurePosixPath | None:
    text = "" if app.config is None else app.config.text
    if _OPTION.search(text):
        written = _WRITTEN.search(text)
        folder = None if written is None else normpath(str(app.path / written["path"]))
        return None if folder is None or folder.startswith("..") else PurePosixPath(folder)
    folders = (app.path, *app.path.parents)
    locked = [one for one in folders if any(checkout.holds(one / name) for name in _LOCK_FILES)]
    if not locked:
        return None
    if app.major <= _NEAREST_UNTIL:
        return locked[0]
    marked = [one for one in folders if _is_workspace_root(checkout, one)]
    is_disputed = app.major >= _MARKERS_SINCE and marked and marked[-1] != locked[-1]
    return None if is_disputed else locked[-1]


def _is_workspace_root(checkout: Checkout, folder: PurePosixPath) -> bool:
    if any(checkout.holds(folder / name) for name in _MARKERS):
        return True
    source = checkout.get(folder / "package.json")
    return source is not None and bool(checkout.parsed(source, package_json.parse).workspaces)
