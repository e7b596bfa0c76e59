"""Which modules can matter: those from whose imports a read or a Next function can be reached."""

from __future__ import annotations

from typing import Final

from megalint.project.checkout import Checkout
from megalint.project.modules import Modules
from megalint.source import Needle, Source

ALWAYS: Final = Needle((("", ""),))
"""Is in every text."""


class Relevance:
    """Whether *needle* can be found in a module or in what it imports; each is looked at once."""

    def __init__(self, checkout: Checkout, modules: Modules, needle: Needle) -> None:
        self._checkout = checkout
        self._modules = modules
        self._needle = needle
        self._known: dict[Source, bool] = {}

    def is_relevant(self, source: Source) -> bool:
        """Whether running *source* or what it imports can show anything."""
        if source not in self._known:
            self._decide(source)
        return self._known[source]

    def _decide(self, root: Source) -> None:
        """Mark everything reachable: what leads to a needle is relevant."""
        importers: dict[Source, list[Source]] = {root: []}
        pending, relevant = [root], []
        while pending:
            source = pending.pop()
            if self._known.get(source) or source.mentions(self._needle):
                relevant.append(source)
            if source in self._known:
                continue
            for target in self._modules.imports(source):
                if target not in importers:
                    importers[target] = []
                    pending.append(target)
                importers[target].append(source)
        marked: set[Source] = set()
        while relevant:
            source = relevant.pop()
            if source not in marked:
                marked.add(source)
                relevant.extend(importers[source])
        for source in importers:
            self._known.setdefault(source, source in marked)
