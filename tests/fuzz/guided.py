"""The same as ``test_fuzz``, guided by coverage: where atheris is installed, which is no dependency.

    python tests/fuzz/guided.py SEEDS -max_total_time=600

Writes the files of the fixtures into the folder SEEDS first. A text that breaks something is left in
a file ``crash-*``: its first character says which path it had.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1])]
with atheris.instrument_imports(include=["megalint"]):
    from fuzz.test_fuzz import CORPUS, look_at
    from megalint.run import RECURSION_LIMIT
    from megalint.source import Source

FIRST = 0x100
"""The character that stands for the first path; those below stand for it, too."""


def look(data: bytes) -> None:
    """Look at one text; its first character is the number of its path."""
    text = data.decode("utf-8", "replace")
    number = max(ord(text[0]) - FIRST, 0) if text else 0
    look_at(Source(CORPUS[number % len(CORPUS)][0], text[1:]))


def main() -> None:
    """Write the seeds and look until the time is up."""
    seeds = Path(sys.argv[1])
    seeds.mkdir(parents=True, exist_ok=True)
    for number, (_, text) in enumerate(CORPUS):
        (seeds / f"seed-{number}").write_text(f"{chr(FIRST + number)}{text}", encoding="utf-8")
    atheris.Setup(sys.argv, look)
    sys.setrecursionlimit(RECURSION_LIMIT)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
