"""Link every reference to a launch template version that the checkout holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import replace

from megalint.classify import Kind
from megalint.project.linked import Linker, Project
from megalint.project.versions import (
    carriers,
    javascript,
    machines,
    makefiles,
    powershell,
    scripts,
    stacks,
    terraform,
)
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import (
    CreatedVersion,
    EncodingMistake,
    Fact,
    LostAlias,
    Selection,
    Substitution,
    TemplateDefinition,
    VersionReference,
)


def _of_python(project: Project) -> Iterator[Fact]:
    """Yield what Python asks for; its parser takes 0.4 s to import."""
    sources = tuple(speaking(project.checkout, Kind.PYTHON))
    if sources:
        from megalint.project.versions import python

        for found in python.references(project, sources):
            yield found
            if isinstance(found, VersionReference):
                yield from _handed_over(project, found)


def _handed_over(project: Project, found: VersionReference) -> Iterator[VersionReference]:
    """Yield what a state machine hands to the function that asks for an entry of its event."""
    for one in machines.payloads(project) if found.inputs else ():
        stem = found.location.source.path.stem
        names = f"{one.task.name} {one.task.function}".lower().replace("-", "_")
        is_meant = any(name.partition(".")[2] == one.key for name in found.inputs)
        if is_meant and (stem.lower() in names or found.location.source.path.parent.name in names):
            yield replace(found, versions=(one.version,), inputs=())


_READERS: Final[tuple[Callable[[Project], Iterator[Fact]], ...]] = (
    _of_python,
    javascript.references,
    machines.references,
    scripts.of_scripts,
    carriers.of_yaml,
    makefiles.references,
    powershell.references,
    carriers.of_provisioners,
    scripts.of_workflows,
    stacks.references,
    terraform.references,
)


def _link(project: Project) -> Iterator[Fact]:
    seen: set[Fact] = set()
    for reader in _READERS:
        for found in reader(project):
            if found not in seen:
                seen.add(found)
                yield found


LINKER: Final = Linker(
    (
        VersionReference,
        LostAlias,
        TemplateDefinition,
        CreatedVersion,
        Substitution,
        EncodingMistake,
        Selection,
    ),
    _link,
)
