"""Saved answers of the aws CLI become an inventory; anything else is refused by name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from megalint.formats.aws_answers import ForeignAnswer, Referrer, inventory, read, region_of

TEMPLATE = {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web"}


def version(number: int, **more: Any) -> dict[str, Any]:
    return {**TEMPLATE, "VersionNumber": number, "LaunchTemplateData": {}, **more}


def test_versions_of_several_answers_are_one_template_with_gaps() -> None:
    answers = [
        {"LaunchTemplateVersions": [version(7), version(2, DefaultVersion=True)]},
        {"LaunchTemplateVersions": [version(11, CreateTime=datetime(2026, 1, 7, tzinfo=UTC))]},
        {"LaunchTemplates": [{**TEMPLATE, "Tags": [{"Key": "env", "Value": "dr"}]}]},
    ]

    (template,) = inventory(answers, "ap-northeast-1", whole=["lt-1"]).templates

    assert [one.number for one in template.versions] == [2, 7, 11]
    assert template.default is not None
    assert template.default.number == 2
    assert template.latest is not None
    assert template.latest.created == "2026-01-07T00:00:00"
    assert template.tags == {"env": "dr"}
    assert template.is_whole


GROUP = {"AutoScalingGroupName": "web", "DesiredCapacity": 0}
SPECIFICATION = {**TEMPLATE, "Version": "$Default"}


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (
            {"AutoScalingGroups": [{**GROUP, "LaunchTemplate": {**TEMPLATE, "Version": "2"}}]},
            [("Auto Scaling group", "web", "2", 0, False)],
        ),
        (
            {"AutoScalingGroups": [{**GROUP, "LaunchTemplate": TEMPLATE}]},
            [("Auto Scaling group", "web", None, 0, False)],
        ),
        (
            {
                "AutoScalingGroups": [
                    {
                        **GROUP,
                        "MixedInstancesPolicy": {
                            "LaunchTemplate": {
                                "LaunchTemplateSpecification": SPECIFICATION,
                                "Overrides": [
                                    {"InstanceType": "m5.large"},
                                    {"LaunchTemplateSpecification": {**TEMPLATE, "Version": "4"}},
                                ],
                            }
                        },
                        "Instances": [
                            {"InstanceId": "i-1", "LaunchTemplate": {**TEMPLATE, "Version": "3"}}
                        ],
                    }
                ]
            },
            [
                ("Auto Scaling group", "web", "$Default", 0, False),
                ("override of Auto Scaling group", "web", "4", 0, False),
                ("instance", "i-1 of web", "3", None, True),
            ],
        ),
        (
            {
                "InstanceRefreshes": [
                    {
                        "AutoScalingGroupName": "web",
                        "Status": "InProgress",
                        "DesiredConfiguration": {"LaunchTemplate": {**TEMPLATE, "Version": "9"}},
                    },
                    {"AutoScalingGroupName": "web", "Status": "Successful"},
                ]
            },
            [("instance refresh", "web", "9", None, False)],
        ),
        (
            {
                "Fleets": [
                    {
                        "FleetId": "fleet-1",
                        "FleetState": "active",
                        "TargetCapacitySpecification": {"TotalTargetCapacity": 3},
                        "LaunchTemplateConfigs": [
                            {"LaunchTemplateSpecification": {**TEMPLATE, "Version": "1"}}
                        ],
                    },
                    {
                        "FleetId": "fleet-2",
                        "FleetState": "deleted",
                        "LaunchTemplateConfigs": [
                            {"LaunchTemplateSpecification": {**TEMPLATE, "Version": "1"}}
                        ],
                    },
                ]
            },
            [("EC2 fleet", "fleet-1", "1", 3, False)],
        ),
        (
            {
                "SpotFleetRequestConfigs": [
                    {
                        "SpotFleetRequestId": "sfr-1",
                        "SpotFleetRequestState": "active",
                        "SpotFleetRequestConfig": {
                            "TargetCapacity": 2,
                            "LaunchTemplateConfigs": [
                                {"LaunchTemplateSpecification": {**TEMPLATE, "Version": "$Latest"}}
                            ],
                        },
                    }
                ]
            },
            [("Spot fleet", "sfr-1", "$Latest", 2, False)],
        ),
        (
            {
                "nodegroup": {
                    "clusterName": "c",
                    "nodegroupName": "n",
                    "scalingConfig": {"desiredSize": 4},
                    "launchTemplate": {"id": "lt-1", "name": "web", "version": "5"},
                }
            },
            [("EKS node group", "c/n", "5", 4, False)],
        ),
        (
            {
                "computeEnvironments": [
                    {
                        "computeEnvironmentName": "jobs",
                        "computeResources": {
                            "desiredvCpus": 0,
                            "launchTemplate": {
                                "launchTemplateName": "web",
                                "launchTemplateId": "lt-1",
                                "version": "$Default",
                            },
                        },
                    }
                ]
            },
            [("Batch environment", "jobs", "$Default", 0, False)],
        ),
        (
            {
                "Reservations": [
                    {
                        "Instances": [
                            {
                                "InstanceId": "i-2",
                                "State": {"Name": "running"},
                                "Tags": [
                                    {"Key": "aws:ec2launchtemplate:id", "Value": "lt-1"},
                                    {"Key": "aws:ec2launchtemplate:version", "Value": "6"},
                                ],
                            },
                            {"InstanceId": "i-3", "State": {"Name": "running"}},
                        ]
                    }
                ]
            },
            [("instance", "i-2", "6", None, True)],
        ),
    ],
)
def test_referrers(answer: dict[str, Any], wanted: list[tuple[object, ...]]) -> None:
    found = inventory([answer], "ap-northeast-1").referrers

    assert found is not None
    assert [(r.kind, r.name, r.version, r.desired, r.is_result) for r in found] == wanted
    assert {r.template_id for r in found} == {"lt-1"}


def test_what_was_not_asked_is_not_taken_for_empty() -> None:
    found = inventory([{"LaunchTemplateVersions": [version(1)]}], "ap-northeast-1")

    assert found.referrers is None
    assert found.balancers is None
    assert found.images is None


def test_load_balancers_of_both_kinds_and_images() -> None:
    found = inventory(
        [
            {
                "LoadBalancers": [
                    {"LoadBalancerName": "n", "DNSName": "n-1.elb", "State": {"Code": "active"}}
                ]
            },
            {"LoadBalancerDescriptions": [{"LoadBalancerName": "c", "DNSName": "c-1.elb"}]},
            {"Images": [{"ImageId": "ami-1", "State": "available"}]},
        ],
        "ap-northeast-1",
    )

    assert [one.dns_name for one in found.balancers or ()] == ["n-1.elb", "c-1.elb"]
    assert [one.id for one in found.images or ()] == ["ami-1"]


def test_file_with_several_answers() -> None:
    one = json.dumps({"LaunchTemplateVersions": []})

    assert len(read(f"\ufeff{one}\n{one}\n[{one}, {one}]\n", "a.json")) == 4


@pytest.mark.parametrize("text", ["", "{", '{"Vpcs": []}', "[1]", '"LaunchTemplates"', "[" * 9999])
def test_foreign_files_are_refused_by_name(text: str) -> None:
    if not text:
        assert read(text, "a.json") == ()
        return
    with pytest.raises(ForeignAnswer, match=r"^a\.json: no "):
        read(text, "a.json")


@pytest.mark.parametrize(
    ("answer", "region"),
    [
        (
            {"a": ["arn:aws:elasticloadbalancing:ap-northeast-2:1:loadbalancer/net/n/1"]},
            "ap-northeast-2",
        ),
        ({"AvailabilityZones": ["ap-northeast-1a"]}, "ap-northeast-1"),
        ({"DNSName": "n-0123.elb.us-gov-west-1.amazonaws.com"}, "us-gov-west-1"),
        ({"CreatedBy": "arn:aws:iam::123456789012:user/me"}, None),
        ({"VersionDescription": "copied from ap-northeast-2 to ap-northeast-1"}, None),
    ],
)
def test_region_of_an_answer(answer: dict[str, Any], region: str | None) -> None:
    assert region_of(answer) == region


def test_referrer_is_named_by_the_template_it_has() -> None:
    answer = {"AutoScalingGroups": [{**GROUP, "LaunchTemplate": {"LaunchTemplateName": "web"}}]}

    (found,) = inventory([answer], "ap-northeast-1").referrers or ()

    assert found == Referrer("Auto Scaling group", "web", None, "web", None, 0)
