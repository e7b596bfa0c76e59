"""The pipeline, top to bottom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from megalint.check import check
from megalint.project import link
from megalint.rule import Rule
from megalint.source import Source
from megalint.suppress import Findings, suppress


def lint(sources: Iterable[Source], rules: Iterable[Rule[Any]]) -> Findings:
    """Lint *sources*, which need not be on disk."""
    return suppress(check(link(sources), rules))
