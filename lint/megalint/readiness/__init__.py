"""Whether a failover would work today: a checklist, each item looked at or said not to be."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from megalint.finding import Finding, Severity
from megalint.project.linked import Project
from megalint.report import Problem


class Outcome(Enum):
    """What came of an item."""

    PASS = "pass"
    FAIL = "fail"
    NOT_CHECKED = "not checked"


class Stage(Enum):
    """The parts of the checklist, in the order in which a failover needs them."""

    PRIMARY = "The primary region"
    DETECTION = "Detection: health checks and alarms"
    FORWARDING = "Forwarding: from the alarm to the recovery region"
    PIPELINE = "The state machine and its approvals"
    STANDBY = "What takes over"
    DATA = "Data"
    DNS = "DNS"
    BY_HAND = "By hand"


class Item(Struct, frozen=True):
    """One line of the checklist.

    :attr:`id` names the kind of check, :attr:`subject` what was looked at; empty: that there is
    any. :attr:`words` say what is so, or why it was not looked at; :attr:`command` mends it, or
    looks. :attr:`finding` is what the rule found that the item is called as.
    """

    stage: Stage
    id: str
    subject: str
    outcome: Outcome
    words: str
    command: str = ""
    severity: Severity = Severity.ERROR
    finding: Finding | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it can be selected by: its id, its stage, the family of its rule."""
        family = "dr" if self.finding is None else self.finding.family
        return self.id, f"{family}/{self.id}", family, self.stage.name.lower()


class Checklist(Struct, frozen=True):
    """All items of one account; :attr:`project` is the checkout and what the account holds."""

    account: str
    primary: str
    recovery: str
    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()
    language: str = "en"
    project: Project | None = None

    @property
    def counts(self) -> Counter[Outcome]:
        """How many items came out how."""
        return Counter(one.outcome for one in self.items)

    def failing(self, fail_on: str) -> tuple[Item, ...]:
        """Return what fails and is at least as bad as *fail_on*: error, warning, note or never."""
        if fail_on == "never":
            return ()
        least = Severity[fail_on.upper()]
        failed = (one for one in self.items if one.outcome is Outcome.FAIL)
        return tuple(one for one in failed if one.severity >= least)


class Told(Struct, frozen=True):
    """Makes the items of one stage."""

    stage: Stage

    def good(self, id: str, subject: str, words: str) -> Item:
        """Return an item that is as it has to be."""
        return Item(self.stage, id, subject, Outcome.PASS, words)

    def bad(
        self,
        id: str,
        subject: str,
        words: str,
        command: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Item:
        """Return an item that has to be mended, and the command that does."""
        return Item(self.stage, id, subject, Outcome.FAIL, words, command, severity)

    def found(self, finding: Finding, subject: str, command: str) -> Item:
        """Return a finding of a rule as an item that is called as it."""
        item = self.bad(finding.rule_id, subject, finding.message, command, finding.severity)
        return replace(item, finding=finding)

    def unchecked(self, id: str, subject: str, words: str, command: str = "") -> Item:
        """Return an item that nobody looked at, and how to look."""
        return Item(self.stage, id, subject, Outcome.NOT_CHECKED, words, command)
