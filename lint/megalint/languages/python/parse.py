"""Parse Python with libcst, which keeps every character, so that edits keep the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from msgspec import Struct

from megalint.languages.python.nesting import is_shallow
from megalint.source import Location, Source, Span

_MARK = "\ufeff"


class Module(Struct, frozen=True, dict=True):
    """A parsed file; nodes are those of libcst."""

    source: Source
    tree: cst.Module
    ranges: Mapping[cst.CSTNode, CodeRange]

    def place(self, node: cst.CSTNode) -> Location:
        """Return where a node is written."""
        found = self.ranges[node]
        start = self._starts[found.start.line - 1] + found.start.column
        return Location(
            self.source, Span(start, self._starts[found.end.line - 1] + found.end.column)
        )

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.source.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        starts[0] = int(self.source.text.startswith(_MARK))
        return starts


def parse(source: Source) -> Module | None:
    """Return the parsed file, None for what is no Python of this day, or of no person."""
    if not is_shallow(source.text):
        return None
    try:
        tree = cst.parse_module(source.text.removeprefix(_MARK))
    except (cst.ParserSyntaxError, RecursionError, ValueError):
        return None
    wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
    return Module(source, tree, wrapper.resolve(PositionProvider))
