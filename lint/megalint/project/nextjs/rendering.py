"""Render React elements: call the components, and note what is put out."""

from __future__ import annotations

from typing import Final

from megalint.languages.javascript.evaluate import (
    ArrayValue,
    ClassValue,
    Either,
    ElementValue,
    External,
    FunctionValue,
    Interpreter,
    JsValue,
    ObjectValue,
    Realm,
    deep_flows,
)
from megalint.languages.javascript.evaluate.classes import construct
from megalint.languages.javascript.evaluate.provenance import flows_of, functions_in, parts
from megalint.languages.javascript.syntax import Function, Name
from megalint.languages.javascript.walk import walk
from megalint.project.nextjs.session import Session
from megalint.source import Location, Source, Span
from megalint.values import Flows, merge

MAX_DEPTH: Final = 60
MAX_FUNCTIONS: Final = 8


def element(component: JsValue, properties: ObjectValue, source: Source) -> ElementValue:
    """Return the element that Next makes of an exported component."""
    return ElementValue(component, properties, Location(source, Span(0, 0)), source)


class Renderer:
    """Renders into one session."""

    def __init__(self, interpreter: Interpreter, session: Session, *, has_regions: bool) -> None:
        self._interpreter = interpreter
        self._session = session
        self._has_regions = has_regions
        self._depth = 0
        self._seen: set[int] = set()

    def render(self, value: JsValue) -> None:
        """Render what a component returned."""
        if self._depth >= MAX_DEPTH:
            self._session.is_certain = False
            return
        self._depth += 1
        self._interpreter.burn()
        self._render(value)
        self._depth -= 1

    def _render(self, value: JsValue) -> None:
        match value:
            case Either(alternatives, flows):
                self._session.put_out(flows)
                for one in alternatives:
                    self.render(one)
            case ArrayValue(elements, rest):
                for one in (*elements, *rest):
                    self.render(one)
            case ElementValue():
                self._element(value)
            case FunctionValue():
                self.render(self._interpreter.call(value, (External(("props",)),), _site(value)))
            case External():
                self._session.put_out(value.flows)
                self._inside(value.inputs)
            case _:
                self._session.put_out(deep_flows(value))

    def _inside(self, values: tuple[JsValue, ...]) -> None:
        """Render the elements that code nobody knows was given: it probably shows them."""
        for part in parts(values):
            if isinstance(part, ElementValue) and id(part) not in self._seen:
                self._seen.add(id(part))
                self._element(part)

    def _element(self, element: ElementValue) -> None:
        tags = element.tag.alternatives if isinstance(element.tag, Either) else (element.tag,)
        self._session.put_out(flows_of(element.tag))
        for tag in tags:
            self._component(tag, element)

    def _component(self, tag: JsValue, element: ElementValue) -> None:
        match tag:
            case FunctionValue():
                self._function(tag, element)
            case ClassValue():
                self._class(tag, element)
            case External():
                self._external(tag, element)
            case _:
                self._properties(element.properties)

    def _function(self, function: FunctionValue, element: ElementValue) -> None:
        if self._is_boundary(function, element):
            self._properties(element.properties, is_sent=True)
        if self._has_regions:
            with self._session.new_region():
                self._call(function, element)
        else:
            self._call(function, element)

    def _call(self, function: FunctionValue, element: ElementValue) -> None:
        result = self._interpreter.call(function, (element.properties,), element.location)
        self.render(result)

    def _is_boundary(self, function: FunctionValue, element: ElementValue) -> bool:
        """Whether properties are sent to the browser here."""
        host = self._interpreter.host
        return "use client" in host.module(function.source).directives and (
            "use client" not in host.module(element.source).directives
        )

    def _class(self, definition: ClassValue, element: ElementValue) -> None:
        instance = construct(self._interpreter, definition, (element.properties,), element.location)
        if isinstance(instance, ObjectValue):
            instance.properties.setdefault("props", element.properties)
            method = self._interpreter.get(instance, "render", element.location)
            self.render(self._interpreter.call(method, (), element.location, instance))

    def _external(self, tag: External, element: ElementValue) -> None:
        """Render a library's component: it may show all it is given, and runs what it wraps."""
        for function in list(functions_in(tag.inputs))[:MAX_FUNCTIONS]:
            result = self._interpreter.call(function, (element.properties,), element.location)
            # what a library wraps may be its settings: they show nothing
            if any(isinstance(part, ElementValue) for part in parts((result,))):
                self.render(result)
        self._properties(element.properties, is_sent=True)
        for value in element.properties.properties.values():
            if isinstance(value, FunctionValue) and not self._is_action(value):
                self._call_back(value, element.location)

    def _properties(self, properties: ObjectValue, *, is_sent: bool = False) -> None:
        for value in properties.properties.values():
            if isinstance(value, FunctionValue):
                self._function_property(value, _site(value))
            elif isinstance(value, ElementValue | ArrayValue | Either) or not is_sent:
                self.render(value)
            else:
                self._session.put_out(deep_flows(value))

    def _function_property(self, function: FunctionValue, site: Location) -> None:
        if self._is_action(function):
            self._session.actions.append(function)
            self._session.put_out(captured_flows(function))
        elif self._interpreter.realm is Realm.BROWSER:
            self._call_back(function, site)

    def _call_back(self, function: FunctionValue, site: Location) -> None:
        result = self._interpreter.call(function, (External(("an event",)),), site)
        self.render(result)

    def _is_action(self, function: FunctionValue) -> bool:
        directives = self._interpreter.host.module(function.source).directives
        return "use server" in function.syntax.directives or "use server" in directives


def _site(function: FunctionValue) -> Location:
    assert function.location is not None or function.source is not None
    return function.location or Location(function.source, function.syntax.span)


def captured_flows(function: FunctionValue) -> Flows:
    """Return what the values depend on that *function* takes from the functions around it.

    A server action's closure is written into the page that shows it; what is bound at the top of
    a module is not part of it.
    """
    found: list[Flows] = []
    for name in _names(function.syntax):
        scope = function.scope
        while scope.parent is not None:
            if name in scope.bindings:
                found.append(deep_flows(scope.bindings[name].value))
                break
            scope = scope.parent
    return merge(*found)


def _names(function: Function) -> set[str]:
    return {node.text for node in walk(function) if isinstance(node, Name)}
