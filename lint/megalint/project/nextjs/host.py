"""Next.js as the surroundings of a program: its modules, its environment, its own functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from megalint.languages.javascript.evaluate import (
    External,
    FunctionValue,
    Interpreter,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.objects import ArrayValue
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.syntax import Module
from megalint.project.checkout import Checkout
from megalint.project.modules import Inside, Modules
from megalint.project.nextjs import environment_schemas, functions
from megalint.project.nextjs.relevance import Relevance
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source
from megalint.values import Flow, Known

FIXED: Final = {"NODE_ENV": "production", "NEXT_RUNTIME": "nodejs"}
"""Variables that Next itself sets, with what a built server sees (facts: next build)."""

IN_BROWSER: Final = {"NODE_ENV": "production", "NEXT_RUNTIME": ""}
"""The same, as the browser's code has them."""

_USE_SERVER: Final = re.compile(r"""(?:\s|//[^\n]*\n|/\*.*?\*/)*['"]use server['"]""", re.DOTALL)
_JSON_LIMIT: Final = 200_000
_PHASES: Final = {
    f"PHASE_{name.upper().replace('-', '_')}": f"phase-{name}"
    for name in ("production-build", "production-server", "development-server", "export", "test")
}


class NextHost:
    """The surroundings of one app in one realm."""

    def __init__(
        self,
        checkout: Checkout,
        modules: Modules,
        relevance: Relevance,
        fixed: Mapping[str, str] = FIXED,
    ) -> None:
        self._fixed = fixed
        self._is_browser = fixed is IN_BROWSER
        self._checkout = checkout
        self._modules = modules
        self._relevance = relevance
        self.session = Session()
        self._resolved: dict[tuple[str, Source], Source | External] = {}
        self._loaded: dict[Source, JsValue | None] = {}

    @contextmanager
    def noting(self) -> Iterator[Session]:
        """Give what runs meanwhile a session of its own."""
        outer, self.session = self.session, Session()
        try:
            yield self.session
        finally:
            self.session = outer

    def resolve(self, specifier: str, importer: Source) -> Source | External:
        """Return the file of the checkout that *specifier* names, or the package."""
        key = (specifier, importer)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(specifier, importer)
        return self._resolved[key]

    def _resolve(self, specifier: str, importer: Source) -> Source | External:
        if specifier.removeprefix("node:") == "process":
            return External(("process",))
        resolved = self._modules.resolve(specifier, importer.path)
        return resolved.source if isinstance(resolved, Inside) else External((specifier,))

    def module(self, source: Source) -> Module:
        """Return the lowered *source*."""
        return self._checkout.parsed(source, parse)

    def load(self, source: Source) -> JsValue | None:
        """Return what a file that is not run stands for: JSON, and code that cannot matter."""
        if source not in self._loaded:
            self._loaded[source] = self._load(source)
        return self._loaded[source]

    def _load(self, source: Source) -> JsValue | None:
        if source.path.suffix == ".json":
            return self._checkout.parsed(source, _json_value)
        if source.path.suffix not in _SCRIPTS:
            return External((source.path.name,))
        if self._is_browser and source.ask(_is_of_actions):
            return External((source.path.as_posix(),))  # actions run on the server
        if not self._relevance.is_relevant(source):
            return External((source.path.as_posix(),))
        return None

    def environment(self, name: str) -> JsValue | None:
        """Return what Next sets, whatever the environment."""
        value = self._fixed.get(name)
        return None if value is None else Known(value)

    def ran(self) -> dict[int, tuple[JsValue, JsValue]]:
        """Return the functions that ran with unknown arguments in this session."""
        return self.session.ran

    def noticed(self, flow: Flow) -> None:
        """Note a read."""
        self.session.reads.append(flow)

    def call(
        self,
        interpreter: Interpreter,
        callee: External,
        arguments: tuple[JsValue, ...],
        site: Location,
    ) -> JsValue | None:
        """Return what a function of Next, React or a schema library gives."""
        schema = environment_schemas.call(interpreter, callee, arguments, site)
        if schema is not None:
            return schema
        return functions.call(interpreter, self.session, callee, arguments, site)

    def around(
        self, interpreter: Interpreter, function: FunctionValue, run: Callable[[], JsValue]
    ) -> JsValue:
        """Run *function*; the browser only sends for what runs on the server."""
        if self._is_browser and "use server" in function.syntax.directives:
            return External(("a server action",))
        return run()

    def touched(self, path: tuple[str, ...], site: Location) -> JsValue | None:
        """Note that the request was looked at; return what Next's constants hold."""
        functions.touch(self.session, path, site)
        return (
            Known(_PHASES[path[1]]) if path[0] == "next/constants" and path[1] in _PHASES else None
        )


_SCRIPTS: Final = frozenset({".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"})


def _is_of_actions(text: str) -> bool:
    return _USE_SERVER.match(text) is not None


def _json_value(source: Source) -> JsValue:
    if len(source.text) > _JSON_LIMIT:
        return External((source.path.name,))
    try:
        return _lifted(json.loads(source.text))
    except (ValueError, RecursionError):
        return External((source.path.name,))


def _lifted(value: object) -> JsValue:
    if isinstance(value, dict):
        return ObjectValue({str(key): _lifted(item) for key, item in value.items()})
    if isinstance(value, list):
        return ArrayValue(tuple(_lifted(item) for item in value))
    if isinstance(value, str | int | float | bool) or value is None:
        return Known(value)
    return External(("json",))
