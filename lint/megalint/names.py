"""Names that are promises: known before anything else is imported."""

from typing import Final

FAIL_ON: Final = ("error", "warning", "note", "never")
"""The least severity that fails a run."""
OWN_FILE: Final = "megalint.toml"
SHARED_FILE: Final = "pyproject.toml"
"""Holds the configuration in a table, ``[tool.megalint]``."""
BASELINE: Final = "megalint-baseline.json"


class ConfigError(Exception):
    """The configuration cannot be read; the message says where and why."""
