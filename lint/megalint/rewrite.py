"""Lint, change the text in memory, and lint again: fixes, and comments that ignore."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from megalint import new_ignores
from megalint.baseline import Entry
from megalint.config import Config, rewritten
from megalint.finding import Finding, Safety
from megalint.fixes import Change, applicable, apply
from megalint.ignores import Judged
from megalint.new_ignores import Words
from megalint.project.linkers import link
from megalint.report import Report
from megalint.rule import Rule
from megalint.run import Clock, accepting, load, report_on
from megalint.source import Source

MAX_ROUNDS: Final = 10
"""One fix may make room for another; where they go on for ever, a rule is wrong."""
Wanted = Callable[[Finding], bool]


class Rewrite:
    """A checkout whose texts are replaced in memory; nothing is written.

    :attr:`report` is that of the texts as they are now.
    """

    def __init__(
        self, root: Path, rules: Sequence[Rule[Any]], config: Config, accepted: Sequence[Entry]
    ) -> None:
        self._clock = Clock()
        project, self._problems = load(root, config, self._clock)
        self._root, self._rules, self._accepted = root, rules, accepted
        self._config = project.config
        self._unread = project.checkout.unread
        self._current = {source.path: source for source in project.checkout}
        settings = [one for one in project.config.sources if self._is_inside(one)]
        self._original = self._current | {source.path: source for source in settings}
        self.report = accepting(
            report_on(root, project, rules, self._problems, self._clock), accepted
        )

    @staticmethod
    def _is_inside(source: Source) -> bool:
        """Whether a configuration lies in the checkout; one of ``--config`` may lie elsewhere."""
        return not source.path.is_absolute() and ".." not in source.path.parts

    def holds(self, source: Source) -> bool:
        """Whether *source* is a file of the checkout."""
        return source.path in self._original

    def again(self, texts: Mapping[Source, str]) -> bool:
        """Replace *texts* and lint again; whether any of them is another one."""
        new = {one.path: Source(one.path, text) for one, text in texts.items() if text != one.text}
        if new:
            self._config = rewritten(self._config, texts, self._unread)
            self._current |= {path: one for path, one in new.items() if path in self._current}
            project = link(self._current.values(), self._config, self._unread)
            report = report_on(self._root, project, self._rules, self._problems, self._clock)
            self.report = accepting(report, self._accepted)
        return bool(new)

    def changes(self) -> Iterator[Change]:
        """Yield what is to be written."""
        settings = {source.path: source for source in self._config.sources}
        now = settings | self._current
        for path, source in self._original.items():
            text = now[path].text
            if source.text != text:
                yield Change(path, source.text, text)


def fix(
    root: Path,
    rules: Sequence[Rule[Any]],
    config: Config = Config(),
    safeties: Iterable[Safety] = (Safety.SAFE,),
    accepted: Sequence[Entry] = (),
    is_wanted: Wanted = lambda _: True,
) -> tuple[Report, tuple[Change, ...], int]:
    """Lint, fix in memory, and lint again until nothing is left to fix.

    Return the report of what is left, the changes, which are not yet written, and how many fixes
    they hold. *is_wanted* says which findings may be fixed.
    """
    work = Rewrite(root, rules, config, accepted)
    applied = 0
    for _ in range(MAX_ROUNDS):
        wanted = [one for one in work.report.findings if is_wanted(one)]
        texts, count = apply(
            one
            for one in applicable(wanted, safeties)
            if all(work.holds(edit.source) for edit in one.edits)
        )
        if not work.again(texts):
            break
        applied += count
    return work.report, tuple(work.changes()), applied


def ignore(
    root: Path,
    rules: Sequence[Rule[Any]],
    words: Words,
    config: Config = Config(),
    accepted: Sequence[Entry] = (),
    is_wanted: Wanted = lambda _: True,
) -> tuple[Report, tuple[Change, ...], int, tuple[Finding, ...]]:
    """Lint, and write comments that ignore what is found, in memory.

    A comment goes above the statement of a finding; where that is no place for one, a comment at
    the top of the file ignores the rule in all of it. Return the report of what is left, the
    changes, which are not yet written, how many findings they ignore, and those that no comment
    could ignore.
    """
    ordinary = [rule for rule in rules if rule.fact is not Judged]
    work = Rewrite(root, ordinary, config, accepted)

    def left() -> tuple[Finding, ...]:
        return tuple(
            one
            for one in work.report.findings
            if is_wanted(one) and work.holds(one.location.source)
        )

    count = len(left())
    for write in (new_ignores.above, new_ignores.on_top):
        work.again(write(left(), words))
    return work.report, tuple(work.changes()), count - len(left()), left()
