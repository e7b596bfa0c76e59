"""Auto Scaling groups: which version of a template they follow, and how many machines they want."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from megalint.languages.hcl.syntax import Block, File
from megalint.languages.hcl.values import HclValue, Open, number_of
from megalint.project.capacities import wanted
from megalint.project.linked import Linker, Project
from megalint.project.terraform.linker import roots
from megalint.project.terraform.module import Module
from megalint.source import Location
from megalint.text import Text

_CAPACITIES: Final = ("min_size", "max_size", "desired_capacity")


class Capacity(Struct, frozen=True):
    """A number of machines that is written out, and where."""

    number: int
    location: Location


class ScalingGroup(Struct, frozen=True):
    """An ``aws_autoscaling_group``.

    :attr:`version` is the version of the launch template as text, None where it is not known;
    :attr:`version_at` its place. :attr:`refresh_at` is the place of ``instance_refresh``,
    :attr:`triggers` what starts one besides a new template. :attr:`name` is the group's own,
    :attr:`key` what no other group of the checkout has, :attr:`template` the key of its launch
    template and :attr:`targets` those of its target groups.
    """

    address: str
    key: str
    name: str | None
    version: str | None
    version_at: Location | None
    refresh_at: Location | None
    triggers: tuple[str, ...]
    capacities: tuple[tuple[str, Capacity], ...]
    template: str | None = None
    targets: tuple[str, ...] = ()

    def capacity(self, name: str) -> Capacity | None:
        """Return ``min_size``, ``max_size`` or ``desired_capacity`` where it is written out."""
        return next((one for key, one in self.capacities if key == name), None)


class TargetGroup(Struct, frozen=True):
    """An ``aws_lb_target_group`` whose port is written out."""

    address: str
    key: str
    port: Capacity


class WantedCapacity(Struct, frozen=True):
    """A desired capacity that something else sets: a schedule, a state machine, Python code.

    :attr:`group` is the key of a group with an attribute behind it, or the group's name.
    """

    group: str
    number: int
    location: Location


Fact = ScalingGroup | WantedCapacity | TargetGroup


def _link(project: Project) -> Iterator[Fact]:
    seen: set[Location] = set()
    yield from (WantedCapacity(*one) for one in wanted(project.checkout))
    for module in roots(project):
        for found in _of_module(module):
            place = _place(found)
            if place is None or place not in seen:
                seen |= set() if place is None else {place}
                yield found


def _place(found: Fact) -> Location | None:
    if isinstance(found, TargetGroup):
        return found.port.location
    if isinstance(found, WantedCapacity):
        return found.location
    return found.version_at or next((one.location for _, one in found.capacities), None)


def _of_module(module: Module) -> Iterator[Fact]:
    for resource in module.resources("aws_autoscaling_group"):
        yield _group(module, resource.file, resource.block, resource.names, resource.address)
    for resource in module.resources("aws_lb_target_group", "aws_alb_target_group"):
        port = _capacity(module, resource.file, resource.block, "port", resource.names)
        if port is not None:
            yield TargetGroup(resource.address, f"{module.key}{resource.address}", port)
    for resource in module.resources("aws_autoscaling_schedule"):
        number = _capacity(
            module, resource.file, resource.block, "desired_capacity", resource.names
        )
        name = resource.block.body.get("autoscaling_group_name")
        value = None if name is None else module.value(name.expression, resource.file)
        group = value.name if isinstance(value, Open) else _words(value)
        if number is not None and group is not None:
            yield WantedCapacity(group, number.number, number.location)
    for file, block in module.blocks("module"):
        child = module.called(file, block)
        if child is not None:
            yield from _of_module(child)


def _group(
    module: Module, file: File, block: Block, names: Mapping[str, HclValue], address: str
) -> ScalingGroup:
    template = _template(block)
    argument = None if template is None else template.body.get("version")
    version = None if argument is None else module.value(argument.expression, file)
    refresh = next((one for one in block.body.blocks if one.kind == "instance_refresh"), None)
    triggers = None if refresh is None else refresh.body.get("triggers")
    listed = () if triggers is None else module.value(triggers.expression, file)
    name = block.body.get("name")
    capacities = (
        (one, found)
        for one in _CAPACITIES
        if (found := _capacity(module, file, block, one, names)) is not None
    )
    return ScalingGroup(
        address,
        f"{module.key}{address}",
        _words(None if name is None else module.value(name.expression, file)),
        _words(version),
        None if argument is None else file.place(argument.expression.span),
        None if refresh is None else file.place(refresh.head),
        tuple(one.flat for one in listed if isinstance(one, Text))
        if isinstance(listed, tuple)
        else (),
        tuple(capacities),
        _key(module, file, template, "id") or _key(module, file, template, "name"),
        tuple(_targets(module, file, block)),
    )


def _key(module: Module, file: File, block: Block | None, name: str) -> str | None:
    """Return the resource that an argument refers to, by its key."""
    argument = None if block is None else block.body.get(name)
    value = None if argument is None else module.value(argument.expression, file)
    return _resource(value)


def _resource(value: HclValue) -> str | None:
    return value.name.rpartition(".")[0] if isinstance(value, Open) and value.name else None


def _targets(module: Module, file: File, block: Block) -> Iterator[str]:
    argument = block.body.get("target_group_arns")
    value = None if argument is None else module.value(argument.expression, file)
    for one in value if isinstance(value, tuple) else ():
        key = _resource(one)
        if key is not None:
            yield key


def _template(block: Block) -> Block | None:
    """Return the ``launch_template`` block, that of a mixed policy too."""
    found = next(block.body.all("launch_template"), None)
    if found is not None:
        return found
    for policy in block.body.all("mixed_instances_policy"):
        for template in policy.body.all("launch_template"):
            return next(template.body.all("launch_template_specification"), None)
    return None


def _words(value: HclValue) -> str | None:
    """Return a value as text: a reference by its name."""
    if isinstance(value, Text):
        return value.known
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.reason if isinstance(value, Open) else None


def _capacity(
    module: Module, file: File, block: Block, name: str, names: Mapping[str, HclValue]
) -> Capacity | None:
    argument = block.body.get(name)
    if argument is None:
        return None
    number = number_of(module.value(argument.expression, file, names))
    if number is None:
        return None
    return Capacity(int(number), file.place(argument.expression.span))


LINKER: Final = Linker((ScalingGroup, WantedCapacity, TargetGroup), _link)
