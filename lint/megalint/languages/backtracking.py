"""Whether a regular expression that a checkout holds ends soon: Python's engine tries every way."""

from __future__ import annotations

import re
from typing import Final

MAX_EXPRESSION: Final = 2_000
MAX_WORK: Final = 100_000_000
"""In steps, a hundred million of which take some seconds."""
_ENDLESS: Final = "\0"
_ATOM: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_GROUP: Final = re.compile(
    r"\((?:\?(?:P?<\w+>|<?[=!]|[aiLmsux-]*:|[aiLmsux-]+|P=\w+|>))?([^()]*)\)([*+{]?)"
)
_OPEN: Final = re.compile(r"[*+]|\{\d*,")
_OPTIONAL: Final = re.compile(r"(?<![*+?}])\?")


def ends_soon(expression: str, length: int, *, is_anchored: bool = False) -> bool:
    """Whether a search in a text of *length* ends within :data:`MAX_WORK` steps.

    In the worst case each open repetition, and each start of a search that is not anchored, takes
    as many steps as the text is long, for each step of the others. A group that is repeated and
    can match in several ways is refused whatever the text is.
    """
    if len(expression) > MAX_EXPRESSION:
        return False
    flat, count = _ATOM.sub("x", expression), 1
    while count:
        flat, count = _GROUP.subn(_unwrapped, flat)
    if _ENDLESS in flat:
        return False
    power = len(_OPEN.findall(flat)) + (not is_anchored)
    ways = len(_OPTIONAL.findall(flat)) + flat.count("|")
    return power + ways < MAX_WORK.bit_length() and (length + 2) ** power << ways <= MAX_WORK


def _unwrapped(group: re.Match[str]) -> str:
    """Return what stands for a group without groups in it: its own content."""
    content, repeated = group[1], group[2]
    is_flexible = _OPEN.search(content) or _OPTIONAL.search(content) or "|" in content
    return _ENDLESS if repeated and is_flexible else f"{content}{repeated}"
