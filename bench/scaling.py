"""Measure how the cost of megalint grows: with files, with apps, with launch templates.

python bench/scaling.py [--most 80000]
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from measure import Contender, Figures, paired, slope
from page import growth

TREES: Final = Path(__file__).parent / "trees.py"
FILES: Final = (1_000, 5_000, 20_000, 80_000)
APPS: Final = (1, 10, 50, 200)
FILES_OF_APP: Final = 60
TEMPLATES: Final = (10, 100, 1_000, 5_000)
VERSIONS: Final = 4
SCRIPT: Final = (
    "#!/bin/bash\nexport API_URL=http://api-{}.internal\nsudo -E pm2 start npm -- start\n"
)


def main() -> None:
    """Measure, and print three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=FILES[-1], help="the largest tree")
    most: int = parser.parse_args().most
    check = (sys.executable, "-m", "megalint", "check", "--no-cache", "--exit-zero")
    lt = (sys.executable, "-m", "megalint", "lt", "--exit-zero", "--from", "saved.json")
    files = [size for size in FILES if size <= most]
    apps = [size for size in APPS if size * FILES_OF_APP <= most]
    print(
        "files\n", _grown(files, check, lambda size, tree: _tree(size, 6, tree), "files"), sep="\n"
    )
    print(
        "apps\n",
        _grown(apps, check, lambda size, tree: _tree(size * FILES_OF_APP, size, tree), "apps"),
        sep="\n",
    )
    print("templates\n", _grown(list(TEMPLATES), lt, _saved, "templates"), sep="\n")


def _grown(
    sizes: list[int], command: tuple[str, ...], write: Callable[[int, Path], None], unit: str
) -> str:
    rows: list[tuple[str, Figures]] = []
    points: list[tuple[float, float]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="scaling-") as name:
            tree = Path(name, "tree")
            write(size, tree)
            found = paired([Contender("megalint", command)], tree, 1)["megalint"]
        rows.append((f"{size:,}", found))
        points.append((size, found.cpu))
    return growth(rows, slope(points), unit)


def _tree(files: int, apps: int, tree: Path) -> None:
    sizes = ["--files", str(files), "--apps", str(apps), "--seed", "1"]
    command = [sys.executable, str(TREES), *sizes, str(tree)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tree, check=True)


def _saved(count: int, tree: Path) -> None:
    """Write what an account with *count* templates answers."""
    tree.mkdir()
    versions = [one for number in range(count) for one in _versions(number)]
    answer = {"LaunchTemplateVersions": versions}
    (tree / "saved.json").write_text(json.dumps(answer), encoding="utf-8")


def _versions(number: int) -> Iterator[dict[str, Any]]:
    for version in range(1, VERSIONS + 1):
        script = SCRIPT.format(f"{number}-{version}").encode()
        yield {
            "LaunchTemplateId": f"lt-{number:017x}",
            "LaunchTemplateName": f"web-{number}",
            "VersionNumber": version,
            "CreateTime": f"2026-01-{version:02}T00:00:00+00:00",
            "DefaultVersion": version == 1,
            "LaunchTemplateData": {
                "ImageId": "ami-0123456789abcdef0",
                "UserData": base64.b64encode(script).decode(),
            },
        }


if __name__ == "__main__":
    main()
