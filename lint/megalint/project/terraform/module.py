"""One folder of Terraform with the inputs it is called with: what its names stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from msgspec import Struct, field

from megalint.languages.hcl.evaluate import Scope, evaluate
from megalint.languages.hcl.parse import parse
from megalint.languages.hcl.syntax import (
    Argument,
    Attribute,
    Block,
    Expression,
    File,
    Object,
    Variable,
)
from megalint.languages.hcl.values import HclValue, Open, items_of, member
from megalint.project.checkout import Checkout
from megalint.project.terraform import templates
from megalint.source import Location
from megalint.text import Text

MAX_DEPTH: Final = 8
_META: Final = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
_OWN: Final = frozenset({"var", "local", "path", "module", "data", "each", "count", "self"})


class Resource(Struct, frozen=True):
    """A resource or data source, one instance of each ``for_each``, and its names."""

    kind: str
    name: str
    block: Block
    file: File
    names: Mapping[str, HclValue]

    @property
    def address(self) -> str:
        """How Terraform calls it, without the module."""
        return f"{self.kind}.{self.name}"


class Module(Struct):
    """A folder, evaluated with *inputs*; names are resolved when they are asked for.

    :attr:`places` are where the inputs are written, :attr:`regions` those of the providers that it
    is handed, by alias.
    """

    checkout: Checkout
    folder: PurePosixPath
    inputs: Mapping[str, HclValue] | None = None
    path: str = ""
    depth: int = 0
    root: PurePosixPath | None = None
    places: Mapping[str, Location] = field(default_factory=dict[str, Location])
    regions: Mapping[str | None, str | None] = field(default_factory=dict[str | None, str | None])
    calls: list[templates.TemplateCall] = field(default_factory=list[templates.TemplateCall])
    _busy: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    _known: dict[tuple[str, ...], HclValue] = field(default_factory=dict[tuple[str, ...], HclValue])
    _files: tuple[File, ...] | None = None

    @property
    def key(self) -> str:
        """What tells a resource of this module from one of the same address elsewhere."""
        return f"{self.folder}/{self.path}"

    @property
    def files(self) -> tuple[File, ...]:
        """The parsed files of the folder."""
        if self._files is None:
            self._files = tuple(
                self.checkout.parsed(source, parse)
                for source in self.checkout.below(self.folder)
                if source.path.parent == self.folder and source.path.suffix == ".tf"
            )
        return self._files

    def blocks(self, kind: str) -> Iterator[tuple[File, Block]]:
        """Yield the blocks of one kind, with their files."""
        for file in self.files:
            for block in file.body.blocks:
                if block.kind == kind:
                    yield file, block

    def resources(self, *kinds: str) -> Iterator[Resource]:
        """Yield the resources of some kinds, one for each instance that is written out."""
        for file, block in self.blocks("resource"):
            if len(block.labels) > 1 and block.labels[0] in kinds:
                for names in self.instances(file, block):
                    yield Resource(block.labels[0], block.labels[1], block, file, names)

    def instances(self, file: File, block: Block) -> Iterator[Mapping[str, HclValue]]:
        """Yield the names of each instance: those of ``for_each`` and ``count``."""
        each = block.body.get("for_each")
        if each is not None:
            pairs = items_of(self.value(each.expression, file))
            if pairs is None:
                unknown = Open("an item of for_each")
                yield {"each": {"key": unknown, "value": unknown}}
                return
            for key, value in pairs[:16]:
                name = value if isinstance(key, int) else key
                yield {"each": {"key": name, "value": value}}
            return
        count = block.body.get("count")
        if count is not None:
            number = self.value(count.expression, file)
            if number == 0 and not isinstance(number, bool):
                return
            yield {"count": {"index": 0 if number == 1 else Open("count.index")}}
            return
        yield {}

    # --- values ----------------------------------------------------------------------------

    def value(
        self, node: Expression, file: File, names: Mapping[str, HclValue] | None = None
    ) -> HclValue:
        """Return the value of an expression of this module."""
        return evaluate(node, self.scope(file, names or {}))

    def scope(self, file: File, names: Mapping[str, HclValue]) -> Scope:
        """Return the scope of an expression in *file*."""
        functions = templates.functions(self)
        return Scope(file.source, names, self.resolve, functions)

    def resolve(self, names: tuple[str, ...]) -> HclValue:
        """Return what a traversal stands for; one that needs itself is not known."""
        if names in self._known:
            return self._known[names]
        if names in self._busy:
            return Open("it refers to itself")
        self._busy.add(names)
        try:
            value = self._resolve(names)
        finally:
            self._busy.discard(names)
        self._known[names] = value
        return value

    def _resolve(self, names: tuple[str, ...]) -> HclValue:
        head, rest = names[0], names[1:]
        if head == "path":
            folders = {"module": self.folder, "root": self.root or self.folder}
            return Text.literal(str(folders.get(rest[0] if rest else "", PurePosixPath())))
        if head == "var" and rest:
            return _through(self._variable(rest[0]), rest[1:])
        if head == "local" and rest:
            return _through(self._local(rest[0]), rest[1:])
        if head == "module" and len(rest) > 1:
            return _through(self._output(rest[0], rest[1]), rest[2:])
        if head == "data" and len(rest) > 1:
            return self._data(rest)
        return self._attribute(names)

    def _variable(self, name: str) -> HclValue:
        if self.inputs is not None and name in self.inputs:
            return self.inputs[name]
        return self._given(self._of_variable(name), f"var.{name}")

    def _of_variable(self, name: str) -> tuple[File, Argument] | None:
        """Return what gives a variable its value: a tfvars file of the root, or its default."""
        for file, block in self.blocks("variable"):
            if block.labels == (name,):
                given = self._from_tfvars(name) if self.inputs is None else None
                default = block.body.get("default")
                return given or (None if default is None else (file, default))
        return None

    def _from_tfvars(self, name: str) -> tuple[File, Argument] | None:
        for source in self.checkout.below(self.folder):
            is_automatic = source.path.name == "terraform.tfvars" or source.path.name.endswith(
                ".auto.tfvars"
            )
            if source.path.parent == self.folder and is_automatic:
                file = self.checkout.parsed(source, parse)
                argument = file.body.get(name)
                if argument is not None:
                    return file, argument
        return None

    def _local(self, name: str) -> HclValue:
        return self._given(self._of_local(name), f"local.{name}")

    def _of_local(self, name: str) -> tuple[File, Argument] | None:
        for file, block in self.blocks("locals"):
            argument = block.body.get(name)
            if argument is not None:
                return file, argument
        return None

    def _given(self, found: tuple[File, Argument] | None, name: str) -> HclValue:
        return Open(name, name) if found is None else self.value(found[1].expression, found[0])

    def written_at(self, node: Expression, file: File) -> Location:
        """Return where the value of a variable or local is written; else the place of *node*."""
        found = None
        match node:
            case Attribute(_, Variable(_, "var"), name):
                if name in self.places:
                    return self.places[name]
                found = self._of_variable(name)
            case Attribute(_, Variable(_, "local"), name):
                found = self._of_local(name)
            case _:
                pass
        if found is None:
            return file.place(node.span)
        return found[0].place(found[1].expression.span)

    def _output(self, module: str, name: str) -> HclValue:
        child = self.child(module)
        for file, block in child.blocks("output") if child is not None else ():
            value = block.body.get("value")
            if block.labels == (name,) and value is not None and child is not None:
                return child.value(value.expression, file)
        full = f"module.{module}.{name}"
        return Open(full, full)

    def _data(self, rest: tuple[str, ...]) -> HclValue:
        kind, name = rest[:2]
        for file, block in self.blocks("data"):
            if block.labels == (kind, name) and rest[2:3] == ("rendered",):
                if kind == "template_file":
                    return templates.template_file(self, file, block)
                if kind in {"cloudinit_config", "template_cloudinit_config"}:
                    return templates.cloudinit(self, file, block)
            if block.labels == (kind, name) and kind == "aws_region":
                region = self.region()
                if region is not None and rest[2:3] in {("name",), ("id",), ("region",)}:
                    return Text.literal(region)
        full = ".".join(("data", *rest))
        return Open(full, f"{self.key}{full}")

    def _attribute(self, names: tuple[str, ...]) -> HclValue:
        """Return what is written of another resource; the rest is known after apply."""
        full = ".".join(names)
        if len(names) > 2 and names[0] not in _OWN:  # noqa: PLR2004 - kind, name, attribute
            for file, block in self.blocks("resource"):
                if block.labels == names[:2] and names[2] in {"name", "rendered", "result"}:
                    if names[0] == "template_file":
                        return templates.template_file(self, file, block)
                    argument = block.body.get(names[2])
                    if argument is not None and names[2] == "name":
                        return self.value(argument.expression, file)
        return Open(full, f"{self.key}{full}")

    # --- modules and regions ---------------------------------------------------------------

    def child(self, name: str) -> Module | None:
        """Return the module called *name*, where it lies in the checkout."""
        if self.depth >= MAX_DEPTH:
            return None
        for file, block in self.blocks("module"):
            if block.labels == (name,):
                return self.called(file, block)
        return None

    def called(self, file: File, block: Block) -> Module | None:
        """Return the module that a block calls, where it lies in the checkout."""
        source = block.body.get("source")
        value = None if source is None else self.value(source.expression, file)
        if not isinstance(value, Text) or value.known is None or self.depth >= MAX_DEPTH:
            return None
        if not value.known.startswith(("./", "../")):
            return None
        folder = PurePosixPath(normpath(str(self.folder / value.known)))
        if folder.parts[:1] == ("..",) or not self.checkout.has_folder(folder):
            return None
        given = [one for one in block.body.arguments if one.name not in _META]
        inputs = {one.name: self.value(one.expression, file) for one in given}
        places = {one.name: self.written_at(one.expression, file) for one in given}
        path = f"{self.path}module.{block.labels[0]}." if block.labels else self.path
        root, regions = self.root or self.folder, self._handed(block)
        depth = self.depth + 1
        return Module(self.checkout, folder, inputs, path, depth, root, places, regions, self.calls)

    def _handed(self, block: Block) -> Mapping[str | None, str | None]:
        """Return the regions of the providers that a module is handed: its own, or the default."""
        given = block.body.get("providers")
        if given is None:
            return {None: self.region()}
        items = given.expression.items if isinstance(given.expression, Object) else ()
        return {_name(key): self._of_provider(_name(value)) for key, value in items}

    def region(self, block: Block | None = None, file: File | None = None) -> str | None:
        """Return the region of a resource, or of the provider that it uses, where written out."""
        if block is not None and block.kind == "module":
            return self._handed(block).get(None)
        body = None if block is None else block.body
        own, wanted = (None if body is None else body.get(key) for key in ("region", "provider"))
        if own is not None and file is not None:
            return self._region_of(own, file)
        return self._of_provider(None if wanted is None else _name(wanted.expression))

    def _of_provider(self, alias: str | None) -> str | None:
        for file, provider in self.blocks("provider"):
            if provider.labels != ("aws",):
                continue
            own = provider.body.get("alias")
            value = None if own is None else self.value(own.expression, file)
            name = value.known if isinstance(value, Text) else None
            if name == alias:
                return self._region_of(provider.body.get("region"), file)
        return self.regions.get(alias)

    def _region_of(self, argument: Argument | None, file: File) -> str | None:
        value = None if argument is None else self.value(argument.expression, file)
        return value.known if isinstance(value, Text) else None


def _name(node: Expression) -> str | None:
    """Return the alias of ``aws.alias``; None for the provider that has none."""
    return node.name if isinstance(node, Attribute) else None


def _through(value: HclValue, names: tuple[str, ...]) -> HclValue:
    for name in names:
        value = member(value, name)
    return value
