"""Expectations written into fixtures: a comment on the line of a finding, or on the line above."""

from __future__ import annotations

import re
from collections.abc import Mapping

from megalint.formats.aws_answers import Inventory, saved

MARK = re.compile(r"(?://|#|\{/\*|/\*) finding(?P<below> below)?\b")


def marked_lines(texts: Mapping[str, str]) -> set[tuple[str, int]]:
    """Return path and 1-based line of each expected finding in *texts*.

    A file that can hold no comment is listed, as ``path:line``, in a file ``findings.txt``.
    """
    wanted: set[tuple[str, int]] = set()
    for path, text in texts.items():
        lines = text.split("\n")
        if path.rpartition("/")[2] == "findings.txt":
            listed = (line.rpartition(":") for line in lines if line.strip())
            wanted.update((name, int(number)) for name, _, number in listed)
            continue
        for number, line in enumerate(lines, 1):
            match = MARK.search(line)
            if match is not None:
                wanted.add((path, number + (1 if match["below"] else 0)))
    return wanted


def accounts(answers: Mapping[str, str]) -> tuple[Inventory, ...]:
    """Return what saved answers of the aws CLI say; they are of Tokyo where they do not tell."""
    return saved(answers.items(), "ap-northeast-1")
