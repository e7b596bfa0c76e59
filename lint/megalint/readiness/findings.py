"""What fails in a checklist as findings, for formats that want a place in the checkout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from megalint.audit import anchors, is_live
from megalint.config import Config
from megalint.finding import Confidence, Data, Finding
from megalint.project.linked import Project
from megalint.project.linkers import link
from megalint.readiness import Checklist, Item, Outcome
from megalint.readiness.checks import CHECKS, FAMILY, made
from megalint.readiness.wording import Words
from megalint.report import Report
from megalint.rule import Rule
from megalint.run import load


def report(
    found: Checklist,
    root: Path | None,
    config: Config,
    rules: Sequence[Rule[Any]],
    fail_on: str,
) -> Report:
    """Return what fails as findings, each where the checkout makes what it is about.

    Where nothing of it does, that is the configuration file, as with launch templates.
    """
    words = Words(found)
    project = found.project if found.project is not None else _checkout(root, config)
    failed = (one for one in found.items if one.outcome is Outcome.FAIL)
    return Report(
        root or Path(),
        tuple(_finding(one, project, words) for one in failed),
        suppressed=(),
        problems=found.problems,
        rules=tuple(filter(is_live, rules)),
        files=len(project.checkout),
        apps=0,
        fail_on=fail_on,
        checks=CHECKS,
        language=found.language,
    )


def _checkout(root: Path | None, config: Config) -> Project:
    return link((), config) if root is None else load(root, config)[0]


def _finding(item: Item, project: Project, words: Words) -> Finding:
    notes = (f"$ {item.command}",) if item.command else ()
    held = item.finding
    message = words.say(item.words)
    if held is not None:
        data = replace(held.data, subject=item.subject)
        own = replace(held, severity=item.severity, message=message, notes=notes, data=data)
        return anchors.settled(own, project, made(project.checkout, item.id, item.subject))
    return Finding(
        f"{FAMILY}/{item.id}",
        FAMILY,
        item.severity,
        Confidence.HIGH,
        f"`{item.subject}`: {message}" if item.subject else message,
        made(project.checkout, item.id, item.subject) or anchors.settings(project),
        notes=notes,
        data=Data(subject=item.subject),
    )
