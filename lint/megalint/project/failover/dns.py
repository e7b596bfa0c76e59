"""Health checks and records of Route 53."""

from __future__ import annotations

from collections.abc import Iterator

from megalint.formats.states_language import Part
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import HealthCheck, Record
from megalint.project.resources import Resource, resources
from megalint.source import Location

_TERRAFORM = ("type", "resource_path", "request_interval", "failure_threshold")
_STACK = ("Type", "ResourcePath", "RequestInterval", "FailureThreshold")


def health_checks(checkout: Checkout) -> Iterator[HealthCheck]:
    """Yield the health checks."""
    for one in resources(checkout, "aws_route53_health_check"):
        yield _health_check(one, one.properties, _TERRAFORM)
    for one in resources(checkout, "AWS::Route53::HealthCheck"):
        config = one.properties.get("HealthCheckConfig")
        if config is not None:
            yield _health_check(one, config, _STACK)


def _health_check(one: Resource, given: Part, names: tuple[str, ...]) -> HealthCheck:
    kind, path, interval, threshold = (given.get(name) for name in names)
    return HealthCheck(
        one.address,
        one.key,
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
            yield _of_terraform(one, policy.items[0].get("type"))
    for one, given in record_sets(checkout):
        yield from _of_stack(one, given)


def record_sets(checkout: Checkout) -> Iterator[tuple[Resource, Part]]:
    """Yield the records of CloudFormation, those of groups too: the resource, and what it says."""
    for one in resources(checkout, "AWS::Route53::RecordSet"):
        yield one, one.properties
    for one in resources(checkout, "AWS::Route53::RecordSetGroup"):
        held = one.properties.get("RecordSets")
        yield from ((one, given) for given in (() if held is None else held.items))


def _of_terraform(one: Resource, role: Part | None) -> Record:
    given = one.properties
    alias, check = given.get("alias"), given.get("health_check_id")
    target = alias.items[0] if alias is not None and alias.items else None
    evaluates = None if target is None else target.get("evaluate_target_health")
    return Record(
        one.address,
        one.location,
        None if role is None else role.text,
        *_seconds(given.get("ttl")),
        alias is not None,
        _is_given(check),
        None if check is None else check.reference,
        alias is not None and not _is_refused(evaluates),
    )


def _of_stack(one: Resource, given: Part) -> Iterator[Record]:
    role, alias, check = (given.get(key) for key in ("Failover", "AliasTarget", "HealthCheckId"))
    if role is None:
        return
    evaluates = None if alias is None else alias.get("EvaluateTargetHealth")
    is_known = alias is not None and isinstance(alias.value, dict)
    yield Record(
        one.address,
        one.location if given is one.properties else role.location or one.location,
        role.text,
        *_seconds(given.get("TTL")),
        alias is not None,
        _is_given(check),
        None if check is None else check.reference,
        alias is not None
        and (not is_known or (evaluates is not None and not _is_refused(evaluates))),
    )


def _is_given(check: Part | None) -> bool:
    """Whether a health check may be named; null and the empty text that are written name none."""
    return check is not None and (check.location is None or _written(check) not in {"null", ""})


def _is_refused(evaluates: Part | None) -> bool:
    """Whether an alias is told, in so many words, not to ask its target."""
    is_false = evaluates is not None and evaluates.truth is False
    return is_false and evaluates is not None and _written(evaluates).lower() == "false"


def _written(part: Part) -> str:
    """Return what stands there, without quotes: a variable may be given another value."""
    return "" if part.location is None else part.location.text.strip("\"' ")


def _seconds(ttl: Part | None) -> tuple[int | None, Location | None]:
    return (None, None) if ttl is None else (ttl.number, ttl.location)
