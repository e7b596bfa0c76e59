"""The modules that a text names, found without a parser."""

from __future__ import annotations

import re
from typing import Final

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


def imported(text: str) -> tuple[str, ...]:
    """Return what *text* imports, re-exports or requires, each name once.

    Type-only imports are left out. Text inside strings and templates is not told apart from
    code: a name too many costs a look-up, a name too few would hide a module.
    """
    found: dict[str, None] = {}
    for match in _SPECIFIER.finditer(text):
        name = match["static"] or match["call"]
        if name and not match["type"] and not _is_of_types(match["clause"]):
            found[name[1:-1]] = None
    return tuple(found)


def _is_of_types(clause: str | None) -> bool:
    """Whether every name of ``{ type A, type B }`` is one of a type."""
    return clause is not None and "type" in clause and _TYPE_NAMES.fullmatch(clause) is not None
