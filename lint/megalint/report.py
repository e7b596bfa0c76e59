"""What one run found, and what it could not look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from megalint.baseline import Accepted, Entry
from megalint.config import Config
from megalint.finding import Confidence, Finding, Severity
from megalint.ignores import Ignore
from megalint.rule import Rule
from megalint.source import Source


class Problem(Struct, frozen=True):
    """Something megalint could not read or do. :attr:`detail` is for people who debug megalint.

    :attr:`is_unanswered`: AWS did not answer a question, so nothing can be said of it.
    """

    path: str
    message: str
    line: int | None = None
    detail: str = ""
    is_internal: bool = False
    is_unanswered: bool = False

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class Check(Struct, frozen=True):
    """What findings may be of that no rule makes: one check of a command. :attr:`why` is prose."""

    id: str
    family: str
    severity: Severity
    summary: str
    why: str
    confidence: Confidence = Confidence.HIGH

    def page(self) -> str:
        """Return its documentation, as a rule has one."""
        return f"{self.summary}\n\n## Why is this bad?\n\n{self.why}"


class Report(Struct, frozen=True):
    """The result of a run; every output format is a function of it."""

    root: Path
    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    """What comments ask to ignore."""
    problems: tuple[Problem, ...]
    rules: tuple[Rule[Any], ...]
    files: int
    apps: int
    sources: tuple[Source, ...] = ()
    """The files that were read."""
    fail_on: str = "warning"
    """The least severity that fails: error, warning or note; never: none does."""
    seconds: tuple[tuple[str, float], ...] = ()
    """Wall time of each pass, for ``--statistics``."""
    parts: tuple[tuple[str, float], ...] = ()
    """Wall time of what the passes consist of: linkers and rules, the longest first."""
    counts: tuple[tuple[str, int], ...] = ()
    """How much was done, by name: the same on every machine."""
    ignores: tuple[Ignore, ...] = ()
    """The comments that ask to ignore something, in path order."""
    subject: tuple[str, ...] = ()
    """What was looked at, in words; empty: so many apps and files."""

    baselined: tuple[Accepted, ...] = ()
    """What the baseline holds."""
    untouched: tuple[Finding, ...] = ()
    """What was there before the change that the run is about."""
    gone: tuple[Entry, ...] = ()
    """What the baseline holds of findings that are mended."""
    config: Config = Config()
    """The settings that held."""
    checks: tuple[Check, ...] = ()
    """What else than rules made findings."""

    language: str = "en"
    """What the messages are in."""

    def count(self, severity: Severity) -> int:
        """Return how many findings there are of one severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def is_failing(self, finding: Finding) -> bool:
        """Whether a finding is at least as severe as :attr:`fail_on`."""
        return self.fail_on != "never" and finding.severity >= Severity[self.fail_on.upper()]

    @property
    def fails(self) -> bool:
        """Whether a finding fails the run."""
        return any(map(self.is_failing, self.findings))

    @property
    def has_failed(self) -> bool:
        """Whether megalint itself failed on something, or AWS did not answer."""
        return any(problem.is_internal or problem.is_unanswered for problem in self.problems)
