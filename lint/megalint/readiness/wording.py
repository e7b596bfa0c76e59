"""The words around a checklist, in the language that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.finding import Severity
from megalint.readiness import Checklist, Item, Outcome, Stage
from megalint.translation.catalogue import Catalogue, catalogue_of

SIGNS: Final = {Outcome.PASS: "✓", Outcome.FAIL: "✗", Outcome.NOT_CHECKED: "?"}


class Words:
    """Says a checklist in its language."""

    def __init__(self, found: Checklist) -> None:
        self._found = found
        self._words: Catalogue = catalogue_of(found.language)

    def say(self, text: str) -> str:
        """Return words that were made elsewhere."""
        return self._words.say(text)

    def fill(self, sentence: str, *values: object) -> str:
        """Return a sentence of the catalogue with its values."""
        return self._words.fill(sentence, *values)

    @property
    def heading(self) -> str:
        """What the checklist is about."""
        found = self._found
        if not found.account:
            return self.fill("failover from {0} to {1}", found.primary, found.recovery)
        return self.fill(
            "failover from {0} to {1}, account {2}", found.primary, found.recovery, found.account
        )

    def stages(self) -> Iterator[tuple[Stage, list[Item]]]:
        """Yield the stages that have items, in order."""
        for stage in Stage:
            held = [one for one in self._found.items if one.stage is stage]
            if held:
                yield stage, held

    def outcome(self, item: Item) -> str:
        """Return what came of an item: a failure that is not grave says so."""
        word = self.fill(item.outcome.value)
        if item.outcome is Outcome.FAIL and item.severity is not Severity.ERROR:
            return f"{word} ({self.fill(item.severity.name.lower())})"
        return word

    def words(self, item: Item) -> str:
        """Return what is so: of an item that was not looked at that, too."""
        said = self.say(item.words)
        return self.fill("not checked: {0}", said) if item.outcome is Outcome.NOT_CHECKED else said

    @property
    def summary(self) -> str:
        """Return the counts in one sentence."""
        counts = self._found.counts
        return self.fill(
            "{0} pass, {1} fail, {2} not checked.",
            counts[Outcome.PASS],
            counts[Outcome.FAIL],
            counts[Outcome.NOT_CHECKED],
        )
