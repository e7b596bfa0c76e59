"""Imports, exports, and the module around them."""

from __future__ import annotations

from msgspec import Struct, field

from megalint.languages.javascript.syntax.node import Expression, Node, Statement
from megalint.languages.javascript.syntax.statements import (
    ClassDeclaration,
    Declaration,
    Enum,
    FunctionDeclaration,
)
from megalint.source import Location, Source


class ImportedName(Node, frozen=True):
    """``imported as local``; type-only names are dropped."""

    imported: str
    local: str


class Import(Statement, frozen=True):
    """``import default, * as namespace, { names } from specifier``; no types."""

    specifier: str
    default: str | None = None
    namespace: str | None = None
    names: tuple[ImportedName, ...] = ()


class ImportRequire(Statement, frozen=True):
    """``import local = require(specifier)``; *is_export* for ``export import``."""

    local: str
    specifier: str
    is_export: bool = False


class ExportedName(Node, frozen=True):
    """``local as exported``."""

    local: str
    exported: str


class ExportNames(Statement, frozen=True):
    """``export { a as b }``, with a specifier when re-exported ``from`` another module."""

    names: tuple[ExportedName, ...]
    specifier: str | None = None


class ExportAll(Statement, frozen=True):
    """``export * from specifier``; with ``as exported`` a namespace."""

    specifier: str
    exported: str | None = None


class ExportDeclaration(Statement, frozen=True):
    """``export`` before a declaration."""

    declaration: Declaration | FunctionDeclaration | ClassDeclaration | Enum


class ExportDefault(Statement, frozen=True):
    """``export default value``; a function or class declaration is its expression."""

    value: Expression


class ExportAssignment(Statement, frozen=True):
    """``export = value``."""

    value: Expression


class OpaqueStatement(Statement, frozen=True):
    """A statement without a meaning here (``namespace``, ``with``), or a syntax error."""

    reason: str


class Module(Struct, frozen=True):
    """One lowered file.

    :attr:`directives` are the strings at its top (``use client``); :attr:`errors` are the places
    the parser could not read.
    """

    source: Source
    body: tuple[Statement, ...]
    directives: tuple[str, ...] = ()
    errors: tuple[Location, ...] = field(default=())
