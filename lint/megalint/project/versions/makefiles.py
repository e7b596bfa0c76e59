"""Versions in the recipes of makefiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.project.linked import Project
from megalint.project.versions.carriers import run, weakened
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import Fact
from megalint.source import Span
from megalint.text import Text
from megalint.values import Unknown

_COMMAND: Final = re.compile(r"\baws\b")
_ASSIGNED: Final = re.compile(
    r"^(?:export\s+)?(?P<name>[\w.-]+)\s*(?P<how>[?:+!]{0,3}=)"
    r"[ \t]*(?P<value>[^\n#]*?)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_RECIPE: Final = re.compile(r"^\t(?P<line>(?:[^\n\\]|\\.|\\\n)*)", re.MULTILINE)
_REFERENCE: Final = re.compile(
    r"\$(?:(?P<dollar>\$)|\((?P<round>[\w.-]+)\)|\{(?P<curly>[\w.-]+)\})"
)


def references(project: Project) -> Iterator[Fact]:
    """Yield what the recipes of makefiles ask for; ``?=`` gives way to the environment."""
    for source in speaking(project.checkout, Kind.MAKEFILE):
        text = Text.of(source)
        values: dict[str, Text] = {}
        fallbacks: list[Span] = []
        for match in _ASSIGNED.finditer(source.text):
            values[match["name"]] = text[match.start("value") : match.end("value")]
            if match["how"] == "?=":
                fallbacks.append(Span(*match.span("value")))
        for match in _RECIPE.finditer(source.text):
            line = text[match.start("line") : match.end("line")]
            if _COMMAND.search(line.flat):
                script = _expanded(line[len(line) - len(line.flat.lstrip("@-+ ")) :], values)
                yield from (weakened(one, fallbacks) for one in run(script))


def _expanded(line: Text, values: dict[str, Text]) -> Text:
    def one(match: re.Match[str]) -> Text:
        if match["dollar"]:
            return line[match.start("dollar") : match.end("dollar")]
        name = match["round"] or match["curly"]
        place = line.locate(Span(*match.span()))
        return values.get(name) or Text.opaque(Unknown(f"$({name})"), place)

    return line.replaced(_REFERENCE, one)
