"""Versions in scripts: shell files, and the steps of GitHub workflows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind
from megalint.formats.yaml_nodes import Node, Unreadable, composed, get, members, scalar, span
from megalint.project.launches import workflows
from megalint.project.linked import Project
from megalint.project.versions.carriers import run, weakened
from megalint.project.versions.commands import Account, facts_of
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import Fact
from megalint.source import Source
from megalint.text import Text

_COMMAND: Final = re.compile(r"\baws\b")
_INPUT: Final = re.compile(r"(?:inputs|github\.event\.inputs)\.(?P<name>[\w-]+)")


def of_scripts(project: Project) -> Iterator[Fact]:
    """Yield the versions that shell scripts ask for, whoever starts them."""
    for source in speaking(project.checkout, Kind.SHELL):
        if source.mentions(_COMMAND):
            yield from run(Text.of(source))


def of_workflows(project: Project) -> Iterator[Fact]:
    """Yield the versions that the steps of workflows ask for."""
    for source in speaking(project.checkout, Kind.WORKFLOW):
        if source.mentions(_COMMAND):
            yield from _of_workflow(source)


def _of_workflow(source: Source) -> Iterator[Fact]:
    try:
        root = composed(source.text)
    except Unreadable:
        return
    defaults = dict(_defaults(root))
    text = Text.of(source)

    def fill(name: str) -> Text | None:
        match = _INPUT.fullmatch(name)
        node = None if match is None else defaults.get(match["name"])
        return None if node is None else scalar(text, node)

    account = Account()
    for _ in workflows.run_jobs(source, account, fill):
        pass
    given = [span(node) for node in defaults.values()]
    for asked in account.asked:
        for found in facts_of(asked):
            yield weakened(found, given)


def _defaults(root: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the default of each input; YAML 1.1 reads the key ``on`` as a word of its own."""
    for event in ("workflow_dispatch", "workflow_call"):
        for name, node in members(get(root, "on", event, "inputs")):
            default = get(node, "default")
            if default is not None:
                yield name, default
