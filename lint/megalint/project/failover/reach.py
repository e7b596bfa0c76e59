"""Health checks that cannot reach what they ask: by listeners and security groups."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from megalint.formats.states_language import Part
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import BlockedCheck
from megalint.project.resources import Resource, by_key, handed_on, resources
from megalint.source import Location

PORTS: Final = {"HTTP": 80, "HTTP_STR_MATCH": 80, "HTTPS": 443, "HTTPS_STR_MATCH": 443}
"""What Route 53 asks where no port is given, by the type of the check."""
_CHECKS: Final = ("aws_route53_health_check", "AWS::Route53::HealthCheck")
_BALANCERS: Final = ("aws_lb", "aws_alb", "AWS::ElasticLoadBalancingV2::LoadBalancer")
_LISTENERS: Final = (
    ("aws_lb_listener", "load_balancer_arn", "port"),
    ("aws_alb_listener", "load_balancer_arn", "port"),
    ("AWS::ElasticLoadBalancingV2::Listener", "LoadBalancerArn", "Port"),
)
_RULES: Final = (
    ("aws_security_group_rule", "security_group_id"),
    ("aws_vpc_security_group_ingress_rule", "security_group_id"),
    ("AWS::EC2::SecurityGroupIngress", "GroupId"),
)
_INLINE: Final = ("ingress", "SecurityGroupIngress")
_RANGES: Final = (
    *("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"),
    *("CidrIp", "CidrIpv6"),
)
_LISTS: Final = ("prefix_list_ids", "prefix_list_id", "SourcePrefixListId")
_ALL: Final = frozenset({"-1", "all"})
_PRIVATE: Final = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)


class _Unknown(Exception):
    """Something that decides is not written out."""


def blocked_checks(checkout: Checkout) -> Iterator[BlockedCheck]:
    """Yield the health checks of load balancers that no checker of Route 53 can reach."""
    for check in resources(checkout, *_CHECKS):
        given = check.properties.get("HealthCheckConfig") or check.properties
        port, balancer = _port(given), _balancer(checkout, given)
        if port is not None and balancer is not None:
            try:
                found = _obstacle(checkout, balancer, port)
            except _Unknown:
                continue
            if found is not None:
                yield BlockedCheck(check.address, check.location, balancer.address, port, *found)


def _port(given: Part) -> int | None:
    kind, port = given.first("type", "Type"), given.first("port", "Port")
    default = PORTS.get((kind and kind.text) or "")
    return default if port is None else port.number


def _balancer(checkout: Checkout, given: Part) -> Resource | None:
    """Return the load balancer that is asked, by its own name or by the only record of a name."""
    host = given.first("fqdn", "FullyQualifiedDomainName")
    if host is None:
        return None
    names = [host.reference] if host.text is None else list(_aliases(checkout, host.text))
    found = by_key(checkout).get(names[0] or "") if len(names) == 1 else None
    return found if found is not None and found.kind in _BALANCERS else None


def _aliases(checkout: Checkout, host: str) -> Iterator[str | None]:
    for one in resources(checkout, "aws_route53_record"):
        name, alias = one.properties.get("name"), one.properties.get("alias")
        if name is not None and name.text == host:
            target = alias.items[0].get("name") if alias is not None and alias.items else None
            yield None if target is None else target.reference
    for one in resources(checkout, "AWS::Route53::RecordSet"):
        name, target = one.properties.get("Name"), one.properties.get("AliasTarget", "DNSName")
        if name is not None and (name.text or "").rstrip(".") == host:
            yield None if target is None else target.reference


def _obstacle(
    checkout: Checkout, balancer: Resource, port: int
) -> tuple[str, str, Location | None] | None:
    """Return what is in the way, what to do instead, and where it is written."""
    internal, scheme = balancer.properties.get("internal"), balancer.properties.get("Scheme")
    if internal is not None and internal.truth:
        return "it is internal", "a check of what faces the internet", internal.location
    if scheme is not None and scheme.text == "internal":
        return "it is internal", "a check of what faces the internet", scheme.location
    ports = list(_ports(checkout, balancer))
    if ports and port not in ports:
        listed = ", ".join(map(str, sorted(ports)))
        return f"its listeners are on {listed}", "a port that it listens on", None
    groups = _groups(checkout, balancer)
    if groups and not any(_admits(checkout, one, port) for one in groups):
        words = "its security group admits private addresses only"
        advice = "a group that admits the ranges of ROUTE53_HEALTHCHECKS in ip-ranges.json"
        return words, advice, groups[0].location
    return None


def _ports(checkout: Checkout, balancer: Resource) -> Iterator[int]:
    for kind, owner, name in _LISTENERS:
        for one in resources(checkout, kind):
            arn, port = one.properties.get(owner), one.properties.get(name)
            if one.root == balancer.root and (arn is None or arn.reference is None):
                raise _Unknown
            if arn is not None and arn.reference == balancer.key:
                if port is None or port.number is None:
                    raise _Unknown
                yield port.number


# --- security groups ------------------------------------------------------------------------


def _groups(checkout: Checkout, balancer: Resource) -> list[Resource]:
    given = balancer.properties.first("security_groups", "SecurityGroups")
    if given is None:
        return []
    known = by_key(checkout)
    groups = [known.get(one.reference or "") for one in given.items]
    found = [one for one in groups if one is not None]
    if not found or len(found) < len(groups):
        raise _Unknown
    return found


def _admits(checkout: Checkout, group: Resource, port: int) -> bool:
    """Whether a group may admit the checkers; one without any rule has them elsewhere."""
    if (group.root, group.key) in handed_on(checkout):
        raise _Unknown
    rules = list(_rules(checkout, group))
    if not rules:
        raise _Unknown
    return any(_covers(one, port) and not _is_private(one) for one in rules)


def _rules(checkout: Checkout, group: Resource) -> Iterator[Part]:
    for name in _INLINE:
        held = group.properties.get(name)
        if held is not None and held.value is None:
            raise _Unknown
        yield from () if held is None else held.items
    for kind, owner in _RULES:
        for one in resources(checkout, kind):
            given, way = one.properties.get(owner), one.properties.get("type")
            if given is None or given.reference is None:
                if one.root == group.root:
                    raise _Unknown
            elif given.reference == group.key and (way is None or way.text != "egress"):
                yield one.properties


def _covers(rule: Part, port: int) -> bool:
    protocol = rule.first("protocol", "ip_protocol", "IpProtocol")
    if protocol is not None and protocol.text in _ALL:
        return True
    low, high = rule.first("from_port", "FromPort"), rule.first("to_port", "ToPort")
    if low is None or high is None or low.number is None or high.number is None:
        raise _Unknown
    return low.number <= port <= high.number


def _is_private(rule: Part) -> bool:
    """Whether a rule surely admits private addresses only, or other groups."""
    if any(_is_given(rule.get(name)) for name in _LISTS):
        raise _Unknown
    for name in _RANGES:
        held = rule.get(name)
        listed = () if held is None else held.items or (held,)
        for one in listed if held is not None and held.value != () else ():
            if one.text is None:
                raise _Unknown
            if one.text and not _is_own(one.text):
                return False
    return True


def _is_given(part: Part | None) -> bool:
    return part is not None and part.value != () and part.text != ""


def _is_own(text: str) -> bool:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise _Unknown from None
    return any(
        network.version == one.version and network.subnet_of(one)  # type: ignore[arg-type]
        for one in _PRIVATE
    )
