"""Questions to AWS, answered by botocore's Stubber: pages, refusals, what is deleted meanwhile."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, SSOTokenLoadError
from botocore.stub import Stubber

from megalint.aws.collect import collect
from megalint.aws.policy import ACTIONS, policy
from megalint.aws.session import Identity, NoAccess, identities, reason, regions

REGION = "ap-northeast-1"
Reply = tuple[str, dict[str, Any] | str]
NOTHING: dict[str, dict[str, Any]] = {
    "describe_launch_templates": {"LaunchTemplates": []},
    "describe_launch_template_versions": {"LaunchTemplateVersions": []},
    "describe_fleets": {"Fleets": []},
    "describe_spot_fleet_requests": {"SpotFleetRequestConfigs": []},
    "describe_instances": {"Reservations": []},
    "describe_images": {"Images": []},
    "describe_auto_scaling_groups": {"AutoScalingGroups": []},
    "describe_instance_refreshes": {"InstanceRefreshes": []},
    "list_clusters": {"clusters": []},
    "describe_compute_environments": {"computeEnvironments": []},
}


class Session:
    """A session whose clients give prepared answers, in order, and then say that there is nothing.

    :attr:`asked` holds each operation that was sent.
    """

    region_name = REGION
    get_available_partitions = boto3.Session().get_available_partitions
    get_available_regions = boto3.Session().get_available_regions

    def __init__(self, **answers: list[Reply]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, str]] = []

    def client(self, service: str, **_: Any) -> Any:
        client = boto3.Session("x", "x", region_name=REGION).client(service)
        names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
        replies = iter(self._answers.get(service, []))
        stubber = Stubber(client)
        stubber.activate()

        def answer(model: Any, **_: Any) -> None:
            name = names[model.name]
            self.asked.append((service, name))
            given, reply = next(replies, None) or (name, self._nothing(service, name))
            assert given == name
            if isinstance(reply, str):
                stubber.add_client_error(name, reply, "said so")
            else:
                stubber.add_response(name, reply)

        client.meta.events.register("provide-client-params.*.*", answer)
        return client

    def _nothing(self, service: str, name: str) -> dict[str, Any]:
        if name == "describe_load_balancers":
            return {"LoadBalancers" if service == "elbv2" else "LoadBalancerDescriptions": []}
        return NOTHING[name]


def identity(session: Session) -> Identity:
    return Identity(session, "123456789012")


def version(number: int, template: str = "lt-1", **more: Any) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template,
        "LaunchTemplateName": template.replace("lt", "web"),
        "VersionNumber": number,
        "LaunchTemplateData": {},
        **more,
    }


VERSIONS = "describe_launch_template_versions"
GROUPS = "describe_auto_scaling_groups"


def group(name: str, template: str, number: str) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": name,
        "MinSize": 0,
        "MaxSize": 1,
        "DesiredCapacity": 0,
        "DefaultCooldown": 300,
        "AvailabilityZones": [f"{REGION}a"],
        "HealthCheckType": "EC2",
        "CreatedTime": "2026-01-01T00:00:00",
        "LaunchTemplate": {"LaunchTemplateId": template, "Version": number},
    }


def test_all_pages_are_read() -> None:
    pages = [[version(n) for n in range(first, first + 200)] for first in (1, 201, 401)]
    session = Session(
        ec2=[
            (VERSIONS, {"LaunchTemplateVersions": [version(1)], "NextToken": "more"}),
            (VERSIONS, {"LaunchTemplateVersions": [version(600), version(3, "lt-2")]}),
            ("describe_launch_templates", {"LaunchTemplates": []}),
            ("describe_fleets", {"Fleets": []}),
            ("describe_spot_fleet_requests", {"SpotFleetRequestConfigs": []}),
            ("describe_instances", {"Reservations": []}),
            (VERSIONS, {"LaunchTemplateVersions": pages[0], "NextToken": "a"}),
            (VERSIONS, {"LaunchTemplateVersions": pages[1], "NextToken": "b"}),
            (VERSIONS, {"LaunchTemplateVersions": pages[2]}),
        ],
        autoscaling=[(GROUPS, {"AutoScalingGroups": [group("web", "lt-1", "2")]})],
    )

    (found,) = collect(identity(session), [REGION])

    used, unused = found.templates
    assert len(used.versions) == 600
    assert used.is_whole
    assert [one.number for one in unused.versions] == [3]
    assert not unused.is_whole
    assert found.not_checked == ()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("UnauthorizedOperation", "denied (UnauthorizedOperation)"),
        ("InvalidAction", "InvalidAction: said so"),
    ],
)
def test_what_is_refused_is_not_checked(code: str, words: str) -> None:
    session = Session(ec2=[(VERSIONS, code)], autoscaling=[(GROUPS, code)])

    (found,) = collect(identity(session), [REGION])

    assert [(one.service, one.operation) for one in found.not_checked] == [
        ("ec2", VERSIONS),
        ("autoscaling", GROUPS),
    ]
    assert all(words in one.reason for one in found.not_checked)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredToken", "the credentials have expired"),
        ("OptInRequired", "the region is not enabled"),
    ],
)
def test_region_that_is_closed_is_asked_once(code: str, words: str) -> None:
    session = Session(ec2=[(VERSIONS, code), ("describe_launch_templates", code)])

    (found,) = collect(identity(session), [REGION])

    assert {service for service, _ in session.asked} == {"ec2"}
    assert all(words in one.reason for one in found.not_checked)
    assert found.referrers is None


def test_throttled_calls_are_tried_again_and_then_not_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    session = Session(eks=[("list_clusters", "ThrottlingException")])

    (found,) = collect(identity(session), [REGION])

    (refused,) = found.not_checked
    assert refused.reason == "throttled (ThrottlingException), tried again in vain"


def test_template_deleted_between_two_calls() -> None:
    session = Session(
        ec2=[
            (VERSIONS, {"LaunchTemplateVersions": [version(3), version(2, DefaultVersion=True)]}),
            ("describe_launch_templates", {"LaunchTemplates": []}),
            ("describe_fleets", {"Fleets": []}),
            ("describe_spot_fleet_requests", {"SpotFleetRequestConfigs": []}),
            ("describe_instances", {"Reservations": []}),
            (VERSIONS, "InvalidLaunchTemplateId.NotFound"),
        ],
        autoscaling=[(GROUPS, {"AutoScalingGroups": [group("web", "lt-1", "2")]})],
    )

    (found,) = collect(identity(session), [REGION])

    assert found.not_checked == ()
    assert not found.templates[0].is_whole


def test_only_the_templates_that_are_wanted() -> None:
    session = Session(
        ec2=[(VERSIONS, {"LaunchTemplateVersions": [version(1), version(1, "lt-2")]})]
    )

    (found,) = collect(identity(session), [REGION], ["web-2"])

    assert [one.id for one in found.templates] == ["lt-2"]


def test_calls_are_bounded_by_what_is_used() -> None:
    many = [version(20, f"lt-{n}") for n in range(500)]
    groups = [group(f"web-{n}", f"lt-{n}", "$Default") for n in range(3)]
    session = Session(
        ec2=[(VERSIONS, {"LaunchTemplateVersions": many})],
        autoscaling=[(GROUPS, {"AutoScalingGroups": groups})],
    )

    (found,) = collect(identity(session), [REGION])

    assert len(found.templates) == 500
    assert session.asked.count(("ec2", VERSIONS)) == 1 + 3
    assert len(session.asked) <= len(ACTIONS) + 3


def test_the_policy_allows_each_call_and_nothing_else() -> None:
    session = Session(
        ec2=[
            (
                VERSIONS,
                {"LaunchTemplateVersions": [version(2, LaunchTemplateData={"ImageId": "ami-1"})]},
            )
        ],
        eks=[
            ("list_clusters", {"clusters": ["c"]}),
            ("list_nodegroups", {"nodegroups": ["n"]}),
            ("describe_nodegroup", {"nodegroup": {"nodegroupName": "n"}}),
        ],
        autoscaling=[
            (
                GROUPS,
                {
                    "AutoScalingGroups": [
                        {
                            **group("web", "lt-1", "2"),
                            "Instances": [
                                {
                                    "InstanceId": "i-1",
                                    "AvailabilityZone": f"{REGION}a",
                                    "LifecycleState": "InService",
                                    "HealthStatus": "Healthy",
                                    "ProtectedFromScaleIn": False,
                                }
                            ],
                        }
                    ]
                },
            )
        ],
    )
    collect(identity(session), [REGION])
    apart = {("sts", "get_caller_identity"), ("ec2", "describe_regions")}

    assert set(session.asked) | apart == set(ACTIONS)
    (statement,) = policy()["Statement"]
    assert statement["Action"] == sorted(set(ACTIONS.values()))
    assert all(
        one.split(":")[1].startswith(("Describe", "List", "Get")) for one in statement["Action"]
    )


def test_no_credentials_no_network_no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no credentials" in reason(NoCredentialsError())
    assert "cannot be reached" in reason(EndpointConnectionError(endpoint_url="https://ec2"))
    assert "aws sso login" in reason(SSOTokenLoadError(error_msg="gone"))
    with pytest.raises(NoAccess, match="there is no profile nobody"):
        list(identities("nobody"))


def test_regions_are_those_that_are_asked_for_or_enabled() -> None:
    reply = {"Regions": [{"RegionName": "eu-west-1"}, {"RegionName": "ap-northeast-1"}]}
    session = Session(ec2=[("describe_regions", reply)])

    assert regions(identity(session), ["eu-west-1", REGION, "eu-west-1"]) == ("eu-west-1", REGION)
    assert regions(identity(session), []) == (REGION,)
    assert regions(identity(session), ["all"]) == ("ap-northeast-1", "eu-west-1")
    with pytest.raises(NoAccess, match="--region all: denied"):
        regions(identity(Session(ec2=[("describe_regions", "UnauthorizedOperation")])), ["all"])
    with pytest.raises(NoAccess, match="did you mean ap-northeast-1"):
        regions(identity(session), ["ap-notheast-1"])
