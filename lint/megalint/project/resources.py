"""The resources of a checkout, of Terraform and of CloudFormation alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
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
    span,
)
from megalint.languages.hcl.syntax import Block, File
from megalint.project.checkout import Checkout
from megalint.project.terraform.linker import roots_of
from megalint.project.terraform.module import Module
from megalint.project.terraform.parts import body_of
from megalint.source import Location, Source, Span
from megalint.text import Text

KINDS: Final = frozenset(
    {
        *("aws_route53_health_check", "AWS::Route53::HealthCheck"),
        *("aws_route53_record", "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"),
        *("aws_cloudwatch_metric_alarm", "AWS::CloudWatch::Alarm"),
        *("aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "AWS::Events::Rule"),
        *("aws_cloudwatch_event_bus", "AWS::Events::EventBus"),
        *("aws_sfn_state_machine", "AWS::StepFunctions::StateMachine"),
        "AWS::Serverless::StateMachine",
        *("aws_sns_topic", "AWS::SNS::Topic", "aws_sns_topic_subscription"),
        *("AWS::SNS::Subscription", "aws_lambda_function", "AWS::Lambda::Function"),
        "AWS::Serverless::Function",
        *("aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"),
        *("aws_iam_policy", "aws_iam_policy_attachment", "AWS::IAM::Role"),
        *("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "aws_iam_policy_document"),
        *("AWS::IAM::RolePolicy", "AWS::Serverless::Connector"),
        *("aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive"),
        *("aws_sns_topic_policy", "AWS::SNS::TopicPolicy"),
        *("aws_sqs_queue_policy", "AWS::SQS::QueuePolicy"),
        *("aws_lambda_permission", "AWS::Lambda::Permission"),
        *("aws_cloudwatch_event_bus_policy", "AWS::Events::EventBusPolicy"),
        *("aws_iam_instance_profile", "AWS::IAM::InstanceProfile"),
        *("aws_launch_template", "AWS::EC2::LaunchTemplate"),
        *("aws_security_group", "aws_security_group_rule", "AWS::EC2::SecurityGroup"),
        *("aws_vpc_security_group_ingress_rule", "AWS::EC2::SecurityGroupIngress"),
        *("aws_lb", "aws_alb", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        *("aws_lb_listener", "aws_alb_listener", "AWS::ElasticLoadBalancingV2::Listener"),
        *("aws_dynamodb_table", "aws_dynamodb_table_replica", "aws_dynamodb_global_table"),
        *("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"),
        "aws_s3_bucket",
    }
)
"""The kinds that are read; others cost time and say nothing of a failover."""
FOREIGN: Final = "module"
"""The kind of a module that is not of the checkout, whose properties are its inputs."""
_CONNECTOR: Final = "AWS::Serverless::Connector"
"""What SAM makes policies of; resources may hold their own."""


class Resource(Struct, frozen=True):
    """A resource: :attr:`kind` is the dialect's own (``aws_sns_topic``, ``AWS::SNS::Topic``).

    :attr:`address` is how people call it, :attr:`key` what no other of the checkout has.
    :attr:`root` is what is applied with it: a folder of Terraform, or a template. :attr:`region` is
    the one its provider names, None where that is not written out.
    """

    kind: str
    address: str
    key: str
    properties: Part
    location: Location
    root: PurePosixPath
    region: str | None = None


def resources(checkout: Checkout, *kinds: str) -> Iterator[Resource]:
    """Yield the resources of some kinds, kind by kind."""
    found = checkout.view(_by_kind)
    for kind in kinds:
        yield from found.get(kind, ())


def by_key(checkout: Checkout) -> Mapping[str, Resource]:
    """Return the resources by what no other of the checkout has."""
    return checkout.view(_keyed)


def handed_on(checkout: Checkout) -> frozenset[tuple[PurePosixPath, str]]:
    """Return what modules from elsewhere are given: their root, and a resource's key or a text."""
    return checkout.view(_handed_on)


