"""A rule or a linker that raises ends alone, and is told once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from megalint import Confidence, Finding, Location, Project, Rule, Severity, Source, Span
from megalint.check import Failure, check
from megalint.project.checkout import Checkout
from megalint.project.linked import Linker

FILE = Source(PurePosixPath("a.ts"), "abc")


class Good:
    """A fact."""


class Broken:
    """A fact that cannot be linked."""


class NeedsBroken:
    """A fact made of the broken one."""


class GoodRule(Rule[Good]):
    """Finds something."""

    id = "good-rule"
    severity = Severity.WARNING
    confidence = Confidence.HIGH

    def check(self, fact: Good, project: Project) -> Iterator[Finding]:
        yield self.finding(Location(FILE, Span(0, 1)), "found")


class RaisingRule(Rule[Good]):
    """Raises after its first finding."""

    id = "raising-rule"
    severity = Severity.WARNING
    confidence = Confidence.HIGH

    def check(self, fact: Good, project: Project) -> Iterator[Finding]:
        yield self.finding(Location(FILE, Span(1, 2)), "found")
        raise ValueError("broken")


class BrokenRule(Rule[Broken]):
    """Asks for what cannot be linked."""

    id = "broken-rule"
    severity = Severity.WARNING
    confidence = Confidence.HIGH

    def check(self, fact: Broken, project: Project) -> Iterator[Finding]:
        raise AssertionError("there is no fact")


class NeedsBrokenRule(Rule[NeedsBroken]):
    """Asks for what needs what cannot be linked."""

    id = "needs-broken-rule"
    severity = Severity.WARNING
    confidence = Confidence.HIGH

    def check(self, fact: NeedsBroken, project: Project) -> Iterator[Finding]:
        raise AssertionError("there is no fact")


@pytest.fixture
def project() -> Project:
    def good(project: Project) -> Iterator[object]:
        yield Good()

    def broken(project: Project) -> Iterator[object]:
        raise KeyError("gone")

    def needs_broken(project: Project) -> Iterator[object]:
        yield from (NeedsBroken() for _ in project.each(Broken))

    linkers = (
        Linker((Good,), good),
        Linker((Broken,), broken),
        Linker((NeedsBroken,), needs_broken),
    )
    return Project(Checkout([FILE]), linkers)


def test_rule_that_raises_ends_and_others_go_on(project: Project) -> None:
    found = list(check(project, [RaisingRule(), GoodRule()]))

    first, failure, last = found
    assert isinstance(first, Finding)
    assert isinstance(failure, Failure)
    assert (failure.subject, failure.message) == (
        "the rule raising-rule",
        "ValueError: broken",
    )
    assert "Traceback" in failure.detail
    assert isinstance(last, Finding)
    assert last.rule_id == "good-rule"


def test_facts_that_cannot_be_linked_are_one_failure(project: Project) -> None:
    found = list(check(project, [NeedsBrokenRule(), BrokenRule(), BrokenRule(), GoodRule()]))

    failures = [one for one in found if isinstance(one, Failure)]
    assert [(one.subject, one.message) for one in failures] == [
        ("linking Broken", "KeyError: 'gone'")
    ]
    assert [one.rule_id for one in found if isinstance(one, Finding)] == ["good-rule"]


def test_facts_that_are_given_go_before_those_of_linkers(project: Project) -> None:
    given = {Broken: [], Good: [Good(), Good()]}

    found = list(check(project, [BrokenRule(), GoodRule()], given))

    assert [one.rule_id for one in found if isinstance(one, Finding)] == ["good-rule"] * 2
    assert not any(isinstance(one, Failure) for one in found)
