"""The interface every rule implements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from inspect import cleandoc
from typing import ClassVar, Generic, TypeVar, cast, get_args

from megalint.finding import Confidence, Data, Finding, Fix, Severity
from megalint.project.linked import Project
from megalint.source import Location

Fact = TypeVar("Fact")


class Rule(ABC, Generic[Fact]):
    """One check: it is shown every fact of the type in its brackets.

    The class docstring is the rule's page: summary line, why, example, and what
    to write instead. Its examples run as tests. The family is the folder of the rule's module.
    """

    id: ClassVar[str]
    severity: ClassVar[Severity]
    confidence: ClassVar[Confidence]
    since: ClassVar[str]
    fact: ClassVar[type[object]]
    family: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        (base,) = cast(tuple[object, ...], getattr(cls, "__orig_bases__", ()))
        (cls.fact,) = get_args(base)
        cls.family = cls.__module__.split(".")[-2] if "." in cls.__module__ else ""

    @abstractmethod
    def check(self, fact: Fact, project: Project) -> Iterator[Finding]:
        """Yield a finding for each problem with *fact*."""

    @classmethod
    def page(cls) -> str:
        """Return the rule's documentation."""
        return cleandoc(cls.__doc__ or "")

    def finding(
        self,
        location: Location,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        related: tuple[Location, ...] = (),
        flow: tuple[Location, ...] = (),
        notes: tuple[str, ...] = (),
        data: Data = Data(),
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding that carries this rule's identity; levels default to the rule's own."""
        return Finding(
            self.id,
            self.family,
            self.severity if severity is None else severity,
            self.confidence if confidence is None else confidence,
            message,
            location,
            related,
            flow,
            notes,
            data,
            fix,
        )
