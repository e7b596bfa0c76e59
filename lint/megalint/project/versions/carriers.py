"""Versions in scripts that other files carry: CI files, SSM documents, Terraform's provisioners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from megalint.classify import Kind
from megalint.formats.yaml_nodes import (
    Node,
    ScalarNode,
    SequenceNode,
    Unreadable,
    composed,
    elements,
    members,
    scalar,
)
from megalint.languages.hcl.syntax import Block
from megalint.languages.shell.state import Machine, Shell, Variable
from megalint.project.launches.interpret import run_in
from megalint.project.linked import Project
from megalint.project.terraform.linker import roots
from megalint.project.terraform.module import Module
from megalint.project.versions.commands import Account, facts_of
from megalint.project.versions.contexts import speaking
from megalint.project.versions.facts import Fact, VersionReference, Written
from megalint.source import Span
from megalint.text import Text, separated
from megalint.values import Unknown

_COMMAND: Final = re.compile(r"\baws\b")
_SCRIPTS: Final = frozenset(
    {"run", "script", "before_script", "after_script", "commands", "command", "runcommand"}
    | {"inlinescript", "bash", "shell", "cmds", "deploy"}
)
_VARIABLES: Final = frozenset({"variables", "env", "environment"})
_MAX_DEPTH: Final = 20
_ARGUMENTS: Final = 10


def run(text: Text, variables: dict[str, Variable] | None = None) -> Iterator[Fact]:
    """Yield what a script asks AWS for, whoever starts it."""
    account = Account()
    folder = Text.opaque(Unknown("the folder of who starts the script"))
    arguments = tuple(Text.opaque(Unknown(f"the argument {n}")) for n in range(1, _ARGUMENTS))
    shell = Shell(
        "?",
        folder,
        variables=dict(variables or {}),
        positional=arguments,
        has_known_environment=False,
    )
    run_in(shell, text, account, Machine())
    for asked in account.asked:
        yield from facts_of(asked)


def weakened(fact: Fact, fallbacks: list[Span]) -> Fact:
    """Return a reference whose versions may be given otherwise marked as such."""
    if not isinstance(fact, VersionReference):
        return fact

    def is_weak(one: Written) -> bool:
        start = one.location.span.start
        return any(span.start <= start < span.end for span in fallbacks)

    versions = tuple(replace(one, is_fallback=is_weak(one)) for one in fact.versions)
    return replace(fact, versions=versions)


# --- CI files, SSM documents, Ansible ------------------------------------------------------


def of_yaml(project: Project) -> Iterator[Fact]:
    """Yield what the scripts in YAML and JSON files ask for: buildspec, GitLab, SSM, Ansible."""
    for source in speaking(project.checkout, Kind.YAML, Kind.JSON):
        if source.mentions(_COMMAND):
            try:
                root = composed(source.text)
            except Unreadable:
                continue
            variables = dict(_variables(Text.of(source), root, 0))
            for script in _scripts(Text.of(source), root, 0):
                if _COMMAND.search(script.flat):
                    yield from run(script, variables)


def _scripts(text: Text, node: Node | None, depth: int) -> Iterator[Text]:
    for key, value in members(node):
        is_script = key.lower() in _SCRIPTS
        if is_script and isinstance(value, ScalarNode):
            yield scalar(text, value)
        elif is_script and isinstance(value, SequenceNode):
            lines = (scalar(text, one) for one in elements(value) if isinstance(one, ScalarNode))
            yield separated(lines, Text.literal("\n"))
    for one in [value for _, value in members(node)] or elements(node):
        if depth < _MAX_DEPTH:
            yield from _scripts(text, one, depth + 1)


def _variables(text: Text, node: Node | None, depth: int) -> Iterator[tuple[str, Variable]]:
    for key, value in members(node):
        if key.lower() in _VARIABLES:
            for name, one in members(value):
                if isinstance(one, ScalarNode):
                    yield name, Variable(scalar(text, one), True, text.location)
        if depth < _MAX_DEPTH:
            yield from _variables(text, value, depth + 1)


# --- provisioners of Terraform -------------------------------------------------------------


def of_provisioners(project: Project) -> Iterator[Fact]:
    """Yield what the local commands of Terraform ask for."""
    for module in roots(project):
        yield from _of_module(module)


def _of_module(module: Module) -> Iterator[Fact]:
    for file, block in module.blocks("resource"):
        for one in _provisioners(block):
            argument = one.body.get("command")
            value = None if argument is None else module.value(argument.expression, file)
            if isinstance(value, Text) and _COMMAND.search(value.flat):
                yield from run(value)
    for file, block in module.blocks("module"):
        child = module.called(file, block)
        if child is not None:
            yield from _of_module(child)


def _provisioners(block: Block) -> Iterator[Block]:
    return (one for one in block.body.all("provisioner") if one.labels == ("local-exec",))
