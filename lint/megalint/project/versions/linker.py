"""Link every reference to a launch template version that the checkout holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from megalint.classify import Kind
from megalint.project.linked import Linker, Project
from megalint.project.versions import javascript, scripts, stacks, terraform
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import LostAlias, VersionReference

Fact = VersionReference | LostAlias


def _of_python(project: Project) -> Iterator[VersionReference]:
    """Yield what Python asks for; its parser takes 0.4 s to import."""
    sources = tuple(speaking(project.checkout, Kind.PYTHON))
    if sources:
        from megalint.project.versions import python

        yield from python.references(project, sources)


_READERS: Final[tuple[Callable[[Project], Iterator[Fact]], ...]] = (
    _of_python,
    javascript.references,
    scripts.of_scripts,
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


LINKER: Final = Linker((VersionReference, LostAlias), _link)
