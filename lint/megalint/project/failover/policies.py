"""What a role allows, where all of its policies are written out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from megalint.formats.states_language import Part, part
from megalint.formats.yaml_nodes import Unreadable, composed
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Statement
from megalint.project.failover.resources import Resource, resources
from megalint.text import Text

_HARMLESS: Final = (
    *("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"),
    "AWSXRayDaemonWriteAccess",
)
"""Policies of AWS that allow nothing a failover needs."""


class _Unknown(Exception):
    """A policy is not written out."""


def allowed(checkout: Checkout, role: str) -> tuple[Statement, ...] | None:
    """Return what the role with the key *role* allows; None where anything of it is not known."""
    try:
        return tuple(_of_role(checkout, role))
    except _Unknown:
        return None


def _of_role(checkout: Checkout, role: str) -> Iterator[Statement]:
    found = [one for one in _roles(checkout) if one.key == role]
    if len(found) != 1 or any(True for _ in resources(checkout, "aws_iam_policy_attachment")):
        raise _Unknown
    yield from _inline(found[0])
    for one in resources(checkout, "aws_iam_role_policy"):
        if _refers(one.properties.get("role"), role):
            yield from _document(one.properties.get("policy"))
    for one in resources(checkout, "aws_iam_role_policy_attachment"):
        if _refers(one.properties.get("role"), role):
            yield from _attached(checkout, one.properties.get("policy_arn"))
    for one in resources(checkout, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        if any(_refers(held, role) for held in _items(one.properties.get("Roles"))):
            yield from _document(one.properties.get("PolicyDocument"))


def _roles(checkout: Checkout) -> Iterator[Resource]:
    return resources(checkout, "aws_iam_role", "AWS::IAM::Role")


def _refers(given: Part | None, role: str) -> bool:
    """Whether a policy belongs to *role*; one that does not tell may belong to any."""
    if given is None or (given.reference is None and given.text is None):
        raise _Unknown
    return given.reference == role


def _inline(role: Resource) -> Iterator[Statement]:
    for one in _items(role.properties.get("inline_policy")):
        yield from _document(one.get("policy"))
    for one in _items(role.properties.get("Policies")):
        yield from _document(one.get("PolicyDocument"))
    for name in ("managed_policy_arns", "ManagedPolicyArns"):
        for one in _items(role.properties.get(name)):
            _check_harmless(one)


def _attached(checkout: Checkout, arn: Part | None) -> Iterator[Statement]:
    own = [
        one
        for one in resources(checkout, "aws_iam_policy")
        if arn is not None and one.key == arn.reference
    ]
    if own:
        yield from _document(own[0].properties.get("policy"))
    else:
        _check_harmless(arn)


def _check_harmless(arn: Part | None) -> None:
    if arn is None or not (arn.text or "").endswith(_HARMLESS):
        raise _Unknown


def _document(given: Part | None) -> Iterator[Statement]:
    held = given
    if given is not None and isinstance(given.value, Text):
        try:
            root = composed(given.value.flat) if given.text is not None else None
        except Unreadable:
            root = None
        held = None if root is None else part(given.value, root)
    statements = None if held is None else held.get("Statement")
    if statements is None:
        raise _Unknown
    for one in _items(statements):
        yield from _statement(one)


def _statement(one: Part) -> Iterator[Statement]:
    effect, actions = one.get("Effect"), [held.text for held in _items(one.get("Action"))]
    if effect is None or effect.text is None or not actions or None in actions:
        raise _Unknown
    place = one.location
    if effect.text == "Allow" and place is not None:
        texts = tuple((text or "").lower() for text in actions)
        held = tuple(resource.text for resource in _items(one.get("Resource")))
        yield Statement(texts, held, place)


def _items(given: Part | None) -> tuple[Part, ...]:
    """Return the elements of a list, or the one that stands alone."""
    if given is None:
        return ()
    return given.value if isinstance(given.value, tuple) else (given,)
