"""Answers of AWS about launch templates, as boto3 gives them and as the aws CLI saves them.

Both have the same keys. Only times differ: boto3 makes them datetimes, the CLI writes ISO 8601.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, convert, field, to_builtins

Answer = Mapping[str, Any]
_REGION: Final = re.compile(r"\b([a-z]{2}(?:-[a-z]+){1,2}-\d)(?=[a-z]?\b)")
_KNOWN: Final = (
    *("LaunchTemplateVersions", "LaunchTemplates", "AutoScalingGroups", "InstanceRefreshes"),
    *("Fleets", "SpotFleetRequestConfigs", "nodegroup", "computeEnvironments", "Reservations"),
    *("LoadBalancers", "LoadBalancerDescriptions", "Images", "Subscriptions"),
)
_ID_TAG: Final = "aws:ec2launchtemplate:id"
_VERSION_TAG: Final = "aws:ec2launchtemplate:version"
_ENDED: Final = frozenset({"terminated", "shutting-down"})
_OVER: Final = frozenset({"deleted", "deleted_terminating", "cancelled", "cancelled_terminating"})
_RUNNING_REFRESHES: Final = frozenset({"Pending", "InProgress", "Baking"})


class ForeignAnswer(Exception):
    """A file is no JSON, or no answer that says anything of launch templates."""


class Version(Struct, frozen=True):
    """A version of a launch template; :attr:`user_data` is base64, as EC2 gives it."""

    number: int
    is_default: bool = False
    created: str = ""
    created_by: str = ""
    description: str = ""
    image: str | None = None
    user_data: str | None = None


class Template(Struct, frozen=True):
    """A launch template with the versions that were read, in order of their numbers.

    :attr:`is_whole`: these are all. Numbers may have gaps: versions can be deleted.
    """

    id: str
    name: str
    versions: tuple[Version, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    is_whole: bool = False

    def version(self, number: int) -> Version | None:
        """Return a version by its number."""
        return next((one for one in self.versions if one.number == number), None)

    @property
    def latest(self) -> Version | None:
        """The version that ``$Latest`` means."""
        return max(self.versions, key=lambda one: one.number, default=None)

    @property
    def default(self) -> Version | None:
        """The version that ``$Default`` means."""
        return next((one for one in self.versions if one.is_default), None)


class Referrer(Struct, frozen=True):
    """Something that starts machines from a template.

    :attr:`version` is what it names: a number, ``$Latest``, ``$Default``, or None, which means the
    default. :attr:`is_result`: it was started from that version, and starts nothing itself.
    """

    kind: str
    name: str
    template_id: str | None
    template_name: str | None
    version: str | None
    desired: int | None = None
    is_result: bool = False


class LoadBalancer(Struct, frozen=True):
    """A load balancer and the name under which it is reached."""

    name: str
    dns_name: str
    state: str = "active"


class Image(Struct, frozen=True):
    """A machine image; :attr:`deprecated` is when it is or was to be deprecated, or empty."""

    id: str
    state: str
    deprecated: str = ""


class NotChecked(Struct, frozen=True):
    """A question that AWS did not answer, and why."""

    service: str
    operation: str
    reason: str


class Subscription(Struct, frozen=True):
    """A subscription of the topic with the ARN :attr:`topic`."""

    topic: str
    protocol: str
    is_confirmed: bool


class Inventory(Struct, frozen=True):
    """What one account holds in one region; what is None was not asked for, or not answered."""

    account: str
    region: str
    templates: tuple[Template, ...] = ()
    referrers: tuple[Referrer, ...] | None = None
    balancers: tuple[LoadBalancer, ...] | None = None
    images: tuple[Image, ...] | None = None
    not_checked: tuple[NotChecked, ...] = ()
    subscriptions: tuple[Subscription, ...] | None = None


_NONE: Final = Version(0)


# --- saved files ---------------------------------------------------------------------------


def read(text: str, name: str) -> tuple[Answer, ...]:
    """Return the answers in a file: one, a list of them, or several behind each other.

    Raises :class:`ForeignAnswer` for anything else, with the name of the file.
    """
    decoder = json.JSONDecoder()
    found: list[Answer] = []
    at = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ForeignAnswer(f"{name}: no JSON ({error})") from error
        found += value if isinstance(value, list) else [value]
        at = end + len(text[end:]) - len(text[end:].lstrip())
    for one in found:
        if not isinstance(one, dict) or not any(key in one for key in _KNOWN):
            raise ForeignAnswer(f"{name}: no answer of the aws CLI: one of {', '.join(_KNOWN)}")
    return tuple(found)


def saved(files: Iterable[tuple[str, str]], region: str | None = None) -> tuple[Inventory, ...]:
    """Return what saved files say, each the name and text of one: an inventory for each region.

    What names no region belongs to *region*, or to the only one that the other files name. A
    template is whole where no number is missing. Raises :class:`ForeignAnswer`.
    """
    given = tuple(files)
    try:
        return _by_region([answer for name, text in given for answer in read(text, name)], region)
    except _WRONG as error:
        if len(given) > 1:
            for one in given:
                saved((one,), region)
        name = ", ".join(name for name, _ in given)
        raise ForeignAnswer(f"{name}: not of the form that AWS answers: {error}") from error


_WRONG: Final = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)
"""What reading raises where a value is of another kind than the service's."""


