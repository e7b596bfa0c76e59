"""``megalint lt`` as people run it, against a server that speaks HTTP as AWS does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import seeds

STEP = """import boto3

ec2 = boto3.client('ec2')


def handler(event, context):
    return ec2.describe_launch_template_versions(
        LaunchTemplateId=event['launch_template_id'],
        Versions=['2']
    )
"""
TERRAFORM = """resource "aws_launch_template" "web" {
  name = "MegaTicket-DR-Web-LT"
}
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "step2.py").write_text(STEP, encoding="utf-8")
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    return tmp_path


def lt(endpoint: str | None, repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(repo),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if endpoint is not None:
        environment["AWS_ENDPOINT_URL"] = endpoint
    return subprocess.run(
        [sys.executable, "-m", "megalint", "lt", "--repo", str(repo), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def places(report: dict[str, Any]) -> set[tuple[str, str, int]]:
    return {(one["rule"], one["path"], one["line"]) for one in report["findings"]}


@pytest.mark.usefixtures("account")
def test_the_audit_tells_the_story(endpoint: str, repo: Path) -> None:
    done = lt(endpoint, repo, "--region", seeds.REGION, "--format", "json")
    report = json.loads(done.stdout)
    folder = f"lt/{seeds.REGION}"

    assert done.stderr == ""
    assert done.returncode == 1
    assert places(report) == {
        ("default-version-drift", f"{folder}/referrers", 2),
        ("image-unavailable", f"{folder}/{seeds.JOBS}/versions", 2),
        ("load-balancer-mismatch", f"{folder}/{seeds.WEB}/2/user-data.sh", 6),
        ("pinned-version-missing", f"{folder}/referrers", 3),
        ("referrer-pins-stale-version", f"{folder}/referrers", 1),
        ("used-version-lacks-placeholder", f"{folder}/{seeds.WEB}/versions", 3),
        ("user-data-undecodable", f"{folder}/{seeds.JOBS}/versions", 2),
    }
    (web,) = (one for one in report["templates"] if one["name"] == seeds.WEB)
    holding = [one["number"] for one in web["versions"] if one["placeholders"]]
    assert holding == [7, 8, 10, 11]
    assert [one["number"] for one in web["versions"] if one["default"]] == [1]
    (group,) = web["referrers"]
    assert (group["name"], group["resolved"]) == ("MegaTicket-DR-Web-ASG", 2)


@pytest.mark.usefixtures("account")
def test_text_names_the_versions_and_what_to_do(endpoint: str, repo: Path) -> None:
    text = lt(endpoint, repo, "--region", seeds.REGION, "--template", seeds.WEB).stdout

    assert "reads version 2 of" in text
    assert "holds no placeholder; versions 7, 8, 10, 11 do" in " ".join(text.split())
    assert "functions/step2.py:9" in text
    assert "1 launch template, 11 versions, 1 region (ap-northeast-1)" in text
    assert seeds.APP not in text


@pytest.mark.usefixtures("account")
def test_sarif_points_into_the_checkout(endpoint: str, repo: Path) -> None:
    done = lt(endpoint, repo, "--region", seeds.REGION, "--format", "sarif")
    results = json.loads(done.stdout)["runs"][0]["results"]

    assert results
    for one in results:
        (location,) = one["locations"]
        (logical,) = location["logicalLocations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        is_web = logical["name"] == seeds.WEB
        assert uri == ("main.tf" if is_web else "megalint.toml")
        assert logical["fullyQualifiedName"].startswith("arn:aws:ec2:ap-northeast-1:123456789012:")
        assert one["properties"]["region"] == seeds.REGION


@pytest.mark.usefixtures("account")
def test_saved_answers_say_the_same(endpoint: str, repo: Path, tmp_path: Path) -> None:
    """The one-liners of docs/lt.md, run with the aws CLI where there is one, else with boto3."""
    import boto3

    folder = tmp_path / "saved"
    folder.mkdir()

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=seeds.REGION,
            endpoint_url=endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    ec2 = client("ec2")
    answers: list[Any] = [
        ec2.describe_launch_template_versions(LaunchTemplateName=name, MaxResults=200)
        for name in (seeds.WEB, seeds.APP, seeds.JOBS)
    ]
    answers += [
        client("autoscaling").describe_auto_scaling_groups(),
        client("elbv2").describe_load_balancers(),
        ec2.describe_images(Owners=["amazon"]),
    ]
    for number, answer in enumerate(answers):
        text = json.dumps(answer, default=str)
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    live = json.loads(lt(endpoint, repo, "--region", seeds.REGION, "--format", "json").stdout)

    done = lt(None, repo, "--from", str(folder), "--format", "json")

    assert places(json.loads(done.stdout)) == places(live)


def test_empty_region(endpoint: str, repo: Path) -> None:
    done = lt(endpoint, repo, "--region", "eu-west-1")

    assert done.returncode == 2
    assert "there are no launch templates here" in done.stderr


def test_no_network_no_region_no_profile(repo: Path) -> None:
    closed = "http://127.0.0.1:9"
    unreachable = lt(closed, repo, "--region", seeds.REGION)
    unknown = lt(closed, repo, "--region", "ap-notheast-1", "--profile", "nobody")

    assert unreachable.returncode == 3
    assert "the endpoint cannot be reached" in unreachable.stderr
    assert unknown.returncode == 2
    assert "there is no profile nobody" in unknown.stderr


def test_what_the_server_does_not_know_is_not_checked(endpoint: str, repo: Path) -> None:
    """moto knows no instance refreshes: it fails on the question, as a refused call would."""
    import boto3

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name="us-west-2",
            endpoint_url=endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    image = client("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = client("ec2").create_launch_template(
        LaunchTemplateName="one", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )
    client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="one",
        MinSize=1,
        MaxSize=1,
        AvailabilityZones=["us-west-2a"],
        LaunchTemplate={"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]},
    )

    done = lt(endpoint, repo, "--region", "us-west-2")

    assert done.returncode == 3
    assert "not checked: autoscaling describe_instance_refreshes" in done.stderr
    assert "1 question not answered by AWS, and so not checked" in done.stdout
