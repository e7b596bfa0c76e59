"""Write into a configuration what is to be ignored in files that take no comments."""

from __future__ import annotations

import glob
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from megalint.config.kinds import shown
from megalint.names import SHARED_FILE
from megalint.source import Source


def with_ignored(
    source: Source, ignored: Mapping[PurePosixPath, Sequence[str]], reason: str
) -> str | None:
    """Return the text of a configuration in which rules are off in files of its folder or below.

    None: it says something of one of these files already, which people have to change.
    """
    prefix = "tool.megalint." if source.path.name == SHARED_FILE else ""
    tables = [
        f"# {reason}\n[{prefix}per-path.{shown(glob.escape(path.as_posix()))}]\n"
        f"ignore = {shown(list(rules))}\n"
        for path, rules in sorted(ignored.items())
    ]
    text = source.text if source.text.endswith("\n") or not source.text else f"{source.text}\n"
    added = "\n".join(([text] if text else []) + tables)
    try:
        tomllib.loads(added)
    except tomllib.TOMLDecodeError:
        return None
    return added
