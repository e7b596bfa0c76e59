"""Which scripts bash refuses, and what it prints: ``bash`` itself and the model."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from megalint.languages.shell.host import Call
from megalint.languages.shell.interpreter import Interpreter
from megalint.languages.shell.parse import parse
from megalint.languages.shell.state import File, Machine, Shell, Status
from megalint.source import Location
from megalint.text import Text, joined

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(BASH is None, reason="bash is not installed")
FOLDER = Path(__file__).parent
PRINTING = (FOLDER / "printing.txt").read_text(encoding="utf-8").split("\n----\n")
REFUSED = (FOLDER / "syntax.txt").read_text(encoding="utf-8").split("\n----\n")


class Nowhere:
    """A machine without a command of its own."""

    def run(self, call: Call, shell: Interpreter) -> Status:
        return Status.UNKNOWN

    def home(self, user: str) -> str | None:
        return "/root" if user in {"", "root"} else None

    def image_file(self, path: str) -> File | None:
        return None

    def has_folder(self, path: str) -> bool:
        return True

    def ghost(self, location: Location | None, why: str) -> AbstractContextManager[None]:
        return nullcontext()

    def refused(self, message: str, location: Location | None) -> None:
        return


def printed(script: str, folder: Path) -> str:
    interpreter = Interpreter(Nowhere(), Shell("root", Text.literal(str(folder))), Machine())
    sink: list[Text] = []
    interpreter.sink = sink
    interpreter.run_child(interpreter.shell, Text.literal(script))
    return joined(sink).flat


@pytest.mark.parametrize("script", PRINTING)
def test_what_a_script_prints(script: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash"], input=script, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, capture_output=True,
        text=True, check=False, timeout=20,
    )  # fmt: skip
    assert printed(script, tmp_path) == done.stdout


@pytest.mark.parametrize("script", [*REFUSED, *PRINTING])
def test_what_bash_refuses(script: str) -> None:
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (parse(Text.literal(script)).problem is not None) == (done.returncode != 0), done.stderr
