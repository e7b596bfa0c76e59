"""Ask an account for its launch templates, and for what starts machines from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)
from botocore.parsers import ResponseParserError
from msgspec import Struct, field

from megalint.aws.policy import ACTIONS
from megalint.aws.session import SETTINGS, Identity, reason
from megalint.formats.aws_answers import Answer, Inventory, NotChecked, inventory

PAGE: Final = 200
GROUPS: Final = 100
IMAGES: Final = 200
WORKERS: Final = 8
_GONE: Final = frozenset(
    {"InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateName.NotFoundException"}
    | {"ResourceNotFoundException"}
)
_CLOSED: Final = frozenset({"AuthFailure", "OptInRequired", "ExpiredToken", "RequestExpired"})
"""Refusals that no other question would escape."""
_UNREACHABLE: Final = (EndpointConnectionError, ConnectTimeoutError, NoCredentialsError)
Progress = Callable[[], None]


def collect(
    identity: Identity,
    regions: Sequence[str],
    templates: Sequence[str] = (),
    progress: Progress = lambda: None,
) -> list[Inventory]:
    """Return an inventory for each region, in the order of *regions*; several are asked at once.

    *templates* are names or ids; without them all are read. What AWS does not answer is listed in
    the inventory, and never raised. *progress* is called :data:`STEPS` times for each region.
    """

    def one(region: str) -> Inventory:
        asked = _Region(identity, region, tuple(templates), progress)
        return asked.inventory()

    with ThreadPoolExecutor(min(WORKERS, max(len(regions), 1))) as pool:
        return list(pool.map(one, regions))


class _Region(Struct):
    identity: Identity
    region: str
    wanted: tuple[str, ...]
    progress: Progress
    answers: list[Answer] = field(default_factory=list[Answer])
    not_checked: list[NotChecked] = field(default_factory=list[NotChecked])
    whole: list[str] = field(default_factory=list[str])
    is_unreachable: bool = False
    _clients: dict[str, Any] = field(default_factory=dict[str, Any])

    def inventory(self) -> Inventory:
        """Ask in order: what later questions are about comes from the earlier answers."""
        for question in _QUESTIONS:
            if not self.is_unreachable:
                question(self)
            self.progress()
        return inventory(
            self.answers,
            self.region,
            self.identity.account,
            whole=self.whole,
            not_checked=self.not_checked,
        )

    # --- asking ----------------------------------------------------------------------------

    def _pages(self, service: str, operation: str, **given: Any) -> Iterator[Answer]:
        """Yield the pages of an answer; one that is refused ends them and is noted."""
        if (service, operation) not in ACTIONS:
            raise LookupError(f"{service}.{operation} is in no policy")
        try:
            client = self._client(service)
            if client.can_paginate(operation):
                yield from client.get_paginator(operation).paginate(**given)
            else:
                yield getattr(client, operation)(**given)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code in _GONE:
                return  # deleted between two calls
            self.is_unreachable = service == "ec2" and code in _CLOSED
            self._refused(service, operation, error)
        except (BotoCoreError, ResponseParserError) as error:
            self.is_unreachable = service == "ec2" and isinstance(error, _UNREACHABLE)
            self._refused(service, operation, error)

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            session = self.identity.session
            self._clients[service] = session.client(
                service, region_name=self.region, config=SETTINGS
            )
        return self._clients[service]

    def _refused(self, service: str, operation: str, error: Exception) -> None:
        found = NotChecked(service, operation, reason(error))
        if found not in self.not_checked:
            self.not_checked.append(found)

    def _keep(self, service: str, operation: str, **given: Any) -> list[Answer]:
        found = list(self._pages(service, operation, **given))
        self.answers += found
        return found

    # --- what is asked ---------------------------------------------------------------------

    def _templates(self) -> None:
        """One question for the two versions of every template that an alias means, one for tags."""
        self._keep(
            "ec2",
            "describe_launch_template_versions",
            Versions=["$Latest", "$Default"],
            PaginationConfig={"PageSize": PAGE},
        )
        self._keep("ec2", "describe_launch_templates", PaginationConfig={"PageSize": PAGE})
        if self.wanted:
            self.answers = [_only(one, self.wanted) for one in self.answers]

    def _groups(self) -> None:
        pages = self._keep(
            "autoscaling", "describe_auto_scaling_groups", PaginationConfig={"PageSize": GROUPS}
        )
        for page in pages:
            for group in page["AutoScalingGroups"]:
                has_template = group.get("LaunchTemplate") or group.get("MixedInstancesPolicy")
                if has_template and group.get("Instances"):
                    name = group["AutoScalingGroupName"]
                    self._keep(
                        "autoscaling", "describe_instance_refreshes", AutoScalingGroupName=name
                    )

    def _fleets(self) -> None:
        self._keep("ec2", "describe_fleets")
        self._keep("ec2", "describe_spot_fleet_requests")

    def _clusters(self) -> None:
        for page in self._pages("eks", "list_clusters"):
            for cluster in page["clusters"]:
                for names in self._pages("eks", "list_nodegroups", clusterName=cluster):
                    for name in names["nodegroups"]:
                        self._keep(
                            "eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name
                        )

    def _environments(self) -> None:
        self._keep("batch", "describe_compute_environments")

    def _balancers(self) -> None:
        self._keep("elbv2", "describe_load_balancers")
        self._keep("elb", "describe_load_balancers")

    def _instances(self) -> None:
        tag = {"Name": "tag-key", "Values": ["aws:ec2launchtemplate:id"]}
        self._keep("ec2", "describe_instances", Filters=[tag])

    def _versions(self) -> None:
        """Read all versions of the templates where the two of the aliases do not tell everything.

        :attr:`whole` gets the ids of the templates whose versions are all known.
        """
        known = inventory(self.answers, self.region)
        used = {one.template_id for one in known.referrers or ()}
        used |= {one.template_name for one in known.referrers or ()}
        for template in known.templates:
            latest = template.latest
            is_used = bool({template.id, template.name} & used) or bool(self.wanted)
            is_known = latest is not None and latest.number == 1
            if is_known or (is_used and self._all_versions(template.id)):
                self.whole.append(template.id)

    def _all_versions(self, template: str) -> bool:
        before = len(self.not_checked)
        found = self._keep(
            "ec2",
            "describe_launch_template_versions",
            LaunchTemplateId=template,
            PaginationConfig={"PageSize": PAGE},
        )
        return bool(found) and len(self.not_checked) == before

    def _images(self) -> None:
        known = inventory(self.answers, self.region)
        names = sorted(
            {
                version.image
                for template in known.templates
                for version in template.versions
                if version.image is not None and version.image.startswith("ami-")
            }
        )
        for start in range(0, len(names), IMAGES):
            wanted = {"Name": "image-id", "Values": names[start : start + IMAGES]}
            self._keep("ec2", "describe_images", Filters=[wanted], IncludeDeprecated=True)


_QUESTIONS: Final[tuple[Callable[[_Region], None], ...]] = (
    _Region._templates,
    _Region._groups,
    _Region._fleets,
    _Region._clusters,
    _Region._environments,
    _Region._instances,
    _Region._versions,
    _Region._balancers,
    _Region._images,
)
STEPS: Final = len(_QUESTIONS)


def _only(answer: Answer, wanted: Iterable[str]) -> Answer:
    """Return an answer with the templates that are wanted."""
    names = set(wanted)

    def is_wanted(one: Mapping[str, Any]) -> bool:
        return bool(names & {one.get("LaunchTemplateId"), one.get("LaunchTemplateName")})

    return {
        key: [one for one in value if is_wanted(one)] if isinstance(value, list) else value
        for key, value in answer.items()
    }
