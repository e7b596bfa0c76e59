"""The modules that a text names, found without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_STATIC: Final = r"""
    \s*(?P<type>type\b(?!\s*(?:,|from\b)))?
    (?:(?P<clause>[^'"`;()=]*?)\bfrom\s*)?(?P<static>"[^"\n]*"|'[^'\n]*')
"""
_CALL: Final = r"""
    \s*\(\s*(?:/\*.*?\*/\s*)*(?P<call>"[^"\n]*"|'[^'\n]*'|`[^`$\n]*`)
"""
# each starts with its word, which is found fifty times as fast as a choice of words
_SPECIFIERS: Final = tuple(
    re.compile(rf"{word}(?<=\b{word})(?:{ends})", re.VERBOSE | re.DOTALL)
    for word, ends in (
        ("import", f"{_STATIC}|{_CALL}"),
        ("export", f"{_STATIC}(?P<call>(?!))?"),
        ("require", f"{_CALL}(?P<static>(?!))?(?P<type>(?!))?(?P<clause>(?!))?"),
    )
)
_TYPE_NAMES: Final = re.compile(
    r"\s*\{(?:\s*type\s+(?!as\b)[\w$]+(?:\s+as\s+[\w$]+)?\s*(?:,|(?=\})))+\s*\}\s*"
)


def imported(text: str) -> tuple[str, ...]:
    """Return what *text* imports, re-exports or requires, each name once.

    Type-only imports are left out. Text inside strings and templates is not told apart from
    code: a name too many costs a look-up, a name too few would hide a module.
    """
    found: list[tuple[int, str]] = []
    for pattern in _SPECIFIERS:
        for match in _matches(pattern, text):
            name = match["static"] or match["call"]
            if not match["type"] and not _is_of_types(match["clause"]):
                found.append((match.start(), name[1:-1]))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches outside of comments; what starts in a comment may hide none behind it."""
    match = pattern.search(text)
    while match is not None:
        is_comment = _is_comment(text, match.start())
        if not is_comment:
            yield match
        match = pattern.search(text, match.start() + 1 if is_comment else match.end())


def _is_comment(text: str, place: int) -> bool:
    """Whether *place* is behind two slashes, or in a block comment that ends somewhere."""
    if _is_behind_slashes(text, place):
        return True
    start = text.rfind("/*", 0, place)
    while start >= 0 and _is_behind_slashes(text, start):
        start = text.rfind("/*", 0, start)
    return start >= 0 and text.find("*/", start + 2, place) < 0 <= text.find("*/", place)


def _is_behind_slashes(text: str, place: int) -> bool:
    return text.find("//", text.rfind("\n", 0, place) + 1, place) >= 0


def _is_of_types(clause: str | None) -> bool:
    """Whether every name of ``{ type A, type B }`` is one of a type."""
    return clause is not None and "type" in clause and _TYPE_NAMES.fullmatch(clause) is not None
