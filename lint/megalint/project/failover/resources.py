"""The resources of a checkout, of Terraform and of CloudFormation alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from megalint.classify import Kind
from megalint.formats import cloudformation
from megalint.formats.cloudformation import Stack, function
from megalint.formats.states_language import Part
from megalint.formats.yaml_nodes import (
    MappingNode,
    Node,
    SequenceNode,
    elements,
    get,
    members,
    plain,
    span,
)
from megalint.project.checkout import Checkout
from megalint.project.terraform.linker import roots_of
from megalint.project.terraform.module import Module
from megalint.project.terraform.parts import body_of
from megalint.source import Location, Source, Span
from megalint.text import Text

KINDS: Final = frozenset(
    {
        *("aws_route53_health_check", "AWS::Route53::HealthCheck"),
        *("aws_route53_record", "AWS::Route53::RecordSet"),
        *("aws_cloudwatch_metric_alarm", "AWS::CloudWatch::Alarm"),
        *("aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "AWS::Events::Rule"),
        *("aws_sns_topic", "AWS::SNS::Topic", "aws_sns_topic_subscription"),
        *("AWS::SNS::Subscription", "aws_lambda_function", "AWS::Lambda::Function"),
        "AWS::Serverless::Function",
        *("aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"),
        *("aws_iam_policy", "aws_iam_policy_attachment", "AWS::IAM::Role"),
        *("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"),
    }
)
"""The kinds that are read; others cost time and say nothing of a failover."""


class Resource(Struct, frozen=True):
    """A resource: :attr:`kind` is the dialect's own (``aws_sns_topic``, ``AWS::SNS::Topic``).

    :attr:`address` is how people call it, :attr:`key` what no other of the checkout has.
    :attr:`region` is the one its provider names, None where that is not written out.
    """

    kind: str
    address: str
    key: str
    properties: Part
    location: Location
    region: str | None = None


def resources(checkout: Checkout, *kinds: str) -> Iterator[Resource]:
    """Yield the resources of some kinds."""
    for one in checkout.view(_all):
        if one.kind in kinds:
            yield one


def _all(checkout: Checkout) -> tuple[Resource, ...]:
    found = [one for module in roots_of(checkout) for one in _of_module(module)]
    for source in checkout.of_kind(Kind.YAML, Kind.JSON):
        if source.mentions("Resources") and source.mentions("AWS::"):
            stack = checkout.parsed(source, cloudformation.stack)
            found.extend(_of_stack(source, stack) if stack is not None else ())
    return tuple({(one.location, one.key): one for one in found}.values())


# --- Terraform ------------------------------------------------------------------------------


def _of_module(module: Module) -> Iterator[Resource]:
    for file, block in module.blocks("resource"):
        if len(block.labels) > 1 and block.labels[0] in KINDS:
            address = ".".join(block.labels[:2])
            for names in module.instances(file, block):
                yield Resource(
                    block.labels[0],
                    address,
                    f"{module.key}{address}",
                    body_of(block, module, file, names),
                    file.place(block.head),
                    module.region(block),
                )
    for file, block in module.blocks("module"):
        child = module.called(file, block)
        if child is not None:
            yield from _of_module(child)


# --- CloudFormation -------------------------------------------------------------------------


def _of_stack(source: Source, stack: Stack) -> Iterator[Resource]:
    for name, kind, node in stack.resources():
        if kind in KINDS:
            properties = get(node, "Properties")
            place = Location(source, _head(source, name, node))
            given = Part({}, place) if properties is None else _part(source, stack, properties)
            yield Resource(kind, name, f"{source.path}:{name}", given, place)


def _head(source: Source, name: str, node: Node) -> Span:
    """Return the place of a resource's name, which is before its node."""
    start = source.text.rfind(name, 0, span(node).start)
    return span(node) if start < 0 else Span(start, start + len(name))


def _part(source: Source, stack: Stack, node: Node) -> Part:
    place = Location(source, span(node))
    name, argument = function(node)
    if name is not None:
        return Part(stack.value(node), place, _reference(source, name, argument))
    if isinstance(node, MappingNode):
        return Part({key: _part(source, stack, one) for key, one in members(node)}, place)
    if isinstance(node, SequenceNode):
        return Part(tuple(_part(source, stack, one) for one in elements(node)), place)
    return Part(stack.value(node) if node is not None else Text(), place)


def _reference(source: Source, name: str, argument: Node) -> str | None:
    if name not in {"Ref", "GetAtt"}:
        return None
    first = next(iter(elements(argument)), argument)
    return f"{source.path}:{plain(first).partition('.')[0]}"
