"""What a call of ``megalint check`` asks for."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Request(NamedTuple):
    """The options, as they are given; :attr:`reports` are formats and where they go."""

    reports: tuple[tuple[str, Path | None], ...]
    paths: tuple[Path, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    severity: tuple[str, ...]
    fail_on: str | None
    exit_zero: bool
    lang: str
    sarif_category: str | None
    sarif_include_suppressed: bool
    statistics: bool
    show_config: bool
    fix: bool
    unsafe_fixes: bool
    diff: bool
    changed_since: str | None
    max_warnings: int | None
    no_ignores: bool
    baseline_path: Path | None
    no_baseline: bool
    cache_dir: Path | None
    no_cache: bool
    config_path: Path | None
    isolated: bool
    quiet: bool
    verbose: bool
    color: str

    @property
    def can_be_remembered(self) -> bool:
        """Whether the same request says the same of the same files, and changes none."""
        is_other = self.fix or self.diff or self.unsafe_fixes or self.show_config
        return not (self.no_cache or self.statistics or is_other or self.changed_since)
