"""What the interpreter asks of the program's surroundings."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from megalint.languages.javascript.evaluate.objects import External, FunctionValue, JsValue
from megalint.languages.javascript.syntax import Module
from megalint.source import Location, Source
from megalint.values import Flow

if TYPE_CHECKING:
    from megalint.languages.javascript.evaluate.interpreter import Interpreter


class Realm(Enum):
    """Where the program runs: decides ``typeof window``."""

    SERVER = "server"
    BROWSER = "browser"


class Host(Protocol):
    """The surroundings of a program."""

    def resolve(self, specifier: str, importer: Source) -> Source | External:
        """Return the source that *specifier* names, or what stands for it."""
        ...

    def module(self, source: Source) -> Module:
        """Return the lowered *source*."""
        ...

    def load(self, source: Source) -> JsValue | None:
        """Return the value of a module that is not to be run (JSON, client boundary), or None."""
        ...

    def environment(self, name: str) -> JsValue | None:
        """Return the value of a variable that the program's surroundings fix, or None."""
        ...

    def ran(self) -> dict[int, tuple[JsValue, JsValue]]:
        """Return the functions that ran with unknown arguments in this session, by identity."""
        ...

    def noticed(self, flow: Flow) -> None:
        """Take note of a read of the environment that was run."""
        ...

    def call(
        self,
        interpreter: Interpreter,
        callee: External,
        arguments: tuple[JsValue, ...],
        site: Location,
    ) -> JsValue | None:
        """Return what a call of *callee* gives, or None where nothing is known of it."""
        ...

    def around(
        self, interpreter: Interpreter, function: FunctionValue, run: Callable[[], JsValue]
    ) -> JsValue:
        """Return ``run()``, the call of *function*, or what its surroundings make of it."""
        ...

    def touched(self, path: tuple[str, ...], site: Location) -> JsValue | None:
        """Take note that an external member is read (``request.url``); return it where known."""
        ...
