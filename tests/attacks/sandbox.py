"""Run megalint on hostile trees: in a process of its own, with bounds on memory and time."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = 120
"""Far above what any attack takes, on a slow machine that does other things, too."""
MEMORY = 1_500_000_000
_COMMAND = "from megalint.cli import main; main()"


def megalint(
    folder: Path, *arguments: str, seconds: int = SECONDS, watched_by: str = "", **streams: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``megalint`` in *folder*; *watched_by* is Python that is run first.

    *streams* are arguments of :func:`subprocess.run`.

    Raises :class:`subprocess.TimeoutExpired` where it does not end in time.
    """

    def bounded() -> None:
        # a shell that started the tests in the background has it ignored, and so would megalint
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    return subprocess.run(
        [sys.executable, "-P", "-c", f"{watched_by}\n{_COMMAND}", *arguments],
        cwd=folder,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=seconds,
        preexec_fn=bounded,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """Return the variables to run with: none that git or megalint reads."""
    own = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "MEGALINT_"))
    }
    return {**own, "PYTHONDONTWRITEBYTECODE": "1"}


def ended(done: subprocess.CompletedProcess[str]) -> str:
    """Return what was said on stderr; fail where megalint did not come to its own end."""
    assert done.returncode in {0, 1, 2}, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    return done.stderr
