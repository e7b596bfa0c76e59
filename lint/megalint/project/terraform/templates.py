"""``templatefile`` and ``file``: what a script becomes before a machine sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from megalint.languages.hcl.evaluate import Fault, Function, Scope, render
from megalint.languages.hcl.functions import FUNCTIONS
from megalint.languages.hcl.parse import parse_template
from megalint.languages.hcl.syntax import Block, Call, File, Object, Template, Variable
from megalint.languages.hcl.values import Encoded, HclValue, Open, text_of
from megalint.source import Location, Source, Span
from megalint.text import Text, joined

if TYPE_CHECKING:
    from megalint.project.terraform.module import Module

_MAX_TEMPLATE: Final = 2_000_000


class TemplateCall(Struct, frozen=True):
    """A script that Terraform loads: rendered by ``templatefile``, or as it is by ``file``.

    :attr:`passed` are the names it is given, each with its place; None where they are not all
    known. :attr:`faults` are what Terraform refuses. :attr:`is_fixed`: the call names this template
    and no other.
    """

    location: Location
    template: Source
    function: str
    passed: Mapping[str, Location] | None = None
    used: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    result: Text = field(default_factory=Text)
    is_fixed: bool = True


def functions(module: Module) -> Mapping[str, Function]:
    """Return the functions of a module: those that read files know its folder."""

    def read(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
        source = _source(module, values)
        if source is None:
            return Open(f"{call.name}()")
        text = Text.of(source)
        place = scope.place(call.span)
        _keep(module, TemplateCall(place, source, "file", result=text))
        return Encoded(text) if call.name == "filebase64" else text

    def rendered(values: list[HclValue], call: Call, scope: Scope) -> HclValue:
        source = _source(module, values)
        given = values[1] if len(values) > 1 else {}
        if source is None:
            return Open("templatefile()")
        passed = _passed(call, given, scope)
        is_fixed = bool(call.arguments) and isinstance(call.arguments[0], Template)
        return template(module, source, given, scope.place(call.span), passed, is_fixed=is_fixed)

    return {
        **FUNCTIONS,
        "file": read,
        "filebase64": read,
        "templatefile": rendered,
        "templatestring": lambda values, call, scope: values[0] if values else None,
    }


def _keep(module: Module, call: TemplateCall) -> None:
    if all(one.location != call.location or one.template != call.template for one in module.calls):
        module.calls.append(call)


def _source(module: Module, values: list[HclValue]) -> Source | None:
    name = values[0] if values else None
    if not isinstance(name, Text) or name.known is None:
        return None
    path = PurePosixPath(normpath(name.known))
    return module.checkout.get(path) or module.checkout.get(
        PurePosixPath(normpath(str(module.folder / name.known)))
    )


def _passed(call: Call, given: HclValue, scope: Scope) -> Mapping[str, Location] | None:
    if not isinstance(given, Mapping):
        return None
    node = call.arguments[1] if len(call.arguments) > 1 else None
    if not isinstance(node, Object):
        return dict.fromkeys(given, scope.place(call.span))
    return {
        key.name: scope.place(key.span) for key, _ in node.items if isinstance(key, Variable)
    } | {name: scope.place(call.span) for name in given if name not in _names(node)}


def _names(node: Object) -> set[str]:
    return {key.name for key, _ in node.items if isinstance(key, Variable)}


def template(
    module: Module,
    source: Source,
    given: HclValue,
    place: Location,
    passed: Mapping[str, Location] | None,
    *,
    is_fixed: bool = True,
) -> HclValue:
    """Return a template file rendered with what it is given; keep what Terraform refuses."""
    tree, problems = module.checkout.parsed(source, parse_template)
    faults = [Fault(one.message, Location(source, one.span)) for one in problems]
    names = dict(given) if isinstance(given, Mapping) else {}
    is_closed = isinstance(given, Mapping)
    noted: list[Fault] = []
    scope = Scope(source, names, functions=FUNCTIONS, faults=noted, is_closed=is_closed)
    value = render(tree, scope)
    faults += noted
    text = _text(value, source)
    call = TemplateCall(
        place, source, "templatefile", passed, _used(source, tree), tuple(faults), text, is_fixed
    )
    _keep(module, call)
    if isinstance(value, Text):
        return value
    return text if faults else value


def _text(value: HclValue, source: Source) -> Text:
    """Return what a template becomes as text; as it is written where that is not known."""
    if isinstance(value, Text | bool | int | float):
        return text_of(value, Location(source, Span(0, len(source.text))))
    return Text.of(source)


def _used(source: Source, tree: Template) -> frozenset[str]:
    """Return the names that a template mentions anywhere."""
    found: set[str] = set()
    stack: list[object] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Variable):
            found.add(node.name)
        elif isinstance(node, tuple):
            stack.extend(node)
        elif isinstance(node, Struct) and not isinstance(node, Span):
            stack.extend(getattr(node, name) for name in node.__struct_fields__)
    return frozenset(found)


def template_file(module: Module, file: File, block: Block) -> HclValue:
    """Return ``template_file.x.rendered``: the provider that came before ``templatefile``."""
    text = block.body.get("template")
    given = block.body.get("vars")
    if text is None:
        return Open("template_file")
    value = module.value(text.expression, file)
    names = {} if given is None else module.value(given.expression, file)
    location = value.location if isinstance(value, Text) else None
    if location is None or not isinstance(value, Text) or value.flat != location.source.text:
        return Open("template_file")
    module.calls[:] = [one for one in module.calls if one.template != location.source]
    place = file.place(text.name_span)
    passed = None
    if given is not None and isinstance(given.expression, Object):
        nodes = (key for key, _ in given.expression.items if isinstance(key, Variable))
        passed = {key.name: file.place(key.span) for key in nodes}
    return template(module, location.source, names, place, passed)


def cloudinit(module: Module, file: File, block: Block) -> HclValue:
    """Return ``cloudinit_config.x.rendered`` as the MIME text it is, in base64 unless told."""
    boundary = "MIMEBOUNDARY"
    pieces = [
        Text.literal(
            f'Content-Type: multipart/mixed; boundary="{boundary}"\nMIME-Version: 1.0\n\n',
            file.place(block.head),
        )
    ]
    for part in block.body.all("part"):
        pieces += _part(module, file, part, boundary)
    pieces.append(Text.literal(f"--{boundary}--\n", file.place(block.head)))
    encodes = block.body.get("base64_encode")
    whole = joined(pieces)
    is_plain = encodes is not None and module.value(encodes.expression, file) is False
    return whole if is_plain else Encoded(whole)


def _part(module: Module, file: File, part: Block, boundary: str) -> list[Text]:
    place = file.place(part.head)
    kind, name, content = (
        None if found is None else module.value(found.expression, file)
        for found in map(part.body.get, ("content_type", "filename", "content"))
    )
    if not isinstance(content, Text):
        return []
    shown = kind.flat if isinstance(kind, Text) else "text/x-shellscript"
    head = f"--{boundary}\nContent-Type: {shown}\n"
    if isinstance(name, Text):
        head += f'Content-Disposition: attachment; filename="{name.flat}"\n'
    return [Text.literal(head + "\n", place), content, Text.literal("\n", place)]


def is_of_shell(source: Source, name: str) -> bool:
    """Whether a script sets *name* itself, or names it as the shell's: it means ``$${name}``."""
    text = source.text
    own = re.escape(name)
    head = r"(?:^|[\s;(&|])(?:export\s+|local\s+)?"
    is_set = re.search(rf"{head}{own}\+?=(?![\"']?\$\{{{own}\}})", text, re.MULTILINE)
    is_looped = re.search(rf"\b(?:read\b[^\n]*|for\s+){re.escape(name)}\b", text)
    return is_set is not None or is_looped is not None
