"""Which reads a bundler replaces by the value of the build (facts: forms of access)."""

from __future__ import annotations

from typing import Final

from megalint.project.apps import App, Bundler
from megalint.values import Form, Read

_ALWAYS: Final = frozenset({Form.MEMBER, Form.STRING, Form.ALIAS, Form.OPTIONAL})
_TURBOPACK: Final = _ALWAYS | {
    Form.TEMPLATE,
    Form.CONSTANT,
    Form.JOINED,
    Form.ENV_OF_PROCESS,
    Form.IMPORTED_ENV,
}
_WEBPACK: Final = _ALWAYS | {Form.OPTIONAL_PROCESS}
TEMPLATE_KEPT_SINCE: Final = 16
"""webpack of 14 and 15 replaces ``process.env[`X`]`` in the browser's bundle alone."""


def is_public(name: str, env_keys: frozenset[str]) -> bool:
    """Whether reads of *name* are replaced: by prefix, or by the ``env`` key of the config."""
    return name.startswith("NEXT_PUBLIC_") or name in env_keys


def is_inlined(app: App, read: Read, env_keys: frozenset[str], *, in_browser: bool = False) -> bool:
    """Whether the bundler of *app* replaces *read*."""
    if not is_public(read.name, env_keys):
        return False
    if app.bundler is Bundler.TURBOPACK:
        lost = in_browser and app.major < TEMPLATE_KEPT_SINCE and read.form is Form.OPTIONAL
        return read.form in _TURBOPACK and not lost
    kept = in_browser and app.major < TEMPLATE_KEPT_SINCE and read.form is Form.TEMPLATE
    return read.form in _WEBPACK or kept
