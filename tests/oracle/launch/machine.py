"""A throw-away machine for one script: real bash, sudo and su, in namespaces of its own.

Everything that a script may touch (/etc, /home, /root, /opt, /var, /tmp) is an overlay in memory.
``npm``, ``node``, ``pm2`` and ``docker`` are small programs that write down what they were given.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct

FOLDER: Final = Path(__file__).parent
TIMEOUT: Final = 30
NEEDED: Final = ("unshare", "mount", "sudo", "su", "runuser", "bash")


class Started(Struct, frozen=True, dict=True):
    """A process that was started: its words, user, folder and environment."""

    words: str
    user: str
    cwd: str
    environment: dict[str, str]


def why_not() -> str | None:
    """Return why there can be no machine here, or None."""
    if os.geteuid() != 0:
        return "a machine in namespaces needs root"
    absent = [name for name in NEEDED if shutil.which(name) is None]
    if absent:
        return f"not installed: {', '.join(absent)}"
    probe = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "none", "/mnt"]
    if subprocess.run(probe, capture_output=True, check=False, timeout=TIMEOUT).returncode:
        return "namespaces are not allowed here"
    return None


def run(script: bytes, family: str) -> list[Started]:
    """Run *script* as cloud-init would, on a machine of *family*; return what it started."""
    with TemporaryDirectory(prefix="megalint-machine-") as folder:
        work = Path(folder)
        work.chmod(0o755)
        (work / "part-001").write_bytes(script)
        (work / "part-001").chmod(0o700)
        command = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "/bin/bash"]
        subprocess.run(
            [*command, str(FOLDER / "machine.sh"), str(work), family],
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        )
        return [_started(path.read_bytes()) for path in sorted((work / "dump").iterdir())]


def _started(text: bytes) -> Started:
    head, _, rest = text.decode("utf-8", "replace").partition("\0--\0")
    words, user, cwd = head.split("\0")
    pairs = (one.partition("=") for one in rest.split("\0") if one)
    return Started(words, user, cwd, {name: value for name, _, value in pairs})
