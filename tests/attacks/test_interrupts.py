"""However a run ends, nothing is half written, and a line says what happened."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import seeds
from attacks.sandbox import ended, environment, megalint
from trees import MANIFEST, write_tree

CONFIG = "module.exports = { rewrites: async () => [{ source: '/a', destination: process.env.API_URL }] };\n"
STEP = "import boto3\nboto3.client('ec2').run_instances(LaunchTemplate={'Version': '1'})\n"
INTERRUPTED = """
import os, signal
def interrupt(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
"""
WHILE_WRITING = INTERRUPTED + "os.fsync = interrupt\n"
WHILE_LISTING = INTERRUPTED + "os.scandir = interrupt\n"
FULL = """
import os, errno
def full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
os.fsync = full
"""
FIX = ("check", "--fix", "--unsafe-fixes")
WRITING = (FIX, ("check", "--format", "json", "--output", "out"), ("baseline",))
TRACE = ("trace", "--output", "out")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"package.json": MANIFEST % "15.5.9", "next.config.js": CONFIG, "step.py": STEP}
    return write_tree(tmp_path / "root", {**files, "out": "old"})


def contents(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in root.iterdir()}


@pytest.mark.parametrize("command", [*WRITING, TRACE], ids=" ".join)
def test_interrupt_while_writing(root: Path, command: tuple[str, ...]) -> None:
    before = contents(root)

    done = megalint(root, *command, watched_by=WHILE_WRITING)

    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "megalint: interrupted")
    assert "Traceback" not in done.stderr
    assert contents(root) == before


@pytest.mark.parametrize("command", ["check", "trace", "baseline"])
def test_interrupt_while_reading(root: Path, command: str) -> None:
    done = megalint(root, command, watched_by=WHILE_LISTING)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "megalint: interrupted\n")


def test_interrupt_of_an_audit(tmp_path: Path) -> None:
    prelude = f"{INTERRUPTED}\nimport megalint.cli.lt\nmegalint.cli.lt.run_audit = interrupt\n"
    write_tree(tmp_path, {"a.json": json.dumps(seeds.answers()[0])})

    done = megalint(tmp_path, "lt", "--from", "a.json", "--repo", ".", watched_by=prelude)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "megalint: interrupted\n")


@pytest.mark.parametrize("command", [*WRITING, TRACE], ids=" ".join)
def test_full_disk_while_writing(root: Path, command: tuple[str, ...]) -> None:
    before = contents(root)

    done = megalint(root, *command, watched_by=FULL)

    assert done.returncode == (3 if command == FIX else 2)
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(root) == before


@pytest.mark.parametrize("command", [("check",), ("trace",), ("check", "--diff", "--unsafe-fixes")])
def test_full_disk_behind_stdout(root: Path, command: tuple[str, ...]) -> None:

    with open("/dev/full", "w") as full:
        done = megalint(root, *command, stdout=full)

    assert done.returncode == 2
    assert "cannot write: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_device_is_written_as_it_comes(root: Path) -> None:

    full = megalint(root, "check", "--format", "json", "--output", "/dev/full")
    out = megalint(root, "check", "--format", "json", "--output", "/dev/stdout")

    assert (full.returncode, "No space left on device" in full.stderr) == (2, True)
    assert out.stdout.startswith("{")
    assert Path("/dev/full").is_char_device()


def test_reader_that_leaves(root: Path) -> None:
    text = "".join(f"{STEP}\n" for _ in range(2000))
    write_tree(root, {"many.py": text})
    command = f"{sys.executable} -P -m megalint check | head -1"

    done = subprocess.run(
        command, shell=True, cwd=root, capture_output=True, check=False, env=environment()
    )

    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_folder_that_may_not_be_written(root: Path) -> None:
    before = contents(root)
    root.chmod(stat.S_IRUSR | stat.S_IXUSR)

    for command in (FIX, ("baseline",), ("check", "--format", "json", "--output", "new")):
        done = megalint(root, *command)

        assert done.returncode in {2, 3}
        assert "Permission denied" in done.stderr
    root.chmod(0o700)
    assert contents(root) == before


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_several_runs_at_once(root: Path, command: tuple[str, ...]) -> None:
    before = set(contents(root))
    runs = [
        subprocess.Popen(
            [sys.executable, "-P", "-m", "megalint", *command],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        for _ in range(4)
    ]

    said = [(*run.communicate(timeout=120), run.returncode) for run in runs]

    assert all(code in {0, 1, 3} for *_, code in said), said
    assert all(b"Traceback" not in error for _, error, _ in said), said
    assert set(contents(root)) - before <= {"megalint-baseline.json"}
    ended(megalint(root, "check"))


@pytest.mark.parametrize("name", ["next.config.js", "package.json", "step.py"])
def test_file_that_vanishes_after_it_was_listed(root: Path, name: str) -> None:
    prelude = f"import os, megalint.cli.check as run\nlist_ = run.discover\ndef discover(root):\n    found = list_(root)\n    os.unlink({name!r})\n    return found\nrun.discover = discover\n"

    done = megalint(root, "check", watched_by=prelude)

    assert f"{name}: not read: No such file or directory" in ended(done)


def test_file_that_grows_or_becomes_a_folder_after_it_was_listed(root: Path) -> None:
    prelude = "import os, megalint.cli.check as run\nlist_ = run.discover\ndef discover(root):\n    found = list_(root)\n    os.unlink('step.py')\n    os.mkdir('step.py')\n    os.truncate('next.config.js', 50_000_000)\n    return found\nrun.discover = discover\n"

    done = megalint(root, "check", watched_by=prelude)

    assert "next.config.js: not read: larger than 20 MB" in ended(done)


def test_file_that_changes_before_it_is_fixed_is_left_alone(root: Path) -> None:
    prelude = "import megalint.fixes as fixes\nwrite = fixes.write\ndef late(root, changes):\n    open('step.py', 'a').write('# later')\n    return write(root, changes)\nfixes.write = late\n"

    done = megalint(root, *FIX, watched_by=prelude)

    assert done.returncode == 3
    assert "step.py: not fixed: it changed while megalint read it" in done.stderr
    assert (root / "step.py").read_text(encoding="utf-8") == f"{STEP}# later"
