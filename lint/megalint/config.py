"""What a repository asks of megalint: ``megalint.toml`` or ``[tool.megalint]``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regions:
    """Where the image is built, and where it must also run."""

    primary: str | None = None
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run; the defaults hold where nothing is written."""

    regions: Regions = Regions()
