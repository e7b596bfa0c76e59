"""What a rehearsal found to be wrong, as findings: each value where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from megalint.config.rule_names import is_named, level_of
from megalint.finding import Confidence, Data, Finding, Severity
from megalint.rehearsal import Entry, Origin, Process, Rehearsal, Verdict
from megalint.rehearsal.wording import Words
from megalint.report import Check, Report

FAMILY: Final = "rehearse"
_VERSION: Final = " version "
_TEXTS: Final = {
    Verdict.DOWN: (
        "A value that points to the region that is down",
        "While that region is down, whoever asks there waits for a timeout: the process starts,"
        " and what it serves fails.",
    ),
    Verdict.LACKING: (
        "A variable that a process needs and is not given",
        "The process falls back to a default of the code, or fails at the first request that"
        " needs it.",
    ),
    Verdict.HIDDEN: (
        "An env file that points to the region that is down",
        "Another value goes before it today. When that one is dropped, this one takes effect, and"
        " nobody sees it.",
    ),
    Verdict.UNKNOWN: (
        "A value of which nobody can tell where it points to",
        "A placeholder, a parameter or a name without a region may be right on the day, or not.",
    ),
}


def _id(verdict: Verdict) -> str:
    return f"{FAMILY}/{verdict.code}"


CHECKS: Final = tuple(
    Check(_id(verdict), FAMILY, verdict.severity or Severity.NOTE, summary, why)
    for verdict, (summary, why) in _TEXTS.items()
)
IDS: Final = (FAMILY, *(one.id for one in CHECKS), *(one.code for one in _TEXTS))
"""What verdicts can be chosen by."""


class Choice(Struct, frozen=True):
    """Which verdicts are findings, and at which level; the tables show all of them."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, Severity] = {}

    def level(self, verdict: Verdict) -> Severity | None:
        """Return how bad a verdict is; None: it is no finding."""
        names = (verdict.code, _id(verdict), FAMILY)
        is_meant = not self.select or is_named(names, self.select)
        if verdict.severity is None or not is_meant or is_named(names, self.ignore):
            return None
        asked = level_of(names, self.levels)
        return verdict.severity if asked is None else asked


def report(found: Rehearsal, root: Path, choice: Choice, fail_on: str) -> Report:
    """Return the findings; a value that several processes of one name share is one."""
    words = Words(found)
    held = (one for process in found.processes for one in _of_process(process, choice, words))
    return Report(
        root,
        tuple(dict.fromkeys(held)),
        suppressed=(),
        problems=found.problems,
        rules=(),
        files=0,
        apps=0,
        fail_on=fail_on,
        checks=CHECKS,
        subject=(words.subject,),
        language=found.language,
    )


def _of_process(process: Process, choice: Choice, words: Words) -> Iterator[Finding]:
    """Yield what its values are, then what it is itself, where that is worse than they are."""
    for entry in process.entries:
        level = choice.level(entry.verdict)
        if level is not None:
            yield _value(process, entry, level, words)
    worst = max((one.verdict for one in process.entries), default=Verdict.RECOVERY)
    level = choice.level(process.verdict)
    if process.verdict > worst and level is not None:
        message = words.fill("{0}: {1}", process.title, words.verdict(process))
        yield Finding(
            _id(process.verdict),
            FAMILY,
            level,
            Confidence.HIGH,
            message,
            process.launch.location.labelled(""),
            data=_data(process),
        )


def _value(process: Process, entry: Entry, level: Severity, words: Words) -> Finding:
    start = process.launch.location
    related = () if start == entry.location else (start.labelled(words.say("started here")),)
    return Finding(
        _id(entry.verdict),
        FAMILY,
        level,
        Confidence.HIGH,
        words.told(process, entry),
        entry.location.labelled(""),
        related,
        notes=() if entry.origin is Origin.NOWHERE else (words.origin(entry),),
        data=_data(process, entry),
    )


def _data(process: Process, entry: Entry | None = None) -> Data:
    """Return what it is about: the owner of a version of an account is called by both."""
    template, _, version = (process.launch.owner or "").partition(_VERSION)
    name = "" if entry is None else entry.name
    return Data(
        (name,) if name.isidentifier() else (),
        None if entry is None else entry.region,
        template or None,
        version or None,
        subject=f"{process.title} {name}".strip(),
    )
