"""How deep Python nests, told before it is parsed: libcst's parser overflows the stack for good."""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH: Final = 2_000_000
MAX_LINES: Final = 50_000
"""libcst takes some 6 kB for each."""
MAX_BRACKETS: Final = 90
MAX_CHAIN: Final = 1_000
"""Tokens without a comma between them: each may be an operand of the one before."""
MAX_BRANCHES: Final = 300
_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''(?:\\.|[^\\])*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|#[^\n]*|\\\n|\n|\w+|[^\s\w]",
    re.DOTALL,
)
_IN_BRACES: Final = re.compile(r"\{([^{}]*)")


def is_shallow(text: str) -> bool:
    """Whether *text* is parsed without danger: no longer and no deeper than people write."""
    if len(text) > MAX_LENGTH or text.count("\n") > MAX_LINES:
        return False
    if text.count("elif ") > MAX_BRANCHES:
        return False
    chains = [0]
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "([{":
            chains.append(0)
        elif token in ")]}" and len(chains) > 1:
            chains.pop()
        elif token == "," or (token == "\n" and len(chains) == 1):
            chains[-1] = 0
        chains[-1] += _weight(token)
        if len(chains) > MAX_BRACKETS or chains[-1] > MAX_CHAIN:
            return False
    return True


def _weight(token: str) -> int:
    """Return how deep a token may nest: a text with ``{`` may be one with expressions in it."""
    if token[0] in "\"'" and "{" in token:
        return max(len(found) for found in _IN_BRACES.findall(token)) // 2
    return int(not token.isspace() and token[0] != "#")
