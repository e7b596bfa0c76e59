"""Health checks and records of Route 53."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.formats.states_language import Part
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import HealthCheck, Record
from megalint.project.failover.resources import Resource, resources


def health_checks(checkout: Checkout) -> Iterator[HealthCheck]:
    """Yield the health checks."""
    for one in resources(checkout, "aws_route53_health_check"):
        names = ("type", "resource_path", "request_interval", "failure_threshold")
        yield _health_check(one, one.properties, names)
    for one in resources(checkout, "AWS::Route53::HealthCheck"):
        config = one.properties.get("HealthCheckConfig")
        if config is not None:
            names = ("Type", "ResourcePath", "RequestInterval", "FailureThreshold")
            yield _health_check(one, config, names)


def _health_check(one: Resource, given: Part, names: tuple[str, ...]) -> HealthCheck:
    kind, path, interval, threshold = (given.get(name) for name in names)
    return HealthCheck(
        one.address,
        one.location,
        None if kind is None else kind.text,
        None if path is None else path.text,
        None if path is None else path.location,
        None if interval is None else interval.number,
        None if interval is None else interval.location,
        None if threshold is None else threshold.number,
    )


def records(checkout: Checkout) -> Iterator[Record]:
    """Yield the records that fail over."""
    for one in resources(checkout, "aws_route53_record"):
        policy = one.properties.get("failover_routing_policy")
        if policy is not None and policy.items:
            role = policy.items[0].get("type")
            is_alias = one.properties.get("alias") is not None
            yield _record(one, role, one.properties.get("ttl"), is_alias=is_alias)
    for one in resources(checkout, "AWS::Route53::RecordSet"):
        role = one.properties.get("Failover")
        if role is not None:
            is_alias = one.properties.get("AliasTarget") is not None
            yield _record(one, role, one.properties.get("TTL"), is_alias=is_alias)


def _record(one: Resource, role: Part | None, ttl: Part | None, *, is_alias: bool) -> Record:
    return Record(
        one.address,
        one.location,
        None if role is None else role.text,
        None if ttl is None else ttl.number,
        None if ttl is None else ttl.location,
        is_alias,
    )
