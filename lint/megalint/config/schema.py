"""The settings as JSON Schema, for editors and for those who check a file without megalint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from megalint.config.settings import ANY, LEVELS, TABLES, Setting, names_below, setting_at

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""The newest one that editors for TOML know."""
OWN_TITLE: Final = "megalint.toml"
SHARED_TITLE: Final = "pyproject.toml with [tool.megalint]"


def schema(rules: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of ``megalint.toml``; *rules* are ids and families with what they are."""
    found = _table(())
    found["properties"]["rules"] |= {
        "propertyNames": {"$ref": "#/definitions/rule"},
        "properties": {
            name: {"enum": list(LEVELS), "description": words} for name, words in rules.items()
        },
    }
    return {
        "$schema": DIALECT,
        "title": OWN_TITLE,
        **found,
        "definitions": {
            "rule": {
                "description": "The id of a rule, a family, or a glob over both.",
                "anyOf": [{"enum": list(rules)}, {"type": "string", "pattern": r"[*?\[]"}],
            }
        },
    }


def in_pyproject(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a pyproject.toml whose ``[tool.megalint]`` is as *own* says.

    It holds *own* as a whole: Taplo follows no reference to another file.
    """
    shared = ("$schema", "title", "definitions")
    table = {key: value for key, value in own.items() if key not in shared}
    tool = {"type": "object", "properties": {"megalint": table}}
    kept = {key: own[key] for key in shared}
    return {**kept, "title": SHARED_TITLE, "type": "object", "properties": {"tool": tool}}


def _table(keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of the table at *keys*, in which nothing else may stand."""
    about = {"description": TABLES[keys[0]]} if len(keys) == 1 else {}
    inner = {name: _entry((*keys, name)) for name in names_below(keys)}
    chosen = inner.pop(ANY, False)
    properties = {"properties": inner} if inner else {}
    return {"type": "object", **about, **properties, "additionalProperties": chosen}


def _entry(keys: tuple[str, ...]) -> dict[str, Any]:
    setting = setting_at(keys)
    return _table(keys) if setting is None else _setting(setting)


def _setting(setting: Setting) -> dict[str, Any]:
    default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return {
        **setting.kind.schema(),
        "description": setting.meaning,
        **({} if default is None else {"default": default}),
        "examples": [setting.example],
    }
