"""The words of a rehearsal, in the language that was asked for: cells, verdicts, the summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.project.launches.facts import Certainty
from megalint.rehearsal import Entry, Process, Rehearsal, Verdict, counts
from megalint.translation.catalogue import Catalogue, catalogue_of

SIGNS: Final = {
    Verdict.RECOVERY: "✓",
    Verdict.OTHER: "·",
    Verdict.UNKNOWN: "?",
    Verdict.HIDDEN: "~",
    Verdict.LACKING: "∅",
    Verdict.DOWN: "✗",
}
_MOST_USES: Final = 2


class Words:
    """Says a rehearsal in its language."""

    def __init__(self, found: Rehearsal) -> None:
        self._found = found
        self._words: Catalogue = catalogue_of(found.language)

    def fill(self, sentence: str, *values: object) -> str:
        """Return a sentence of the catalogue with its values."""
        return self._words.fill(sentence, *values)

    def say(self, text: str) -> str:
        """Return words that were made elsewhere."""
        return self._words.say(text)

    # --- a value ---------------------------------------------------------------------------

    def value(self, entry: Entry) -> str:
        """Return the value, or what is known of it."""
        if entry.value is not None:
            return entry.value
        return self._words.fill("(as built)") if entry.is_as_built else "-"

    def origin(self, entry: Entry) -> str:
        """Return where it comes from, and what for."""
        uses = list(entry.uses[:_MOST_USES])
        if len(entry.uses) > _MOST_USES:
            uses.append(self._words.fill("and {0} more", len(entry.uses) - _MOST_USES))
        words = self._words.fill(entry.origin.value)
        return f"{words}: {', '.join(uses)}" if uses else words

    def target(self, entry: Entry) -> str:
        """Return where it points to, and why."""
        why = self._words.say(entry.why) if entry.why else ""
        if entry.verdict is Verdict.UNKNOWN:
            return self._words.fill("not known: {0}", why)
        if entry.verdict is Verdict.LACKING:
            return why
        if entry.is_as_built:
            return self._words.fill("{0}, as built there", entry.region)
        region = entry.region or ""
        return f"{region} ({why})" if region and why else region or why

    def told(self, process: Process, entry: Entry) -> str:
        """Return what is wrong with a value in one sentence."""
        name, title, target = f"`{entry.name}`", process.title, self.target(entry)
        if entry.verdict is Verdict.LACKING:
            return self._words.fill("{0} lacks {1}: {2}", title, name, target)
        if entry.verdict is Verdict.UNKNOWN:
            return self._words.fill("{0} of {1}: {2}", name, title, target)
        return self._words.fill("{0} of {1} points to {2}", name, title, target)

    # --- a process -------------------------------------------------------------------------

    def verdict(self, process: Process) -> str:
        """Return the verdict on a process in words."""
        launch, found = process.launch, self._found
        if launch.starts is Certainty.NEVER:
            note = self._words.say(launch.note) if launch.note else ""
            return self._words.fill("does not start: {0}", note or "-")
        parts = list(self._parts(counts(process.entries)))
        if process.region is None:
            parts.append(self._words.fill("not known whether it starts in {0}", found.recovery))
        if launch.starts is Certainty.SOMETIMES:
            parts.append(self._words.fill("starts sometimes"))
        if launch.is_open:
            parts.append(self._words.fill("may be given more than can be seen"))
        if not process.entries:
            parts.append(self._words.fill("no address was found in it"))
        return ", ".join(parts) or self._words.fill("points to {0} only", found.recovery)

    def _parts(self, counted: dict[Verdict, int]) -> Iterator[str]:
        down, lacking = counted.get(Verdict.DOWN), counted.get(Verdict.LACKING)
        hidden, unknown = counted.get(Verdict.HIDDEN), counted.get(Verdict.UNKNOWN)
        if down:
            yield self._words.fill("{0} to {1}", down, self._found.primary)
        if lacking:
            yield self._words.fill("{0} lacking", lacking)
        if hidden:
            yield self._words.fill("{0} hidden", hidden)
        if unknown:
            yield self._words.fill("{0} not known", unknown)

    # --- all of it -------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """What the rehearsal assumes."""
        found = self._found
        if found.is_live:
            return self._words.fill(
                "{0} is down; what the launch templates of {1} start now, and where it points",
                found.primary,
                found.recovery,
            )
        return self._words.fill(
            "{0} is down; what the code starts in {1}, and where it points",
            found.primary,
            found.recovery,
        )

    @property
    def subject(self) -> str:
        """How much was looked at."""
        found = self._found
        return self._words.fill(
            "{0} values of {1} processes", len(found.entries), len(found.processes)
        )

    @property
    def summary(self) -> str:
        """Return what came of it in one sentence."""
        found = self._found
        counted = counts(found.entries)
        parts = list(self._parts(counted))
        if not found.processes:
            parts = [self._words.fill("nothing starts a process in {0}", found.recovery)]
        elif not counted[Verdict.DOWN]:
            parts.insert(0, self._words.fill("none points to {0}", found.primary))
        end = self._words.fill("{0} not rehearsed", len(found.asides)) if found.asides else ""
        return f"{self.subject}: {', '.join(parts)}{'; ' + end if end else ''}."
