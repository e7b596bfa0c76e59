"""What a role allows, where all of its policies are written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from megalint.formats.states_language import Part, unfolded
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Statement
from megalint.project.resources import Resource, by_key, handed_on, resources
from megalint.text import Text

_HARMLESS: Final = (
    *("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"),
    "AWSXRayDaemonWriteAccess",
)
"""Policies of AWS that allow nothing a failover needs."""
_ELSEWHERE: Final = (
    *("aws_iam_policy_attachment", "AWS::Serverless::Connector"),
    *("aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive"),
)
"""What attaches policies to roles in ways that are not read."""
_OF_RESOURCES: Final = {
    "sns": ("aws_sns_topic_policy", "AWS::SNS::TopicPolicy"),
    "sqs": ("aws_sqs_queue_policy", "AWS::SQS::QueuePolicy"),
    "lambda": ("aws_lambda_permission", "AWS::Lambda::Permission"),
    "events": ("aws_cloudwatch_event_bus_policy", "AWS::Events::EventBusPolicy"),
}
"""What lets others in at the resource itself, by the prefix of the service."""
_MERGED: Final = (
    *("source_json", "override_json"),
    *("source_policy_documents", "override_policy_documents"),
)
"""What else a policy document is made of."""


class _Unknown(Exception):
    """A policy is not written out."""


def allowed(checkout: Checkout, role: str | None) -> tuple[Statement, ...] | None:
    """Return what the role with the key *role* allows; None where anything of it is not known.

    A role without any policy is not known either: it gets them elsewhere.
    """
    return checkout.view(_known).get(role or "")


def _known(checkout: Checkout) -> Mapping[str, tuple[Statement, ...] | None]:
    """Return what each role allows, by its key; one that is made several times is not known."""
    found: dict[str, tuple[Statement, ...] | None] = {}
    for one in resources(checkout, "aws_iam_role", "AWS::IAM::Role"):
        found[one.key] = None if one.key in found else _allowed(checkout, one)
    return found


def _allowed(checkout: Checkout, role: Resource) -> tuple[Statement, ...] | None:
    try:
        return tuple(_of_role(checkout, role)) or None
    except _Unknown:
        return None


def is_granted_elsewhere(checkout: Checkout, role: str | None, action: str) -> bool:
    """Whether a policy of a resource may allow *action*: there is one where the role is."""
    own = by_key(checkout).get(role or "")
    service = action.partition(":")[0]
    for one in resources(checkout, *_OF_RESOURCES.get(service, ())):
        principal = one.properties.first("principal", "Principal")
        name = None if principal is None else principal.text
        is_service = name is not None and name.endswith(".amazonaws.com")
        if own is not None and one.root == own.root and not is_service:
            return True
    return False


def _of_role(checkout: Checkout, role: Resource) -> Iterator[Statement]:
    _check_not_handed_on(checkout, role)
    yield from _inline(checkout, role)
    for one in resources(checkout, "aws_iam_role_policy"):
        if _refers(one, one.properties.get("role"), role):
            yield from _document(checkout, one.properties.get("policy"))
    for one in resources(checkout, "aws_iam_role_policy_attachment"):
        if _refers(one, one.properties.get("role"), role):
            yield from _attached(checkout, one.properties.get("policy_arn"))
    for one in resources(checkout, "AWS::IAM::RolePolicy"):
        if _refers(one, one.properties.get("RoleName"), role):
            yield from _document(checkout, one.properties.get("PolicyDocument"))
    for one in resources(checkout, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        if any(_refers(one, held, role) for held in _items(one.properties.get("Roles"))):
            yield from _document(checkout, one.properties.get("PolicyDocument"))


def _check_not_handed_on(checkout: Checkout, role: Resource) -> None:
    """Refuse a role that gets policies in a way that is not read: by a list, or by a module."""
    for one in resources(checkout, *_ELSEWHERE):
        if one.root == role.root:
            raise _Unknown
    if {(role.root, role.key), (role.root, _name(role) or "")} & handed_on(checkout):
        raise _Unknown


def _name(role: Resource) -> str | None:
    given = role.properties.first("name", "RoleName")
    return None if given is None else given.text


def _refers(one: Resource, given: Part | None, role: Resource) -> bool:
    """Whether a policy belongs to *role*, by reference or name; one that may do is refused."""
    is_near, own = one.root == role.root, role.properties.get("name")
    if given is None or (given.reference is None and given.text is None):
        return _refuse() if is_near else False
    if given.reference is not None:
        return given.reference == role.key
    if own is not None and own.text is None and is_near:
        return _refuse()
    return given.text == _name(role)


def _refuse() -> bool:
    raise _Unknown


def _inline(checkout: Checkout, role: Resource) -> Iterator[Statement]:
    for one in _items(role.properties.get("inline_policy")):
        yield from _document(checkout, one.get("policy"))
    for one in _items(role.properties.get("Policies")):
        yield from _document(checkout, one.get("PolicyDocument"))
    for one in _items(role.properties.get("managed_policy_arns")):
        yield from _attached(checkout, one)
    for one in _items(role.properties.get("ManagedPolicyArns")):
        yield from _attached(checkout, one)


def _attached(checkout: Checkout, arn: Part | None) -> Iterator[Statement]:
    own = by_key(checkout).get((arn and arn.reference) or "")
    if own is not None and own.kind == "aws_iam_policy":
        yield from _document(checkout, own.properties.get("policy"))
    elif own is not None and own.kind == "AWS::IAM::ManagedPolicy":
        yield from _document(checkout, own.properties.get("PolicyDocument"))
    else:
        _check_harmless(arn)


def _check_harmless(arn: Part | None) -> None:
    if arn is None or not (arn.text or "").endswith(_HARMLESS):
        raise _Unknown


def _document(checkout: Checkout, given: Part | None) -> Iterator[Statement]:
    data = by_key(checkout).get((given and given.reference) or "")
    if data is not None and data.kind == "aws_iam_policy_document":
        yield from _of_data(data)
        return
    is_open = given is None or (isinstance(given.value, Text) and given.text is None)
    held = None if given is None or is_open else unfolded(given)
    statements = None if held is None else held.get("Statement")
    if statements is None:
        raise _Unknown
    for one in _items(statements):
        yield from _statement(one, "Effect", "Action", "Resource")


def _of_data(data: Resource) -> Iterator[Statement]:
    statements = data.properties.get("statement")
    if statements is None or any(data.properties.get(key) is not None for key in _MERGED):
        raise _Unknown
    for one in _items(statements):
        yield from _statement(one, "effect", "actions", "resources")


def _statement(one: Part, *names: str) -> Iterator[Statement]:
    effect, action, resource = (one.get(name) for name in names)
    actions, place = [held.text for held in _items(action)], one.location
    is_default = effect is None and names[0] == "effect"
    kind = "Allow" if is_default else None if effect is None else effect.text
    if kind is None or not actions or None in actions:
        raise _Unknown
    if kind == "Allow" and place is not None:
        texts = tuple((text or "").lower() for text in actions)
        yield Statement(texts, tuple(held.text for held in _items(resource)), place)


def _items(given: Part | None) -> tuple[Part, ...]:
    """Return the elements of a list, or the one that stands alone."""
    if given is None:
        return ()
    return given.value if isinstance(given.value, tuple) else (given,)
