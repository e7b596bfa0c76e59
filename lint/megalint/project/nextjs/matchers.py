"""Matchers of middleware, compiled as Next compiles them (facts: middleware matchers)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.path_to_regexp import PatternError, compile_path, python_pattern
from megalint.source import Location

EVERYWHERE: Final = "^/.*$"
_DATA: Final = "/:nextData(_next/data/[^/]{1,})?"
_LOCALE: Final = "/:nextInternalLocale((?!_next/)[^/.]{1,})"
_SUFFIX: Final = "{(\\.json|\\.rsc|\\.segments/.+\\.segment\\.rsc)}?"
_ROOT: Final = "/?index|/?index\\.json"
_ROOT_DATA: Final = "|/?index(?:\\.rsc|\\.segments/.+\\.segment\\.rsc)"
DECODES_SINCE: Final = 15


@dataclass(frozen=True, slots=True)
class Matcher:
    """One matcher. :attr:`regexp` is what Next compiles; ``None`` where it refuses to.

    :attr:`is_conditional`: it has ``has`` or ``missing``, so that not every request counts.
    """

    source: str
    regexp: str | None
    location: Location
    is_conditional: bool = False

    def matches(self, path: str, major: int) -> bool:
        """Whether a request for *path* can meet it."""
        pattern = None if self.regexp is None else python_pattern(self.regexp)
        if pattern is None:
            return False
        if major < DECODES_SINCE:
            return pattern.search(path) is not None and not path.startswith("/_next/image")
        return any(pattern.search(one) is not None for one in (path, unquote(path)))


def compiled(source: str, config: AppConfig, *, has_locale: bool = True) -> str | None:
    """Return the regular expression for a matcher, or None when Next refuses it."""
    is_old = config.app.major < DECODES_SINCE
    is_root = source == "/"
    with_locale = bool(config.locales) and has_locale
    path = source
    if with_locale:
        path = _LOCALE + ("" if is_root else source)
    if is_root:
        first = "|\\.json|" if with_locale else ""
        suffix = f"({first}{_ROOT}{'' if is_old else _ROOT_DATA})?"
    else:
        suffix = "(.json)?" if is_old else _SUFFIX
    try:
        written = f"{config.base_path}{_DATA}{path}{suffix}"
        return compile_path(written, is_guarded=not is_old)
    except PatternError:
        return None
