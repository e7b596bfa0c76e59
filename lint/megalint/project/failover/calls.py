"""The calls of AWS in the code of functions whose role is written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Call
from megalint.project.failover.functions import KINDS, code_of, place_of
from megalint.project.failover.policies import allowed, is_granted_elsewhere
from megalint.project.python_machines import tree_of
from megalint.project.resources import Resource, resources
from megalint.source import Source

SERVICES: Final = {
    "autoscaling": "autoscaling",
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "ecs": "ecs",
    "elbv2": "elasticloadbalancing",
    "events": "events",
    "rds": "rds",
    "route53": "route53",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "stepfunctions": "states",
}
"""Services whose actions are called as their operations are, by the name of the client."""
NOT_OPERATIONS: Final = frozenset(
    {
        *("get_paginator", "can_paginate", "get_waiter", "close", "exceptions", "meta"),
        "generate_presigned_url",
    }
)
"""What a client does by itself."""
UNLIKE: Final = frozenset(
    {
        *("execute_statement", "batch_execute_statement", "execute_transaction"),
        *("transact_get_items", "transact_write_items", "publish_batch"),
        *("send_message_batch", "delete_message_batch", "change_message_visibility_batch"),
        *(f"{name}register_default_host_management_configuration" for name in ("", "de")),
    }
)
"""Operations that need actions of other names."""
_LEFT_OUT: Final = NOT_OPERATIONS | UNLIKE


def calls(checkout: Checkout) -> Iterator[Call]:
    """Yield the calls of functions in Python, where all that their role allows is known."""
    for kind in KINDS:
        for one in resources(checkout, kind):
            source = code_of(checkout, one)
            if source is not None:
                yield from _of_function(checkout, one, source)


def _of_function(checkout: Checkout, one: Resource, source: Source) -> Iterator[Call]:
    given = one.properties.first("role", "Role")
    role = None if given is None else given.reference
    held, tree = allowed(checkout, role), checkout.parsed(source, tree_of)
    if held is None or tree is None:
        return
    for service, method, region, node in _called(tree):
        action = f"{SERVICES[service]}:{method.replace('_', '')}"
        if not is_granted_elsewhere(checkout, role, action):
            place, where = place_of(source, node), region or one.region
            yield Call(one.address, service, method, action, place, where, held)


def _called(tree: ast.Module) -> Iterator[tuple[str, str, str | None, ast.Call]]:
    """Yield service, method, region and node of each call of a client, by the name it has."""
    clients = _clients(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            holder = node.func.value
            named = clients.get(holder.id) if isinstance(holder, ast.Name) else _client(holder)
            if named is not None and node.func.attr not in _LEFT_OUT:
                yield named[0], node.func.attr, named[1], node


def _clients(tree: ast.Module) -> dict[str, tuple[str, str | None]]:
    """Return service and region of the clients, by name; a name that means several is left out."""
    made: dict[str, set[tuple[str, str | None] | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    made.setdefault(target.id, set()).add(_client(node.value))
    return {name: one for name, found in made.items() for one in found if one and len(found) == 1}


def _client(node: ast.expr) -> tuple[str, str | None] | None:
    """Return service and region of ``boto3.client(...)``; None where either is not certain."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "boto3.client" or not node.args:
        return None
    if {one.arg for one in node.keywords} - {"region_name", "config"}:
        return None  # it may be somebody else's: credentials, another endpoint
    first = node.args[0]
    service = first.value if isinstance(first, ast.Constant) else None
    given = [one.value for one in node.keywords if one.arg == "region_name"]
    region = given[0].value if given and isinstance(given[0], ast.Constant) else None
    is_certain = len(node.args) == 1 and (not given or isinstance(region, str))
    if not is_certain or not isinstance(service, str) or service not in SERVICES:
        return None
    return service, region if isinstance(region, str) else None
