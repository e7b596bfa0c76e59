"""Everything known about the repository, linked when a rule first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, cast

from msgspec import Struct

from megalint.config import Config
from megalint.formats.aws_answers import Inventory
from megalint.languages.javascript.syntax import Module
from megalint.project.checkout import Checkout

F = TypeVar("F")


class Linker(Struct, frozen=True):
    """A function that links facts, and the types of fact it yields.

    It may ask the project for facts of other linkers; the order of need has no circles.
    """

    kinds: tuple[type[object], ...]
    link: Callable[[Project], Iterator[object]]


class LinkError(Exception):
    """A linker raised, which is the cause; its facts, and those that need them, are missing."""


class Project:
    """The facts of a checkout; those of a linker are computed together, once, in path order.

    :attr:`inventories` are what accounts hold, where they were asked.
    """

    def __init__(
        self,
        checkout: Checkout,
        linkers: Sequence[Linker],
        config: Config = Config(),
        inventories: Sequence[Inventory] = (),
    ) -> None:
        self.checkout = checkout
        self.inventories = inventories
        self.config = config
        self._linkers = {kind: linker for linker in linkers for kind in linker.kinds}
        self._facts: dict[type[object], list[object]] = {}
        self._failed: dict[Linker, LinkError] = {}

    def each(self, kind: type[F]) -> Iterator[F]:
        """Yield the facts of one kind; raises :class:`LinkError`, the same one each time."""
        if kind not in self._facts:
            self._link(self._linkers[kind])
        return iter(cast("list[F]", self._facts[kind]))

    def parsed_modules(self) -> Iterator[Module]:
        """Yield the JavaScript modules that were parsed so far, in path order."""
        return self.checkout.results(Module)

    def _link(self, linker: Linker) -> None:
        if linker in self._failed:
            raise self._failed[linker]
        found: dict[type[object], list[object]] = {kind: [] for kind in linker.kinds}
        names = ", ".join(kind.__name__ for kind in linker.kinds)
        try:
            with self.checkout.work.timing(f"facts {names}"):
                for fact in linker.link(self):
                    found[type(fact)].append(fact)
        except LinkError as error:
            self._failed[linker] = error
            raise
        except Exception as error:
            self._failed[linker] = LinkError(f"linking {names}")
            raise self._failed[linker] from error
        self._facts.update(found)
