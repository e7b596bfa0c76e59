"""Hand-written launch scripts, one for each thing that was measured about launches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

_HEAD = re.compile(r"^=== (?P<name>\w+)(?: (?P<family>\w+))?\n", re.MULTILINE)


class Case(Struct, frozen=True, dict=True):
    """A script and the family of the machine that it runs on."""

    name: str
    family: str
    script: str


def cases() -> Iterator[Case]:
    """Yield the scripts of the corpus."""
    text = (Path(__file__).parent / "corpus.txt").read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : len(text) if following is None else following.start()]
        family = head["family"] or "amazon"
        script = f"#!/bin/bash\n# node is in ~/.nvm\n{body}"
        yield Case(f"{head['name']}-{family}", family, script)
