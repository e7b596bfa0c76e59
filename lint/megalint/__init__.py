"""A static analyzer for self-hosted Next.js; this module is what rule authors import."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from megalint.finding import Confidence, Data, Edit, Finding, Fix, Safety, Severity
    from megalint.project.linked import Project
    from megalint.rule import Rule
    from megalint.source import Location, Source, Span
    from megalint.wording import listed, verb

__all__ = [
    "Confidence",
    "Data",
    "Edit",
    "Finding",
    "Fix",
    "Location",
    "Project",
    "Rule",
    "Safety",
    "Severity",
    "Source",
    "Span",
    "listed",
    "verb",
]

_HOMES = ("finding", "source", "wording", "rule", "project.linked")


def __getattr__(name: str) -> object:
    """Import what is asked for: the command starts without any of it."""
    if name in __all__:
        for home in _HOMES:
            found = vars(import_module(f"megalint.{home}")).get(name)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module 'megalint' has no attribute {name!r}")
