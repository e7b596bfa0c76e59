"""Versions in calls of the AWS SDK for JavaScript (v2 and v3), and in the CDK.

An argument is known by its shape: an object that names a template and a version. So the same reader
serves ``new DescribeLaunchTemplateVersionsCommand(input)`` and ``ec2.createFleet(params)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from megalint.classify import Kind
from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.constants import Bound, Constants, member
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.linked import Project
from megalint.project.modules import Inside, modules_of
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import (
    LATEST,
    CreatedVersion,
    Dialect,
    Use,
    VersionReference,
    Written,
)
from megalint.source import Location

_DIRECT: Final[Mapping[str, Use]] = {
    "Versions": Use.READ,
    "SourceVersion": Use.BASE,
    "DefaultVersion": Use.ACTIVATE,
}
_TEMPLATES: Final = (
    *("LaunchTemplateId", "LaunchTemplateName", "launchTemplateId", "launchTemplateName"),
    *("name", "id"),
)
_HELD: Final = frozenset(
    {"LaunchTemplate", "launchTemplate", "LaunchTemplateSpecification"}
    | {"launchTemplateSpecification"}
)
_CDK_ARGUMENT: Final = "versionNumber"
_IS_CDK: Final = ("aws-cdk", "@aws-cdk/", "cdktf", "@pulumi/")
_MAX_DEPTH: Final = 16


def references(project: Project) -> Iterator[VersionReference | CreatedVersion]:
    """Yield the versions that JavaScript and TypeScript ask for."""
    modules = modules_of(project.checkout)

    def load(module: js.Module, specifier: str) -> js.Module | None:
        found = modules.resolve(specifier, module.source.path)
        return project.checkout.parsed(found.source, parse) if isinstance(found, Inside) else None

    constants = Constants(load)
    for source in speaking(project.checkout, Kind.JAVASCRIPT):
        module = project.checkout.parsed(source, parse)
        yield from _Reader(module, constants).references()


class _Found(Struct, frozen=True):
    """A literal, the module it is in, and whether something else may be given instead."""

    module: js.Module
    node: js.Literal | js.Template
    text: str
    is_fallback: bool


class _Reader(Struct, frozen=True):
    module: js.Module
    constants: Constants

    def references(self) -> Iterator[VersionReference | CreatedVersion]:
        for node in walk(self.module):
            match node:
                case js.Object():
                    yield from self._of_object(node)
                case js.Property(_, js.Literal(_, str(key)), value) if key in _HELD:
                    yield from self._held(key, value)
                case js.Call(_, js.Member(_, _, "createLaunchTemplateVersion")) | js.New(
                    _, js.Name(_, "CreateLaunchTemplateVersionCommand")
                ):
                    yield self._created(node)
                case js.Assign(_, "=", js.Member(_, _, "Versions"), js.Array() as value):
                    yield self._reference("Versions", "Versions", Use.READ, value, None)
                case _:
                    pass

    def _created(self, node: js.Call | js.New) -> CreatedVersion:
        first = node.arguments[0] if node.arguments else None
        given = first if isinstance(first, js.Object) else None
        names = (None if given is None else member(given, key) for key in _TEMPLATES[:2])
        template = next((one for one in names if one is not None), None)
        name = "createLaunchTemplateVersion"
        place = Location(self.module.source, node.callee.span)
        known = None if template is None else self._known(template)
        return CreatedVersion(Dialect.SDK, name, place, known)

    def _of_object(self, node: js.Object) -> Iterator[VersionReference]:
        template = next((one for key in _TEMPLATES[:4] if (one := member(node, key))), None)
        for key, use in _DIRECT.items():
            value = member(node, key)
            if value is not None and (template is not None or key == "Versions"):
                yield self._reference(key, key, use, value, template)
        version = member(node, _CDK_ARGUMENT)
        if version is not None and template is not None:
            yield self._reference(
                "fromLaunchTemplateAttributes", _CDK_ARGUMENT, Use.START, version, template
            )

    def _held(self, key: str, node: js.Expression) -> Iterator[VersionReference]:
        if not isinstance(node, js.Object):
            return
        template = next((one for name in _TEMPLATES if (one := member(node, name))), None)
        version = member(node, "Version") or member(node, "version")
        if version is not None and template is not None:
            argument = "Version" if member(node, "Version") else "version"
            yield self._reference(key, argument, Use.START, version, template)
        elif template is not None and not any(isinstance(one, js.Spread) for one in node.members):
            yield VersionReference(
                self._dialect,
                Use.START,
                key,
                "Version",
                Location(self.module.source, node.span),
                template=self._known(template),
                is_absent=True,
            )

    @property
    def _dialect(self) -> Dialect:
        text = self.module.source.text
        return Dialect.CLOUDFORMATION if any(one in text for one in _IS_CDK) else Dialect.SDK

    def _known(self, node: js.Expression) -> str | None:
        found = list(self._literals(self.module, node, 0))
        return found[0].text if len(found) == 1 else None

    def _reference(
        self,
        call: str,
        argument: str,
        use: Use,
        value: js.Expression,
        template: js.Expression | None,
    ) -> VersionReference:
        return VersionReference(
            self._dialect,
            use,
            call,
            argument,
            Location(self.module.source, value.span),
            tuple(self._written(one, use) for one in self._literals(self.module, value, 0)),
            None if template is None else self._known(template),
        )

    def _written(self, found: _Found, use: Use) -> Written:
        place = Location(found.module.source, found.node.span)
        quote = place.text[:1] if place.text[:1] in {"'", '"', "`"} else "'"
        is_aliased = self._dialect is Dialect.SDK and use is not Use.ACTIVATE
        instead = f"{quote}{LATEST}{quote}" if is_aliased else None
        return Written(found.text, place, instead, found.is_fallback)

    def _literals(
        self, module: js.Module, node: js.Expression, depth: int, *, is_fallback: bool = False
    ) -> Iterator[_Found]:
        """Yield the literals that an expression may be."""
        if depth > _MAX_DEPTH:
            return
        match node:
            case js.Literal(_, str() | int() as value) if not isinstance(value, bool):
                yield _Found(module, node, str(value), is_fallback)
            case js.Template(_, (text,), ()):
                yield _Found(module, node, text, is_fallback)
            case js.Name() | js.Member():
                bound = self._bound(module, node, depth)
                if bound is not None:
                    yield from self._literals(
                        bound.module, bound.expression, depth + 1, is_fallback=is_fallback
                    )
            case _:
                for inner, is_default in _parts(node):
                    yield from self._literals(
                        module, inner, depth + 1, is_fallback=is_fallback or is_default
                    )

    def _bound(self, module: js.Module, node: js.Expression, depth: int) -> Bound | None:
        """Return what a name, or a member of a constant object, stands for."""
        if isinstance(node, js.Name):
            found = self.constants.target(module, node)
            return found if isinstance(found, Bound) else None
        if isinstance(node, js.Member) and depth < _MAX_DEPTH:
            holder = self._bound(module, node.object, depth + 1)
            inner = None if holder is None else _plain(holder.expression)
            value = member(inner, node.property) if isinstance(inner, js.Object) else None
            return None if holder is None or value is None else Bound(holder.module, value)
        return None


def _plain(node: js.Expression) -> js.Expression:
    return _plain(node.operand) if isinstance(node, js.Cast) else node


def _parts(node: js.Expression) -> Iterator[tuple[js.Expression, bool]]:
    """Yield the expressions whose value *node* may have, and whether others come before them."""
    match node:
        case js.Array(_, elements):
            yield from ((one, False) for one in elements if one is not None)
        case js.Cast(_, inner, _) | js.Await(_, inner):
            yield inner, False
        case js.Conditional(_, _, yes, no):
            yield yes, False
            yield no, False
        case js.Logical(_, _, left, right):
            yield left, False
            yield right, True
        case js.Template(_, ("", ""), (inner,)):
            yield inner, False
        case js.Call(_, js.Name(_, "String"), (inner,)):
            yield inner, False
        case js.Call(_, js.Member(_, inner, "toString"), ()):
            yield inner, False
        case _:
            pass
