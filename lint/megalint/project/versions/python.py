"""Versions in calls of boto3 and aioboto3.

The names of operations and arguments are those of the service models in botocore.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import libcst as cst

from megalint.languages.python.evaluate import Evaluator
from megalint.languages.python.scopes import Position, Scope
from megalint.languages.python.values import (
    Fallback,
    Items,
    Method,
    Namespace,
    Number,
    OneOf,
    Open,
    PyValue,
    Record,
    alternatives,
)
from megalint.project.linked import Project
from megalint.project.python_files import PythonFiles
from megalint.project.versions import selections, substitutions
from megalint.project.versions.facts import (
    LATEST,
    CreatedVersion,
    Dialect,
    Fact,
    Selection,
    Use,
    VersionReference,
    Written,
)
from megalint.project.versions.operations import CREATES, DIRECT, STARTING, WITHOUT_ALIAS
from megalint.project.versions.quoting import quoted
from megalint.source import Location, Source
from megalint.text import Text

_CDK_ARGUMENTS: Final[Mapping[str, tuple[str, Use]]] = {
    "LaunchTemplateSpecificationProperty": ("version", Use.START),
    "from_launch_template_attributes": ("version_number", Use.START),
}
_DIRECT: Final = {**DIRECT, **_CDK_ARGUMENTS}
_STARTING: Final = frozenset({*STARTING, "create_instances"})
_HELD: Final = frozenset({"launchtemplate", "launchtemplatespecification"})
_OPERATIONS: Final = re.compile("|".join((*_DIRECT, *_STARTING)))
_CALLED: Final = frozenset((*_DIRECT, *_STARTING, *_CDK_ARGUMENTS, "paginate"))
_NO_ALIAS: Final = WITHOUT_ALIAS | set(_CDK_ARGUMENTS)


def references(project: Project, sources: Iterable[Source]) -> Iterator[Fact]:
    """Yield what Python files ask for, make, replace and write."""
    files = PythonFiles(project.checkout)
    evaluator = Evaluator(files)
    reader = substitutions.Reader.of(files, evaluator, project.config.placeholders)
    for source in sources:
        yield from reader.read(source)
        yield from _selected(evaluator, files, source)
        found = files.of(source) if source.mentions(_OPERATIONS) else None
        for call, at in found.calls if found is not None else ():
            yield from _of_call(evaluator, call, at)


def _selected(evaluator: Evaluator, files: PythonFiles, source: Source) -> Iterator[Selection]:
    index = files.of(source) if source.mentions("describe_launch_templates") else None
    if index is not None:
        yield from selections.selections(evaluator, index)


def _of_call(
    evaluator: Evaluator, call: cst.Call, at: Position
) -> Iterator[VersionReference | CreatedVersion]:
    evaluator.begin()
    operation = None
    if _may_be_operation(call.func, at):
        operation = _operation(evaluator.value(call.func, at))
    elif any(map(_is_operation, call.args)):
        operation = _operation(evaluator.value(call, at))
    if operation is None:
        return
    name, preset = operation
    named = evaluator.arguments(call, at)[1]
    given_here = Record((*preset.entries, *named.entries), preset.is_open or named.is_open)
    place = at.scope.module.place(call.func)
    if name == CREATES:
        template = _known(_template(given_here))
        yield CreatedVersion(Dialect.SDK, name, place, template)
    if name in _DIRECT:
        argument, use = _DIRECT[name]
        value = given_here.get(argument)
        if value is not None:
            yield _reference(name, argument, use, place, value, given_here)
    else:
        for argument, holder in _holders(given_here):
            yield _started(name, argument, holder, place)


def _may_be_operation(node: cst.BaseExpression, at: Position) -> bool:
    """Whether a call may be one of an operation, by the last name of what is called.

    A bare name may stand for one where it is given a value, as a function or class is not.
    """
    if isinstance(node, cst.Name):
        scope: Scope | None = at.scope
        while scope is not None and node.value not in scope.bindings:
            scope = scope.parent
        kinds = () if scope is None else scope.bindings[node.value]
        return any(one.kind in {"assign", "parameter"} for one in kinds)
    return not isinstance(node, cst.Attribute) or node.attr.value in _CALLED


def _is_operation(given: cst.Arg) -> bool:
    """Whether an operation of a client is handed over, to be called later."""
    node = given.value
    return isinstance(node, cst.Attribute) and _OPERATIONS.fullmatch(node.attr.value) is not None


def _operation(value: PyValue | None) -> tuple[str, Record] | None:
    """Return the operation that a value is, and what it is given beforehand."""
    for one in () if value is None else alternatives(value):
        if isinstance(one, Namespace):
            short = one.name.rpartition(".")[2]
            if short in _CDK_ARGUMENTS:
                return short, Record(())
        elif isinstance(one, Method):
            inner = one.of if one.name == "paginate" and isinstance(one.of, Method) else one
            if inner.name in _DIRECT or inner.name in _STARTING:
                return inner.name, inner.given
    return None


def _holders(value: PyValue) -> Iterator[tuple[str, Record]]:
    """Yield the records that name a template, at any depth, with the key of their version."""
    for one in alternatives(value):
        if isinstance(one, Items):
            for item in one.items:
                yield from _holders(item)
        for key, inner in one.entries if isinstance(one, Record) else ():
            if key.lower() in _HELD:
                yield from _named_templates(inner)
            yield from _holders(inner)


def _named_templates(value: PyValue) -> Iterator[tuple[str, Record]]:
    for one in alternatives(value):
        if isinstance(one, Record) and (_template(one) is not None or _version(one) is not None):
            keys = dict(one.entries)
            yield (
                "version" if "version" in keys or "name" in keys or "id" in keys else "Version",
                one,
            )


def _version(record: Record) -> PyValue | None:
    return record.get("Version") or record.get("version")


def _started(name: str, argument: str, holder: Record, place: Location) -> VersionReference:
    value = _version(holder)
    if value is not None:
        return _reference(name, argument, Use.START, place, value, holder)
    return VersionReference(
        Dialect.SDK,
        Use.START,
        name,
        argument,
        place,
        template=_known(_template(holder)),
        is_absent=not holder.is_open,
    )


def _dialect(name: str) -> Dialect:
    return Dialect.CLOUDFORMATION if name in _CDK_ARGUMENTS else Dialect.SDK


def _template(record: Record) -> PyValue | None:
    names = ("LaunchTemplateName", "LaunchTemplateId", "launchTemplateName", "launchTemplateId")
    for name in (*names, "name", "id"):
        found = record.get(name)
        if found is not None:
            return found
    return None


def _known(value: PyValue | None) -> str | None:
    return value.known if isinstance(value, Text) else None


def _reference(
    name: str, argument: str, use: Use, place: Location, value: PyValue, holder: Record
) -> VersionReference:
    written = tuple(dict.fromkeys(_written(value, name, is_fallback=False)))
    inputs = tuple(dict.fromkeys(_inputs(value)))
    template = _known(_template(holder))
    return VersionReference(
        _dialect(name), use, name, argument, place, written, template, inputs=inputs
    )


def _inputs(value: PyValue) -> Iterator[str]:
    for one in alternatives(value):
        if isinstance(one, Open) and one.key is not None:
            yield one.key
        for item in one.items if isinstance(one, Items) else ():
            yield from _inputs(item)


def _written(value: PyValue, name: str, *, is_fallback: bool) -> Iterator[Written]:
    match value:
        case Items(items):
            for one in items:
                yield from _written(one, name, is_fallback=is_fallback)
        case OneOf(options):
            for one in options:
                yield from _written(one, name, is_fallback=is_fallback)
        case Fallback(inner):
            yield from _written(inner, name, is_fallback=True)
        case Number(number, location) if not isinstance(number, bool):
            yield _one(str(number), location, name, is_fallback=is_fallback)
        case Text() if value.known and value.location is not None:
            location = value.pieces[0].location or value.location
            yield _one(value.known, location, name, is_fallback=is_fallback)
        case _:
            pass


def _one(text: str, location: Location, name: str, *, is_fallback: bool) -> Written:
    whole = quoted(location)
    is_exact = text == location.text
    quote = whole.text[0] if whole is not location else '"'
    replacement = f"{quote}{LATEST}{quote}" if is_exact and name not in _NO_ALIAS else None
    return Written(text, whole, replacement, is_fallback)
