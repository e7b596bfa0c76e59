"""Route parameters used as if they were no promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.apps import App
from megalint.project.linked import Linker, Project
from megalint.project.nextjs.routes import RouteFile
from megalint.source import Location

PROMISES_SINCE: Final = 15
IMAGE_PROMISES_SINCE: Final = 16
"""Image files such as opengraph-image got promises one version after pages and handlers."""

_NAMES: Final = ("params", "searchParams")
_ON_PROMISES: Final = frozenset({"then", "catch", "finally"})
_WITH_PROPERTIES: Final = frozenset({"page", "layout", "default", "template"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class SynchronousParameters(Struct, frozen=True):
    """A use of ``params`` or ``searchParams`` without ``await`` or ``use()``."""

    app: App
    name: str
    kind: str
    location: Location


def _link(project: Project) -> Iterator[SynchronousParameters]:
    for file in project.each(RouteFile):
        is_entry = file.kind in {*_WITH_PROPERTIES, "handler", "metadata"}
        since = IMAGE_PROMISES_SINCE if file.kind == "metadata" else PROMISES_SINCE
        if is_entry and file.app.major >= since and file.source.mentions("arams"):
            module = project.checkout.parsed(file.source, parse)
            for name, place in _uses(module, file.kind):
                location = Location(file.source, place.span)
                yield SynchronousParameters(file.app, name, file.kind, location)


def _uses(module: js.Module, kind: str) -> Iterator[tuple[str, js.Node]]:
    for name, function in _functions(module):
        place = 1 if kind == "handler" else 0
        is_entry = (
            name in _METHODS
            if kind == "handler"
            else name in {"default", "generateMetadata", "generateViewport"}
        )
        if is_entry and place < len(function.parameters):
            yield from _in_function(function, function.parameters[place].target)


def _functions(module: js.Module) -> Iterator[tuple[str, js.Function]]:
    """Yield the exported functions, also those exported apart from their declaration."""
    declared: dict[str, js.Function] = {}
    exported: list[tuple[str, str]] = []
    for statement in module.body:
        inner = statement.declaration if isinstance(statement, js.ExportDeclaration) else statement
        for name, function in _declared(inner):
            declared[name] = function
            if isinstance(statement, js.ExportDeclaration):
                exported.append((name, name))
        if isinstance(statement, js.ExportDefault):
            if isinstance(statement.value, js.Function):
                yield "default", statement.value
            elif isinstance(statement.value, js.Name):
                exported.append((statement.value.text, "default"))
        if isinstance(statement, js.ExportNames) and statement.specifier is None:
            exported += ((one.local, one.exported) for one in statement.names)
    for local, name in exported:
        if local in declared:
            yield name, declared[local]


def _declared(statement: js.Statement) -> Iterator[tuple[str, js.Function]]:
    match statement:
        case js.FunctionDeclaration(_, function) if function.name:
            yield function.name, function
        case js.Declaration(_, _, declarators):
            for one in declarators:
                if isinstance(one.target, js.Name) and isinstance(one.value, js.Function):
                    yield one.target.text, one.value
        case _:
            pass


def _in_function(function: js.Function, target: js.Pattern) -> Iterator[tuple[str, js.Node]]:
    if isinstance(target, js.Name):
        yield from _through(function, target.text)
    elif isinstance(target, js.ObjectPattern):
        for one in target.properties:
            name = one.key.value if isinstance(one.key, js.Literal) else None
            if name in _NAMES and isinstance(one.target, js.ObjectPattern):
                yield str(name), one
            elif name in _NAMES and isinstance(one.target, js.Name):
                yield from ((str(name), node) for node in _direct(function, one.target.text))


def _through(function: js.Function, holder: str) -> Iterator[tuple[str, js.Node]]:
    """Yield ``props.params.id`` and ``const { id } = props.params``."""
    for node in walk(function):
        match node:
            case js.Member(_, js.Member(_, js.Name(_, text), name, _, _), key, _, _) if (
                text == holder and name in _NAMES and key not in _ON_PROMISES
            ):
                yield name, node
            case js.Declarator(
                _, js.ObjectPattern(), js.Member(_, js.Name(_, text), name, _, _)
            ) if text == holder and name in _NAMES:
                yield name, node
            case js.Declarator(_, js.ObjectPattern(_, properties, _), js.Name(_, text)) if (
                text == holder
            ):
                for one in properties:
                    key_text = one.key.value if isinstance(one.key, js.Literal) else None
                    if key_text in _NAMES and isinstance(one.target, js.ObjectPattern):
                        yield str(key_text), one
                    elif key_text in _NAMES and isinstance(one.target, js.Name):
                        yield from (
                            (str(key_text), use) for use in _direct(function, one.target.text)
                        )
            case _:
                pass


def _direct(function: js.Function, name: str) -> Iterator[js.Node]:
    """Yield ``params.id`` and ``const { id } = params``, unless *name* is bound anew inside."""
    nodes = list(walk(js.Block(function.span, function.body)))
    if any(_binds(node, name) for node in nodes):
        return
    for node in nodes:
        match node:
            case js.Member(_, js.Name(_, text), key, _, _) if (
                text == name and key not in _ON_PROMISES
            ):
                yield node
            case js.Declarator(_, js.ObjectPattern(), js.Name(_, text)) if text == name:
                yield node
            case _:
                pass


def _binds(node: js.Node, name: str) -> bool:
    match node:
        case js.Declarator(_, js.Name(_, text), _):
            return text == name
        case js.Assign(_, "=", js.Name(_, text), _):
            return text == name
        case js.Function(_, _, parameters):
            return any(
                isinstance(one.target, js.Name) and one.target.text == name for one in parameters
            )
        case _:
            return False


LINKER = Linker((SynchronousParameters,), _link)
