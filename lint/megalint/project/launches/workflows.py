"""GitHub workflows: their jobs, run on the model of a machine, and the env files they write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from megalint.classify import Kind
from megalint.formats.yaml_nodes import (
    Node,
    ScalarNode,
    Unreadable,
    composed,
    elements,
    get,
    members,
    plain,
    scalar,
)
from megalint.languages.shell.state import Machine, Shell, Variable
from megalint.project.checkout import Checkout
from megalint.project.launches.families import DEBIAN
from megalint.project.launches.interpret import run_in
from megalint.project.launches.system import System
from megalint.source import Source, Span
from megalint.text import Text
from megalint.values import Unknown

Fill = Callable[[str], Text | None]
WORKSPACE: Final = "/workspace"
_EXPRESSION: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WRITES: Final = re.compile(r"\.env\b")


def written(checkout: Checkout) -> Mapping[PurePosixPath, Text]:
    """Return the env files that workflows write, by their path in the checkout."""
    found: dict[PurePosixPath, Text] = {}
    for source in checkout.of_kind(Kind.WORKFLOW):
        if source.mentions(_WRITES):
            for machine in run_jobs(source, System(DEBIAN)):
                found |= dict(_files(machine))
    return found


def _files(machine: Machine) -> Iterator[tuple[PurePosixPath, Text]]:
    for path, file in machine.files.items():
        place = PurePosixPath(path)
        is_env = place.name == ".env" or place.name.startswith(".env.")
        if is_env and file.content is not None and place.is_relative_to(WORKSPACE):
            yield place.relative_to(WORKSPACE), file.content


def run_jobs(source: Source, system: System, fill: Fill = lambda name: None) -> Iterator[Machine]:
    """Yield the machine of each job after its steps, whose commands *system* sees.

    *fill* says what an expression stands for, where that is known.
    """
    try:
        root = composed(source.text)
    except Unreadable:
        return
    text = Text.of(source)
    for _, job in members(get(root, "jobs")):
        machine = Machine()
        shared = [get(root, "env"), get(job, "env")]
        for step in elements(get(job, "steps")):
            run = get(step, "run")
            if isinstance(run, ScalarNode):
                shell = _shell(
                    text, [*shared, get(step, "env")], plain(get(step, "working-directory")), fill
                )
                script = _filled(scalar(text, run), fill, shell.variables)
                machine = run_in(shell, script, system, machine)
        yield machine


def _shell(text: Text, blocks: list[Node | None], folder: str, fill: Fill) -> Shell:
    variables: dict[str, Variable] = {}
    for block in blocks:
        for name, value in members(block):
            given = _filled(scalar(text, value), fill, variables)
            variables[name] = Variable(given, True, text.location)
    place = f"{WORKSPACE}/{folder}".rstrip("/") if not folder.startswith("/") else folder
    return Shell("runner", Text.literal(place), variables=variables, has_known_environment=False)


def _filled(text: Text, fill: Fill, variables: Mapping[str, Variable]) -> Text:
    """Return a text whose ``${{ }}`` are filled in; what only a run knows is held open."""

    def one(match: re.Match[str]) -> Text:
        name = match[1].strip()
        variable = variables.get(name.removeprefix("env.")) if name.startswith("env.") else None
        known = fill(name) if variable is None else variable.value
        place = text.locate(Span(match.start(), match.end()))
        return Text.opaque(Unknown(name), place) if known is None else known

    return text.replaced(_EXPRESSION, one)
