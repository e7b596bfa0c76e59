"""What a repository asks of megalint: ``megalint.toml`` or ``[tool.megalint]``.

:data:`SETTINGS` is the one table of settings. A file is read into a :class:`Layer`, which holds its
values and its mistakes; :func:`load` and :func:`completed` make a :class:`Config` of the layers.
"""

from __future__ import annotations

from megalint.config.additions import with_ignored
from megalint.config.files import completed, find, is_root, load, relisted, rewritten
from megalint.config.mistakes import (
    IdleGlob,
    Mistake,
    UnknownRuleName,
    UnknownSetting,
    UnusableSetting,
)
from megalint.config.model import OFF, Config, Image, Regions, Scope, Service
from megalint.config.reading import Layer, read
from megalint.config.rule_names import mistakes_by_kind, unknown_rule_names
from megalint.config.settings import SETTINGS, STANDALONE
from megalint.names import ConfigError

__all__ = [
    "OFF",
    "SETTINGS",
    "STANDALONE",
    "Config",
    "ConfigError",
    "IdleGlob",
    "Image",
    "Layer",
    "Mistake",
    "Regions",
    "Scope",
    "Service",
    "UnknownRuleName",
    "UnknownSetting",
    "UnusableSetting",
    "completed",
    "find",
    "is_root",
    "load",
    "mistakes_by_kind",
    "read",
    "relisted",
    "rewritten",
    "unknown_rule_names",
    "with_ignored",
]
