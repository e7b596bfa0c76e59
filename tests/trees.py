"""Small trees of sources for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

from megalint import Project, Source
from megalint.project.linkers import link

F = TypeVar("F")

MANIFEST = (
    '{ "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "%s" } }'
)


def project_of(files: dict[str, str], version: str = "15.5.9") -> Project:
    """Return the project made of *files*, an app in the root unless they say otherwise."""
    if not any(path.endswith("package.json") for path in files):
        files = {**files, "package.json": MANIFEST % version}
    return link(Source(PurePosixPath(path), text) for path, text in files.items())


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write *files* below *root*."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            target.write_text(content, encoding="utf-8")
        else:
            target.write_bytes(content)
    return root