def _handed_on(checkout: Checkout) -> frozenset[tuple[PurePosixPath, str]]:
    return frozenset(
        (module.root, word)
        for module in resources(checkout, FOREIGN)
        for part in module.properties.walk()
        for word in (part.reference, part.text)
        if word
    )


def _keyed(checkout: Checkout) -> Mapping[str, Resource]:
    return {one.key: one for one in checkout.view(_all)}


def _by_kind(checkout: Checkout) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for one in checkout.view(_all):
        found.setdefault(one.kind, []).append(one)
    return found


def _all(checkout: Checkout) -> tuple[Resource, ...]:
    found = [one for module in roots_of(checkout) for one in _of_module(module)]
    for source in checkout.of_kind(Kind.YAML, Kind.JSON):
        if source.mentions("Resources") and source.mentions("AWS::"):
            stack = checkout.parsed(source, cloudformation.stack)
            found.extend(_of_stack(source, stack) if stack is not None else ())
    return tuple({(one.location, one.key): one for one in found}.values())


# --- Terraform ------------------------------------------------------------------------------


def _of_module(module: Module) -> Iterator[Resource]:
    for file, block in (*module.blocks("resource"), *module.blocks("data")):
        if len(block.labels) > 1 and block.labels[0] in KINDS:
            address = ".".join((*(("data",) if block.kind == "data" else ()), *block.labels[:2]))
            for names in module.instances(file, block):
                yield Resource(
                    block.labels[0],
                    address,
                    f"{module.key}{address}",
                    body_of(block, module, file, names),
                    file.place(block.head),
                    module.root or module.folder,
                    module.region(block, file),
                )
    for file, block in module.blocks("module"):
        child = module.called(file, block)
        yield from _of_module(child) if child is not None else _foreign(module, file, block)


def _foreign(module: Module, file: File, block: Block) -> Iterator[Resource]:
    address = ".".join((FOREIGN, *block.labels))
    for names in module.instances(file, block):
        given, place = body_of(block, module, file, names), file.place(block.head)
        root = module.root or module.folder
        yield Resource(FOREIGN, address, f"{module.key}{address}", given, place, root)


# --- CloudFormation -------------------------------------------------------------------------


def _of_stack(source: Source, stack: Stack) -> Iterator[Resource]:
    for name, kind, node in stack.resources():
        if kind in KINDS:
            properties = get(node, "Properties")
            place = Location(source, _head(source, name, node))
            given = Part({}, place) if properties is None else _part(source, stack, properties)
            given = _completed(given, stack.defaults(kind), source, stack)
            yield Resource(kind, name, f"{source.path}:{name}", given, place, source.path)
            if get(node, "Connectors") is not None:
                key = f"{source.path}:{name}.Connectors"
                yield Resource(_CONNECTOR, name, key, Part({}, place), place, source.path)


def _completed(given: Part, defaults: Node | None, source: Source, stack: Stack) -> Part:
    """Return properties with those that the template gives all resources of the type."""
    held = None if defaults is None else _part(source, stack, defaults)
    if held is None or not isinstance(held.value, Mapping) or not isinstance(given.value, Mapping):
        return given
    return Part({**held.value, **given.value}, given.location)


def _head(source: Source, name: str, node: Node) -> Span:
    """Return the place of a resource's name, which is before its node."""
    start = source.text.rfind(name, 0, span(node).start)
    return span(node) if start < 0 else Span(start, start + len(name))


def _part(source: Source, stack: Stack, node: Node) -> Part:
    place = Location(source, span(node))
    name, _ = function(node)
    if name is not None:
        return Part(stack.value(node), place)
    if isinstance(node, MappingNode):
        return Part({key: _part(source, stack, one) for key, one in members(node)}, place)
    if isinstance(node, SequenceNode):
        return Part(tuple(_part(source, stack, one) for one in elements(node)), place)
    return Part(stack.value(node) if node is not None else Text(), place)
