"""Ask git about a checkout; nothing that the checkout configures is run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

SECONDS: Final = 120
"""How long git may take: a FIFO where it expects a file keeps it for ever."""

_GIT: Final = (
    "git",
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
)
# a checkout that lacks objects names a program, or a host, to fetch them from
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_FILTERS: Final = r"^filter\..*\.(clean|smudge|process|required)$"


def git(
    root: Path, *arguments: str, given: bytes = b"", settings: Iterable[tuple[str, str]] = ()
) -> subprocess.CompletedProcess[bytes]:
    """Return how git ends and what it says, run in *root* with *settings* on top of its own.

    Raises :class:`OSError` where git cannot be run, :class:`TimeoutError` where it does not end.
    """
    # a hook of git runs with variables that name its own index and folder
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        return subprocess.run(
            [*_GIT, *arguments],
            cwd=root,
            input=given,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env={**own, **_ENVIRONMENT, **dict(_numbered(settings))},
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(0, f"git did not end within {SECONDS} s") from error


def without_filters(root: Path) -> tuple[tuple[str, str], ...]:
    """Return the settings that turn off the filters of the checkout, which are programs."""
    answer = git(root, "config", "-z", "--name-only", "--get-regexp", _FILTERS)
    names = {os.fsdecode(name) for name in answer.stdout.split(b"\0") if name}
    return tuple((name, "false" if name.endswith("required") else "") for name in sorted(names))


def _numbered(settings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    # the names of filters may hold any character: -c would cut them at the first "="
    pairs = tuple(settings)
    yield "GIT_CONFIG_COUNT", str(len(pairs))
    for number, (name, value) in enumerate(pairs):
        yield f"GIT_CONFIG_KEY_{number}", name
        yield f"GIT_CONFIG_VALUE_{number}", value
