"""The interpreter: modules, calls, reads of the environment, and bounds on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct, field

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.evaluate import access, calls, statements
from megalint.languages.javascript.evaluate.host import Host, Realm
from megalint.languages.javascript.evaluate.journal import Journal
from megalint.languages.javascript.evaluate.objects import (
    UNDEFINED,
    External,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import either
from megalint.languages.javascript.evaluate.scopes import Binding, Frame, Scope
from megalint.source import Location, Source, Span
from megalint.values import EnvRead, Flow, Form, Read
from megalint.values import Scope as ReadScope

FUEL = 30_000
HURRY = 2_000
BUDGET = 250_000


class Exhausted(Exception):
    """The program is too large or too deep to follow further."""


class Context(Struct, frozen=True):
    """Where an expression is evaluated."""

    source: Source
    scope: Scope
    frame: Frame

    def at(self, node: js.Node, label: str = "") -> Location:
        """Return the place of *node*."""
        return Location(self.source, node.span, label)

    def at_start(self) -> Location:
        """Return the start of the file."""
        return Location(self.source, Span(0, 0))

    def inner(self) -> Context:
        """Return the context of a block inside this one."""
        return Context(self.source, Scope(self.scope), self.frame)


class ModuleInstance(Struct, eq=False):
    """A module that was run, as far as it came."""

    context: Context
    exports: dict[str, Binding] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    commonjs: ObjectValue = field(default_factory=ObjectValue)


class Interpreter:
    """Runs the modules of one program in one realm; what they leave in memory stays."""

    def __init__(self, host: Host, realm: Realm) -> None:
        self.host = host
        self.realm = realm
        self.journal = Journal()
        self.read_scope = ReadScope.CALL
        self.fuel = FUEL
        self.budget = BUDGET
        self.frames: list[Frame] = []
        self.running: dict[int, int] = {}
        self.defaults: dict[Read, tuple[JsValue, Location]] = {}
        self._modules: dict[Source, ModuleInstance] = {}
        self._holders: dict[tuple[Source, str], Source | External | None] = {}
        self._incomplete: set[Source] = set()

    # --- programs --------------------------------------------------------------------------

    def attempt(self, action: Callable[[], JsValue], fuel: int = FUEL) -> JsValue:
        """Run *action* with *fuel* steps; a program too large to follow gives what nobody knows.

        All attempts together have :data:`BUDGET` steps; once they are used up, each gets few.
        """
        given = fuel if self.budget > 0 else fuel // 16
        saved, self.fuel = self.fuel, given
        try:
            return action()
        except (Exhausted, RecursionError):
            return External(("too large to follow",))
        finally:
            self.budget -= given - max(self.fuel, 0)
            self.fuel = saved

    def hurry(self) -> None:
        """Leave little fuel to what runs now: what matters of it is known already."""
        self.fuel = min(self.fuel, HURRY)

    def burn(self, steps: int = 1) -> None:
        """Count steps: one for each expression, and for each element that is copied."""
        self.fuel -= steps
        if self.fuel < 0:
            raise Exhausted

    def call(
        self,
        callee: JsValue,
        arguments: tuple[JsValue, ...],
        site: Location,
        this: JsValue = UNDEFINED,
    ) -> JsValue:
        """Return what a call gives."""
        return calls.call(self, callee, arguments, site, this)

    def get(self, value: JsValue, key: str, site: Location) -> JsValue:
        """Return a property."""
        return access.get(self, value, key, site)

    def context(self, source: Source, scope: Scope, frame: Frame) -> Context:
        """Return the context of code in *source*."""
        return Context(source, scope, frame)

    @contextmanager
    def scoped(self, scope: ReadScope) -> Iterator[None]:
        """Attribute the reads made meanwhile to *scope*."""
        saved, self.read_scope = self.read_scope, scope
        try:
            yield
        finally:
            self.read_scope = saved

    # --- modules ---------------------------------------------------------------------------

    def instance(self, source: Source) -> ModuleInstance:
        """Return the module, run now if it was not; a circle sees it as far as it came."""
        found = self._modules.get(source)
        if found is None:
            found = self._modules[source] = self._new_instance(source)
            instance = found
            self.journal.aside(lambda: self.attempt(lambda: self._run(instance)))
        return found

    def _new_instance(self, source: Source) -> ModuleInstance:
        scope = Scope()
        frame = Frame(None, None, scope)
        instance = ModuleInstance(Context(source, scope, frame))
        instance.commonjs.properties["exports"] = ObjectValue()
        scope.bindings["module"] = Binding(instance.commonjs)
        scope.bindings["exports"] = Binding(instance.commonjs.properties["exports"])
        return instance

    def _run(self, instance: ModuleInstance) -> JsValue:
        frames, self.frames = self.frames, [instance.context.frame]
        running, self.running = self.running, {}
        self._incomplete.add(instance.context.source)
        try:
            with self.scoped(ReadScope.MODULE):
                body = self.host.module(instance.context.source).body
                statements.run_module(self, body, instance)
        finally:
            self.frames, self.running = frames, running
            self._incomplete.discard(instance.context.source)
        return UNDEFINED

    def export(self, source: Source, name: str, site: Location) -> JsValue:
        """Return what *source* exports as *name*."""
        holder = self._holder(source, name)
        if holder is None:
            return UNDEFINED
        if isinstance(holder, External):
            return holder
        loaded = self.host.load(holder)
        if loaded is not None:
            is_data = name == "default" and isinstance(loaded, ObjectValue)
            return loaded if is_data else self.get(loaded, name, site)
        instance = self.instance(holder)
        if name in instance.exports:
            return self.value_of(instance.exports[name], instance.context)
        return self._commonjs(instance, name, site) or UNDEFINED

    def _holder(self, source: Source, name: str) -> Source | External | None:
        """Return the module that defines *name*, through ``export *``; found once."""
        key = (source, name)
        if key not in self._holders:
            found = self._find_holder(source, name, set())
            if source in self._incomplete:
                return found
            self._holders[key] = found
        return self._holders[key]

    def _find_holder(
        self, source: Source, name: str, seen: set[Source]
    ) -> Source | External | None:
        if source in seen:
            return None
        seen.add(source)
        if self.host.load(source) is not None:
            return source
        instance = self.instance(source)
        if name in instance.exports:
            return source
        for specifier in instance.stars:
            target = self.host.resolve(specifier, source)
            if isinstance(target, Source):
                found = self._find_holder(target, name, seen)
            else:
                found = External((*target.path, name)) if len(instance.stars) == 1 else None
            if found is not None:
                return found
        return (
            source
            if self._commonjs(instance, name, instance.context.at_start()) is not None
            else None
        )

    def _commonjs(self, instance: ModuleInstance, name: str, site: Location) -> JsValue | None:
        """Return a property of ``module.exports``, or None where the module sets none."""
        exports = instance.commonjs.properties.get("exports", UNDEFINED)
        if isinstance(exports, ObjectValue) and not exports.properties:
            is_bare = name == "default" and not instance.exports and not instance.stars
            return exports if is_bare else None
        if name != "default":
            return self.get(exports, name, site)
        if isinstance(exports, ObjectValue) and "default" in exports.properties:
            return exports.properties["default"]
        return exports

    def namespace(self, source: Source, site: Location) -> JsValue:
        """Return all that *source* exports, as ``import *`` and ``require`` see it."""
        loaded = self.host.load(source)
        if loaded is not None:
            return loaded
        instance = self.instance(source)
        if not instance.exports and not instance.stars:
            return instance.commonjs.properties.get("exports", UNDEFINED)
        return ObjectValue(
            {name: self.export(source, name, site) for name in self.export_names(source)}
        )

    def export_names(self, source: Source, seen: frozenset[Source] = frozenset()) -> list[str]:
        """Return the names that *source* exports, those of ``export *`` included."""
        if source in seen or self.host.load(source) is not None:
            return []
        instance = self.instance(source)
        names = dict.fromkeys(instance.exports)
        for specifier in instance.stars:
            target = self.host.resolve(specifier, source)
            if isinstance(target, Source):
                names.update(dict.fromkeys(self.export_names(target, seen | {source})))
        return list(names)

    def value_of(self, binding: Binding, context: Context) -> JsValue:
        """Return what a variable holds; an imported one is looked up where it is defined."""
        link = binding.link
        if link is None:
            return binding.value
        target = self.host.resolve(link.specifier, context.source)
        site = context.at(link.node)
        if isinstance(target, External):
            return target if link.name is None else self.get(target, link.name, site)
        if link.name is None:
            return self.namespace(target, site)
        return self.export(target, link.name, site)

    # --- the environment -------------------------------------------------------------------

    def read(self, name: str, form: Form, location: Location) -> JsValue:
        """Return the value of an environment variable, read at *location*."""
        fixed = self.host.environment(name)
        if fixed is not None:
            return fixed
        read = Read(Location(location.source, location.span), name, form)
        flow = Flow(read, self.read_scope, (location.labelled("read here"),))
        self.host.noticed(flow)
        return EnvRead(read, None, (flow,))

    def one_of(self, *values: JsValue) -> JsValue:
        """Return a choice of *values* that depends on the conditions of the moment."""
        return either(values, self.journal.control())
