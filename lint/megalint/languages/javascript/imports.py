"""The modules that a text names, found without a parser."""

from __future__ import annotations

import re
from typing import Final

from megalint.source import Source, Span

_SPECIFIER: Final = re.compile(
    r"""
    //[^\n]*
    | /\*.*?\*/
    | \b(?:import|export)\s*(?P<type>type\b(?!\s*(?:,|from\b)))?
        (?:(?P<clause>[^'"`;()=]*?)\bfrom\s*)?(?P<static>(?:"[^"\n]*"|'[^'\n]*'))
    | \b(?:require|import)\s*\(\s*(?:/\*.*?\*/\s*)*(?P<call>"[^"\n]*"|'[^'\n]*'|`[^`$\n]*`)
    """,
    re.VERBOSE | re.DOTALL,
)


_TYPE_NAMES: Final = re.compile(
    r"\s*\{(?:\s*type\s+(?!as\b)[\w$]+(?:\s+as\s+[\w$]+)?\s*(?:,|(?=\})))+\s*\}\s*"
)


def import_specifiers(source: Source) -> tuple[tuple[str, Span], ...]:
    """Return what *source* imports, re-exports or requires, with the place of each name.

    Type-only imports are left out. Text inside strings and templates is not told apart from
    code: a name too many costs a look-up, a name too few would hide a module.
    """
    found = []
    for match in _SPECIFIER.finditer(source.text):
        group = "static" if match["static"] else "call"
        if match[group] and not match["type"] and not _is_of_types(match["clause"]):
            start, end = match.span(group)
            found.append((match[group][1:-1], Span(start + 1, end - 1)))
    return tuple(found)


def _is_of_types(clause: str | None) -> bool:
    """Whether every name of ``{ type A, type B }`` is one of a type."""
    return clause is not None and "type" in clause and _TYPE_NAMES.fullmatch(clause) is not None
