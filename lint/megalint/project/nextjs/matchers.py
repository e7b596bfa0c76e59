"""Matchers of middleware, compiled as Next compiles them (facts: middleware matchers)."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

from megalint.languages.javascript.regexp import Regexp, RegexpError, UnsupportedError
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.path_to_regexp import PatternError, compile_path
from megalint.source import Location

EVERYWHERE: Final = "^/.*$"
_DATA: Final = "/:nextData(_next/data/[^/]{1,})?"
_LOCALE: Final = "/:nextInternalLocale((?!_next/)[^/.]{1,})"
_SUFFIX: Final = "{(\\.json|\\.rsc|\\.segments/.+\\.segment\\.rsc)}?"
_ROOT: Final = "/?index|/?index\\.json"
_ROOT_DATA: Final = "|/?index(?:\\.rsc|\\.segments/.+\\.segment\\.rsc)"
DECODES_SINCE: Final = 15
_PLAIN: Final = "/%!$&'()*+,;=:@-._~[]|\\^"
"""What a browser leaves as it is in a path."""


class Matcher(Struct, frozen=True):
    """One matcher. :attr:`regexp` is what Next compiles; ``None`` where it refuses to.

    :attr:`is_conditional`: it has ``has`` or ``missing``, so that not every request counts.
    """

    source: str
    regexp: str | None
    location: Location
    is_conditional: bool = False

    def matches(self, path: str, config: AppConfig) -> bool:
        """Whether a request for *path*, a path of the app without its basePath, can meet it."""
        pattern = None if self.regexp is None else _pattern(self.regexp)
        if pattern is None:
            return False
        asked = requested(path, config)
        if config.app.major < DECODES_SINCE:
            return pattern.test(asked) and not asked.startswith("/_next/image")
        return any(pattern.test(one) for one in {asked, unquote(asked)})


def requested(path: str, config: AppConfig) -> str:
    """Return the path that the middleware gets: encoded, below the basePath, slashes settled.

    Next redirects to the form of a path with or without a slash at its end before it asks the
    middleware.
    """
    bare = quote(path, safe=_PLAIN).rstrip("/")
    is_slashed = config.is_trailing_slash and not _is_file(bare)
    return f"{config.base_path}{bare}{'/' if is_slashed else ''}" or "/"


def _is_file(path: str) -> bool:
    """Whether ``trailingSlash`` leaves *path* alone."""
    return "." in path.rpartition("/")[2] or path.startswith(("/_next/", "/.well-known/"))


@cache
def _pattern(regexp: str) -> Regexp | None:
    try:
        return Regexp(regexp)
    except RegexpError:
        return None


def compiled(source: str, config: AppConfig, *, has_locale: bool = True) -> str | None:
    """Return the regular expression for a matcher, or None when Next refuses it."""
    is_old = config.app.major < DECODES_SINCE
    is_root = source == "/"
    with_locale = bool(config.locales) and has_locale
    path = source
    if with_locale:
        path = _LOCALE + ("" if is_root else source)
    if is_root:
        first = "|\\.json|" if config.locales else ""
        suffix = f"({first}{_ROOT}{'' if is_old else _ROOT_DATA})?"
    else:
        suffix = "(.json)?" if is_old else _SUFFIX
    try:
        whole = f"{config.base_path}{_DATA}{path}{suffix}"
        regexp = compile_path(whole, is_careful=not is_old)
    except PatternError:
        return None
    return None if _is_refused(regexp) else regexp


def _is_refused(regexp: str) -> bool:
    """Whether no browser would take *regexp*; Next tries."""
    try:
        Regexp(regexp)
    except UnsupportedError:
        return False
    except RegexpError:
        return True
    return False
