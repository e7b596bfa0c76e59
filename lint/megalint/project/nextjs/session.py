"""What was seen while one thing was run: a page rendered, a handler called, a config evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct, field

from megalint.languages.javascript.evaluate.objects import FunctionValue, JsValue
from megalint.source import Location
from megalint.values import Flow, Flows, merge


class Region(Struct):
    """The part of a page that one component rendered.

    Only with cacheComponents do regions differ in phase: what a component that waits for the
    request puts out is never prerendered, the rest of the page is.
    """

    outputs: list[Flow] = field(default_factory=list)
    dynamic: Location | None = None


class Session(Struct):
    """Notes of one run."""

    dynamic: Location | None = None
    revalidate: int | None = None
    is_certain: bool = True
    reads: list[Flow] = field(default_factory=list)
    actions: list[FunctionValue] = field(default_factory=list)
    regions: list[Region] = field(default_factory=lambda: [Region()])
    ran: dict[int, tuple[JsValue, JsValue]] = field(default_factory=dict)
    _open: list[Region] = field(default_factory=list)

    @property
    def region(self) -> Region:
        """The region that is rendered at the moment."""
        return self._open[-1] if self._open else self.regions[0]

    @contextmanager
    def new_region(self) -> Iterator[Region]:
        """Attribute what is put out meanwhile to a region of its own."""
        region = Region()
        self.regions.append(region)
        self._open.append(region)
        try:
            yield region
        finally:
            self._open.pop()

    def put_out(self, flows: Flows) -> None:
        """Note that what is served depends on *flows*."""
        self.region.outputs.extend(flows)

    def wait_for_request(self, site: Location, words: str) -> None:
        """Note that the answer depends on the request, because of *words* at *site*."""
        place = site.labelled(words)
        self.dynamic = self.dynamic or place
        self.region.dynamic = self.region.dynamic or place

    def limit(self, seconds: int) -> None:
        """Note that the answer is made again after *seconds*."""
        self.revalidate = seconds if self.revalidate is None else min(seconds, self.revalidate)

    @property
    def outputs(self) -> Flows:
        """What is served depends on these reads."""
        return merge(*(region.outputs for region in self.regions))
