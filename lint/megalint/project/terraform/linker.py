"""Link what Terraform hands to machines: the user data of templates, instances and modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.languages.hcl.syntax import Argument, Block, File
from megalint.languages.hcl.values import Encoded, HclValue, OneOf, Open
from megalint.project.checkout import Checkout
from megalint.project.launches.facts import UserData
from megalint.project.linked import Linker, Project
from megalint.project.terraform.module import Module
from megalint.project.terraform.templates import TemplateCall
from megalint.source import Location
from megalint.text import Text

_HOLDERS: Final = (
    "aws_launch_template",
    "aws_instance",
    "aws_spot_instance_request",
    "aws_launch_configuration",
)
_ARGUMENTS: Final = ("user_data", "user_data_base64", "user_data_template")
_MODULE_ARGUMENTS: Final = (
    *_ARGUMENTS,
    "user_data_script",
    "userdata",
    "custom_user_data",
)


class TerraformUserData(Struct, frozen=True):
    """The user data of a resource: what it holds, and how many times it is in base64.

    :attr:`kind` is the resource's, or ``module``; :attr:`argument` names the argument.
    """

    user_data: UserData
    kind: str
    argument: str
    encodings: int
    value: HclValue

    @property
    def reason(self) -> str | None:
        """Why the value is not known; None where it is."""
        return self.value.reason if isinstance(self.value, Open) else None


def roots(project: Project) -> tuple[Module, ...]:
    """Return the folders of Terraform that no other of the checkout calls."""
    return roots_of(project.checkout)


def roots_of(checkout: Checkout) -> tuple[Module, ...]:
    """Return the folders of Terraform that no other of *checkout* calls."""
    return checkout.view(_roots)


def _roots(checkout: Checkout) -> tuple[Module, ...]:
    folders = sorted({one.path.parent for one in checkout if one.path.suffix == ".tf"})
    called = _called_folders(checkout, folders)
    return tuple(Module(checkout, one) for one in folders if one not in called)


def _link(project: Project) -> Iterator[TerraformUserData | TemplateCall]:
    seen: set[tuple[Location, str]] = set()
    for module in roots(project):
        for found in _of_module(module):
            key = (found.user_data.location, found.user_data.text.flat)
            if key not in seen:
                seen.add(key)
                yield found
        yield from module.calls


def _called_folders(checkout: Checkout, folders: list[PurePosixPath]) -> set[PurePosixPath]:
    """Return the folders that others of the checkout call: they are read with their inputs."""
    found: set[PurePosixPath] = set()
    for folder in folders:
        module = Module(checkout, folder)
        for file, block in module.blocks("module"):
            child = module.called(file, block)
            if child is not None:
                found.add(child.folder)
    return found


class _Holder(Struct, frozen=True):
    """A block that hands over user data, as it is called."""

    module: Module
    file: File
    block: Block
    kind: str
    address: str


def _of_module(module: Module) -> Iterator[TerraformUserData]:
    for resource in module.resources(*_HOLDERS):
        address = module.path + resource.address
        holder = _Holder(module, resource.file, resource.block, resource.kind, address)
        for name in _ARGUMENTS:
            argument = resource.block.body.get(name)
            if argument is not None:
                value = module.value(argument.expression, resource.file, resource.names)
                yield from _handed(holder, argument, value)
    for file, block in module.blocks("module"):
        child = module.called(file, block)
        if child is not None:
            yield from _of_module(child)
        else:
            yield from _of_foreign_module(module, file, block)


def _of_foreign_module(module: Module, file: File, block: Block) -> Iterator[TerraformUserData]:
    """Yield the scripts that a module from elsewhere is given."""
    address = f"{module.path}module.{'.'.join(block.labels)}"
    holder = _Holder(module, file, block, "module", address)
    for name in _MODULE_ARGUMENTS:
        argument = block.body.get(name)
        if argument is not None:
            yield from _handed(holder, argument, module.value(argument.expression, file))


def _handed(holder: _Holder, argument: Argument, value: HclValue) -> Iterator[TerraformUserData]:
    place = holder.file.place(argument.name_span)
    region = holder.module.region(holder.block, holder.file)
    for one in value.alternatives if isinstance(value, OneOf) else (value,):
        encodings, inner, is_packed = 0, one, False
        while isinstance(inner, Encoded):
            is_packed = is_packed or inner.is_packed
            encodings, inner = encodings + 1, inner.content
        if isinstance(inner, Text | Open):
            text = inner if isinstance(inner, Text) else Text()
            refusal = _refusal(text, holder.module)
            data = UserData(text, place, holder.address, region, refusal, is_packed)
            yield TerraformUserData(data, holder.kind, argument.name, encodings, one)


def _refusal(text: Text, module: Module) -> str | None:
    """Return what Terraform says of the template that *text* comes from, where it refuses it."""
    sources = {piece.location.source for piece in text.pieces if piece.location}
    for call in module.calls:
        if call.faults and call.template in sources:
            return f"Terraform refuses the template: {call.faults[0].message}"
    return None


LINKER: Final = Linker((TerraformUserData, TemplateCall), _link)
