"""A static analyzer for self-hosted Next.js; this module is what rule authors import."""

from __future__ import annotations

from megalint.finding import Confidence, Data, Edit, Finding, Fix, Safety, Severity
from megalint.project import Project
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
