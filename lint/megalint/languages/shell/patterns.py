"""The patterns of the shell: ``*``, ``?``, ``[...]``, as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from megalint.languages.backtracking import ends_soon

MAX_SUBJECT = 20_000


def pattern(parts: Iterable[tuple[str, bool]]) -> str:
    """Return the regular expression of a pattern: its texts, and whether each is quoted."""
    return "".join(re.escape(text) if is_quoted else _unquoted(text) for text, is_quoted in parts)


def _unquoted(text: str) -> str:
    found: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "*":
            if found[-1:] != [".*"]:
                found.append(".*")
        elif char == "?":
            found.append(".")
        elif char == "\\" and at < len(text):
            found.append(re.escape(text[at]))
            at += 1
        elif char == "[" and (end := _bracket(text, at)) is not None:
            found.append(_set(text[at:end]))
            at = end + 1
        else:
            found.append(re.escape(char))
    return "".join(found)


def _bracket(text: str, start: int) -> int | None:
    first = start + 1 if text[start : start + 1] in {"!", "^"} else start
    at = first + 1
    while at < len(text):
        if text.startswith("[:", at):
            at = text.find(":]", at) + 2
            if at < 2:  # noqa: PLR2004 - not found
                return None
            continue
        if text[at] == "]":
            return at
        at += 1
    return None


_CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "space": r"\s",
    "upper": "A-Z",
    "lower": "a-z",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
}


def _set(inner: str) -> str:
    mark = "^" if inner[:1] in {"!", "^"} else ""
    body = inner[1:] if mark else inner
    body = body.replace("\\", "\\\\")
    for name, characters in _CLASSES.items():
        body = body.replace(f"[:{name}:]", characters)
    return "[" + mark + re.sub(r"(?<!\\)\[", r"\\[", body) + "]"


@lru_cache(maxsize=512)
def compiled(expression: str) -> re.Pattern[str] | None:
    """Return the expression compiled; None for one that cannot be, or may run for ever."""
    try:
        return re.compile(expression, re.DOTALL) if ends_soon(expression, 1) else None
    except (re.error, OverflowError, RecursionError):
        return None


def bounded(expression: str, subject: str, *, is_anchored: bool = False) -> re.Pattern[str] | None:
    """Return the expression for a subject on which it ends soon; else None."""
    length = len(subject)
    if length > MAX_SUBJECT or not ends_soon(expression, length, is_anchored=is_anchored):
        return None
    return compiled(expression)


def matches(expression: str, subject: str) -> bool | None:
    """Whether the whole *subject* matches; None where that cannot be said."""
    found = bounded(expression, subject, is_anchored=True)
    return None if found is None else found.fullmatch(subject) is not None


def prefix_end(expression: str, subject: str, *, is_longest: bool) -> int | None:
    """Return the length of the prefix that matches, or None."""
    found = bounded(expression, subject)
    if found is None:
        return None
    lengths = range(len(subject), -1, -1) if is_longest else range(len(subject) + 1)
    return next((n for n in lengths if found.fullmatch(subject, 0, n)), None)


def suffix_start(expression: str, subject: str, *, is_longest: bool) -> int | None:
    """Return where the suffix that matches starts, or None."""
    found = bounded(expression, subject)
    if found is None:
        return None
    starts = range(len(subject) + 1) if is_longest else range(len(subject), -1, -1)
    return next((n for n in starts if found.fullmatch(subject, n)), None)