def _by_region(answers: Sequence[Answer], region: str | None) -> tuple[Inventory, ...]:
    named = [region_of(one) for one in answers]
    others = {one for one in named if one is not None}
    rest = region or (others.pop() if len(others) == 1 else "unknown-region")
    found: dict[str, list[Answer]] = {}
    for answer, own in zip(answers, named, strict=True):
        found.setdefault(own or rest, []).append(answer)
    return tuple(_saved(one, found[one]) for one in sorted(found))


def _saved(region: str, answers: list[Answer]) -> Inventory:
    templates = inventory(answers, region).templates
    whole = (one.id for one in templates if len(one.versions) == (one.latest or _NONE).number)
    # the types of the records are those of the service: what is of another kind is refused
    return convert(to_builtins(inventory(answers, region, whole=whole)), Inventory)


def region_of(answer: Answer) -> str | None:
    """Return the region that an answer names in an ARN, a zone or a DNS name."""
    for text in _texts(answer):
        if text.startswith("arn:"):
            parts = text.split(":")
            if len(parts) > 3 and _REGION.fullmatch(parts[3]):  # noqa: PLR2004 - arn:aws:s:REGION
                return parts[3]
        elif ".elb." in text or re.fullmatch(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]", text):
            match = _REGION.search(text)
            if match is not None:
                return match[1]
    return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


# --- from answers to an inventory ----------------------------------------------------------


def inventory(
    answers: Iterable[Answer],
    region: str,
    account: str = "",
    *,
    whole: Iterable[str] = (),
    not_checked: Iterable[NotChecked] = (),
) -> Inventory:
    """Return what *answers* say; *whole* are the ids of templates whose versions were all read."""
    held = list(answers)
    keys = {key for one in held for key in one}
    referrers = tuple(dict.fromkeys(found for one in held for found in _referrers(one)))
    is_asked = not keys.isdisjoint(_KNOWN[2:9])
    return Inventory(
        account,
        region,
        tuple(_templates(held, frozenset(whole))),
        referrers if is_asked else None,
        tuple(_balancers(held)) if keys & {"LoadBalancers", "LoadBalancerDescriptions"} else None,
        tuple(_images(held)) if "Images" in keys else None,
        tuple(not_checked),
        tuple(_subscriptions(held)) if "Subscriptions" in keys else None,
    )


def _templates(answers: list[Answer], whole: frozenset[str]) -> Iterator[Template]:
    versions: dict[str, dict[int, Version]] = {}
    names: dict[str, str] = {}
    tags: dict[str, dict[str, str]] = {}
    for answer in answers:
        for one in answer.get("LaunchTemplateVersions") or ():
            found = _version(one)
            versions.setdefault(one["LaunchTemplateId"], {})[found.number] = found
            names[one["LaunchTemplateId"]] = one.get("LaunchTemplateName", "")
        for one in answer.get("LaunchTemplates") or ():
            names.setdefault(one["LaunchTemplateId"], one.get("LaunchTemplateName", ""))
            tags[one["LaunchTemplateId"]] = _tags(one)
    for key in sorted(names, key=lambda key: (names[key], key)):
        held = versions.get(key, {})
        ordered = tuple(held[number] for number in sorted(held))
        yield Template(key, names[key], ordered, tags.get(key, {}), key in whole)


def _version(one: Answer) -> Version:
    data = one.get("LaunchTemplateData") or {}
    return Version(
        int(one["VersionNumber"]),
        bool(one.get("DefaultVersion")),
        _time(one.get("CreateTime")),
        str(one.get("CreatedBy") or ""),
        str(one.get("VersionDescription") or ""),
        data.get("ImageId"),
        data.get("UserData"),
    )


def _time(value: object) -> str:
    """Return a time as ISO 8601, to the second."""
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.replace(" ", "T")[:19]


def _tags(one: Answer) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in one.get("Tags") or ()}


def _balancers(answers: list[Answer]) -> Iterator[LoadBalancer]:
    for answer in answers:
        for one in answer.get("LoadBalancers") or ():
            state = (one.get("State") or {}).get("Code", "active")
            yield LoadBalancer(one.get("LoadBalancerName", ""), one.get("DNSName", ""), state)
        for one in answer.get("LoadBalancerDescriptions") or ():
            yield LoadBalancer(one.get("LoadBalancerName", ""), one.get("DNSName", ""))


def _images(answers: list[Answer]) -> Iterator[Image]:
    for answer in answers:
        for one in answer.get("Images") or ():
            deprecated = _time(one.get("DeprecationTime"))
            yield Image(one["ImageId"], one.get("State", "available"), deprecated)


