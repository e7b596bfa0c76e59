"""Count what a run does, and take the time of its parts."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Work:
    """What one run did: :attr:`counts` by name, and wall time in :attr:`seconds` by part.

    The counts depend on what was looked at alone, not on the machine. The time of a part is its
    own: that of parts inside of it is theirs.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        """Take the time meanwhile for *part*."""
        start = time.perf_counter()
        self._inner.append(0.0)
        try:
            yield
        finally:
            whole = time.perf_counter() - start
            self.seconds[part] += whole - self._inner.pop()
            self._inner[-1] += whole
