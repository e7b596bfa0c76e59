"""Measure megalint beside other linters, and write the figures into the documents.

    python bench/run.py                       # three trees that bench/trees.py writes
    python bench/run.py --tree PATH ...       # checkouts of your own, printed only

CPU is user and system time of the whole process tree; programs are run in turn, round by round;
what counts is the ratio to ast-grep in the same rounds.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contenders import REFERENCE, installed, megalints, peers
from measure import Contender, Figures, paired
from page import bars, machine, table, with_figures

ROOT: Final = Path(__file__).parents[1]
TOOLS: Final = ROOT / ".oracle" / "bench"
PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "pictures" / "performance.svg"
SETTLED: Final = 3
"""In seconds: a file that is younger is looked at again, as it may have changed unseen."""
TREES: Final = {"small": (146, 1), "medium": (4000, 6), "large": (9500, 12)}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="eslint and semgrep, too: one round")
    given = parser.parse_args()
    missing = installed(TOOLS)
    for name, why in missing.items():
        print(f"{name} is absent: {why}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        trees = dict(_copies(given.tree, folder) if given.tree else _written(folder))
        found = {
            title: _measured(tree, folder / "cache", given.rounds, has_slow=given.slow)
            for title, tree in trees.items()
        }
    text = "\n".join(_section(title, one, missing) for title, one in found.items())
    print(text)
    if not given.tree:
        figures = f"On {machine()}; medians of {given.rounds} rounds.\n\n{text}"
        PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
        PICTURE.write_text(
            bars(found["medium"], "CPU seconds, medium tree (logarithmic)"), encoding="utf-8"
        )


def _written(folder: Path) -> Iterator[tuple[str, Path]]:
    for title, (files, apps) in TREES.items():
        tree = folder / title
        script = [sys.executable, str(ROOT / "bench" / "trees.py"), "--seed", "1"]
        sizes = ["--files", str(files), "--apps", str(apps)]
        subprocess.run([*script, *sizes, str(tree)], check=True, stdout=subprocess.DEVNULL)
        yield title, _committed(tree)


def _copies(trees: list[Path], folder: Path) -> Iterator[tuple[str, Path]]:
    """Copy what git lists of each tree: contenders change files."""
    for tree in trees:
        copy = folder / tree.resolve().name
        ignored = shutil.ignore_patterns(".git", "node_modules")
        shutil.copytree(tree, copy, symlinks=True, ignore=ignored)
        yield copy.name, _committed(copy)


def _committed(tree: Path) -> Path:
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "tree"]):
        subprocess.run(["git", *command], cwd=tree, check=True)
    return tree


def _measured(tree: Path, cache: Path, rounds: int, *, has_slow: bool) -> dict[str, Figures]:
    fast = [*megalints(cache), *_there(peers(TOOLS, has_slow=False))]
    # the first round of all fills caches: of megalint, of the interpreter, of the disk
    paired(fast, tree, 1)
    time.sleep(SETTLED)
    found = paired(fast, tree, rounds)
    if has_slow:
        names = set(found)
        slow = [one for one in _there(peers(TOOLS, has_slow=True)) if one.name not in names]
        found |= paired(slow, tree, 1)
    return found


def _there(contenders: Iterator[Contender]) -> Iterator[Contender]:
    return (one for one in contenders if shutil.which(one.command[0]))


def _section(title: str, found: dict[str, Figures], missing: dict[str, str]) -> str:
    return f"### {title}\n\n{table(found, REFERENCE, missing)}"


if __name__ == "__main__":
    main()