def _subscriptions(answers: list[Answer]) -> Iterator[Subscription]:
    """Yield the subscriptions; one that waits has a word in place of its ARN."""
    for answer in answers:
        for one in answer.get("Subscriptions") or ():
            is_confirmed = str(one.get("SubscriptionArn")).startswith("arn:")
            yield Subscription(one["TopicArn"], str(one.get("Protocol", "")), is_confirmed)


# --- referrers: which field of which answer, see the service models of botocore ------------


def _referrers(answer: Answer) -> Iterator[Referrer]:
    for one in answer.get("AutoScalingGroups") or ():
        yield from _group(one)
    for one in answer.get("InstanceRefreshes") or ():
        yield from _refresh(one)
    for one in answer.get("Fleets") or ():
        yield from _fleet("EC2 fleet", one, one.get("FleetId", ""), one.get("FleetState", ""))
    for one in answer.get("SpotFleetRequestConfigs") or ():
        config = one.get("SpotFleetRequestConfig") or {}
        name, state = one.get("SpotFleetRequestId", ""), one.get("SpotFleetRequestState", "")
        yield from _fleet("Spot fleet", config, name, state)
    if "nodegroup" in answer:
        yield from _node_group(answer["nodegroup"])
    for one in answer.get("computeEnvironments") or ():
        yield from _environment(one)
    for reservation in answer.get("Reservations") or ():
        for one in reservation.get("Instances") or ():
            yield from _instance(one)


def _named(
    kind: str, name: str, held: Answer | None, desired: int | None, *, is_result: bool = False
) -> Iterator[Referrer]:
    """Yield the referrer that a template specification makes; its keys differ by service."""
    if not held:
        return
    lower = {key.lower(): value for key, value in held.items()}
    template_id = lower.get("launchtemplateid") or lower.get("id")
    template_name = lower.get("launchtemplatename") or lower.get("name")
    version = lower.get("version")
    yield Referrer(
        kind,
        name,
        template_id,
        template_name,
        None if version in {None, ""} else str(version),
        desired,
        is_result,
    )


def _mixed(kind: str, name: str, policy: Answer | None, desired: int | None) -> Iterator[Referrer]:
    template = (policy or {}).get("LaunchTemplate") or {}
    yield from _named(kind, name, template.get("LaunchTemplateSpecification"), desired)
    for one in template.get("Overrides") or ():
        held = one.get("LaunchTemplateSpecification")
        yield from _named(f"override of {kind}", name, held, desired)


def _group(one: Answer) -> Iterator[Referrer]:
    name, desired = one.get("AutoScalingGroupName", ""), one.get("DesiredCapacity")
    yield from _named("Auto Scaling group", name, one.get("LaunchTemplate"), desired)
    yield from _mixed("Auto Scaling group", name, one.get("MixedInstancesPolicy"), desired)
    for instance in one.get("Instances") or ():
        held, machine = instance.get("LaunchTemplate"), instance.get("InstanceId", "")
        yield from _named("instance", f"{machine} of {name}", held, None, is_result=True)


def _refresh(one: Answer) -> Iterator[Referrer]:
    if one.get("Status") not in _RUNNING_REFRESHES:
        return
    wanted, name = one.get("DesiredConfiguration") or {}, one.get("AutoScalingGroupName", "")
    yield from _named("instance refresh", name, wanted.get("LaunchTemplate"), None)
    yield from _mixed("instance refresh", name, wanted.get("MixedInstancesPolicy"), None)


def _fleet(kind: str, one: Answer, name: str, state: str) -> Iterator[Referrer]:
    if state in _OVER:
        return
    capacity = (one.get("TargetCapacitySpecification") or {}).get("TotalTargetCapacity")
    for config in one.get("LaunchTemplateConfigs") or ():
        held = config.get("LaunchTemplateSpecification")
        yield from _named(kind, name, held, capacity or one.get("TargetCapacity"))


def _node_group(one: Answer) -> Iterator[Referrer]:
    name = f"{one.get('clusterName', '')}/{one.get('nodegroupName', '')}"
    desired = (one.get("scalingConfig") or {}).get("desiredSize")
    yield from _named("EKS node group", name, one.get("launchTemplate"), desired)


def _environment(one: Answer) -> Iterator[Referrer]:
    resources = one.get("computeResources") or {}
    template = resources.get("launchTemplate") or {}
    name, desired = one.get("computeEnvironmentName", ""), resources.get("desiredvCpus")
    yield from _named("Batch environment", name, template, desired)
    for held in template.get("overrides") or ():
        yield from _named("override of Batch environment", name, held, desired)


def _instance(one: Answer) -> Iterator[Referrer]:
    tags = _tags(one)
    is_ended = (one.get("State") or {}).get("Name") in _ENDED
    if _ID_TAG in tags and not is_ended:
        yield Referrer(
            "instance",
            one.get("InstanceId", ""),
            tags[_ID_TAG],
            None,
            tags.get(_VERSION_TAG),
            is_result=True,
        )
