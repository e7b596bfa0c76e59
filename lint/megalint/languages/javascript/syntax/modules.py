"""Imports, exports, and the module around them."""

from __future__ import annotations

from dataclasses import dataclass, field

from megalint.languages.javascript.syntax.node import Expression, Node, Statement
from megalint.languages.javascript.syntax.statements import (
    ClassDeclaration,
    Declaration,
    Enum,
    FunctionDeclaration,
)
from megalint.source import Location, Source


@dataclass(frozen=True, slots=True)
class ImportedName(Node):
    """``imported as local``; type-only names are dropped."""

    imported: str
    local: str


@dataclass(frozen=True, slots=True)
class Import(Statement):
    """``import default, * as namespace, { names } from specifier``; no types."""

    specifier: str
    default: str | None = None
    namespace: str | None = None
    names: tuple[ImportedName, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRequire(Statement):
    """``import local = require(specifier)``; *is_export* for ``export import``."""

    local: str
    specifier: str
    is_export: bool = False


@dataclass(frozen=True, slots=True)
class ExportedName(Node):
    """``local as exported``."""

    local: str
    exported: str


@dataclass(frozen=True, slots=True)
class ExportNames(Statement):
    """``export { a as b }``, with a specifier when re-exported ``from`` another module."""

    names: tuple[ExportedName, ...]
    specifier: str | None = None


@dataclass(frozen=True, slots=True)
class ExportAll(Statement):
    """``export * from specifier``; with ``as exported`` a namespace."""

    specifier: str
    exported: str | None = None


@dataclass(frozen=True, slots=True)
class ExportDeclaration(Statement):
    """``export`` before a declaration."""

    declaration: Declaration | FunctionDeclaration | ClassDeclaration | Enum


@dataclass(frozen=True, slots=True)
class ExportDefault(Statement):
    """``export default value``; a function or class declaration is its expression."""

    value: Expression


@dataclass(frozen=True, slots=True)
class ExportAssignment(Statement):
    """``export = value``."""

    value: Expression


@dataclass(frozen=True, slots=True)
class OpaqueStatement(Statement):
    """A statement without a meaning here (``namespace``, ``with``), or a syntax error."""

    reason: str


@dataclass(frozen=True, slots=True)
class Module:
    """One lowered file.

    :attr:`directives` are the strings at its top (``use client``); :attr:`errors` are the places
    the parser could not read.
    """

    source: Source
    body: tuple[Statement, ...]
    directives: tuple[str, ...] = ()
    errors: tuple[Location, ...] = field(default=())
