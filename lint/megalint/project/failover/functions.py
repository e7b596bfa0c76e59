"""Lambda functions, and how long their code waits."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from megalint.formats.states_language import Part
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Function
from megalint.project.python_machines import offset_of, tree_of
from megalint.project.resources import Resource, resources
from megalint.source import Location, Needle, Source, Span

DEFAULT_TIMEOUT = 3
"""In seconds, where a function is given none."""
_SERVICES: Final = Needle(
    (word, rf"""{word}\(\s*["'](?:autoscaling|ec2|elbv2|route53|rds)["']""")
    for word in ("client", "resource")
)
_CHANGES: Final = Needle(
    (f".{verb}_", rf"\.{verb}_\w+\(")
    for verb in (
        *("attach", "change", "copy", "create", "delete", "detach", "modify", "promote", "put"),
        *("reboot", "register", "run", "set", "start", "stop", "terminate", "update"),
    )
)
KINDS: Final = {
    "aws_lambda_function": ("handler", "timeout", "function_name"),
    "AWS::Lambda::Function": ("Handler", "Timeout", "FunctionName"),
    "AWS::Serverless::Function": ("Handler", "Timeout", "FunctionName"),
}
CREATING: Final = {
    "allocate_address": "describe_addresses",
    "copy_snapshot": "describe_snapshots",
    "create_fleet": "describe_fleets",
    "create_launch_template_version": "describe_launch_template_versions",
    "create_nat_gateway": "describe_nat_gateways",
    "create_network_interface": "describe_network_interfaces",
    "create_snapshot": "describe_snapshots",
    "create_volume": "describe_volumes",
    "run_instances": "describe_instances",
}
"""Operations of EC2 that make one more each time, with the one that tells whether it is there."""


def functions(checkout: Checkout) -> Iterator[Function]:
    """Yield the functions in Python whose code is certain."""
    for kind, names in KINDS.items():
        for one in resources(checkout, kind):
            timeout, name = (one.properties.get(key) for key in names[1:])
            source = code_of(checkout, one)
            if source is not None:
                tree = checkout.parsed(source, tree_of)
                yield from _function(one, source, tree, timeout, name)


def _function(
    one: Resource, source: Source, tree: ast.Module | None, given: Part | None, name: Part | None
) -> Iterator[Function]:
    seconds = DEFAULT_TIMEOUT if given is None else given.number
    if seconds is not None:
        yield Function(
            one.address,
            one.key,
            one.location,
            seconds,
            None if given is None else given.location,
            tuple(waits(source, tree)),
            source.mentions(_SERVICES) and source.mentions(_CHANGES),
            None if name is None else name.text,
            tuple(creations(source, tree)),
        )


# --- the code -------------------------------------------------------------------------------


def code_of(checkout: Checkout, one: Resource) -> Source | None:
    """Return the file in Python that holds the handler of a function, where that is certain."""
    return checkout.view(_codes).get(one.key)


def _codes(checkout: Checkout) -> Mapping[str, Source]:
    """Return the file of each function, by its key.

    It lies where the template says, else it is the only one of its name, and the handler of no
    other function.
    """
    found: dict[str, Source] = {}
    guessed: dict[str, list[tuple[str, Source]]] = {}
    for kind, names in KINDS.items():
        for one in resources(checkout, kind):
            handler = one.properties.get(names[0])
            text = "" if handler is None else handler.text or ""
            module = PurePosixPath(text.rpartition(".")[0])
            if not module.name or not _is_python(one):
                continue
            folder = _folder(one)
            source = None if folder is None else checkout.get(folder / f"{module}.py")
            same = checkout.named(f"{module.name}.py") if folder is None else ()
            if source is not None:
                found[one.key] = source
            elif len(same) == 1:
                guessed.setdefault(text, []).append((one.key, same[0]))
    return found | {key: source for ((key, source), *more) in guessed.values() if not more}


def _is_python(one: Resource) -> bool:
    """Whether a function may run Python: nothing else is written."""
    runtime = one.properties.first("runtime", "Runtime")
    return runtime is None or runtime.text is None or runtime.text.startswith("python")


def _folder(one: Resource) -> PurePosixPath | None:
    """Return the folder that a template names as that of the code."""
    given = one.properties.first("CodeUri", "Code")
    text = None if given is None else given.text
    if text is None or text.startswith("s3:"):
        return None
    return PurePosixPath(normpath(str(one.location.source.path.parent / text)))


# --- what it does ---------------------------------------------------------------------------


def waits(source: Source, tree: ast.Module | None) -> Iterator[tuple[Location, int, str]]:
    """Yield the places that wait, the seconds they surely take, and the waiter, or sleep."""
    if not (source.mentions("get_waiter") or source.mentions("sleep")):
        return
    for node in () if tree is None else ast.walk(tree):
        if isinstance(node, ast.Call):
            found = _wait(node)
            if found is not None:
                yield place_of(source, node), *found


def creations(source: Source, tree: ast.Module | None) -> Iterator[tuple[Location, str]]:
    """Yield the calls that make something new, whether or not it was made before, by method."""
    if not any(source.mentions(name) for name in CREATING):
        return
    for node in () if tree is None else ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            look = CREATING.get(node.func.attr)
            names = {one.arg for one in node.keywords}
            if look and not source.mentions(look) and not names & {"ClientToken", None}:
                yield place_of(source, node), node.func.attr


def _wait(node: ast.Call) -> tuple[int, str] | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
    if name == "get_waiter" and isinstance(first, str):
        return 0, first
    is_sleep = name == "sleep" or (isinstance(node.func, ast.Name) and node.func.id == "sleep")
    if is_sleep and isinstance(first, int | float) and not isinstance(first, bool):
        return int(first), "sleep"
    return None


def place_of(source: Source, node: ast.Call) -> Location:
    """Return where a call stands, to the end of its line."""
    start = offset_of(source, node.lineno, node.col_offset)
    return Location(source, Span(start, source.line_span(node.lineno).end))
