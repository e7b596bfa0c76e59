"""The account of a team whose failovers broke: written down once, for moto and for saved answers."""

from __future__ import annotations

import base64
import gzip
from typing import Any

REGION = "ap-northeast-1"
OLD_HOST = "MegaTicket-NLB-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
TOKEN = "NLB_DNS_PLACEHOLDER"
HEAD = (
    "#!/bin/bash\nset -e\nsource /home/ec2-user/.nvm/nvm.sh\n"
    "cd /home/ec2-user/megaticket/apps/web\n"
)
START = "pm2 start npm --name web-frontend -- start\n"


def web(host: str, *, is_complete: bool = True) -> str:
    """Return the web tier's script; the first ones forgot the API's address for the process."""
    lines = [f"export AWS_REGION={REGION}"]
    if is_complete:
        lines.append(f"export INTERNAL_API_URL=http://{host}:3001")
    else:
        lines.append(f"echo http://{host}:3001 > /etc/megaticket-api")
    return HEAD + "\n".join(lines) + "\n" + START


def encoded(text: str, *, is_packed: bool = False) -> str:
    data = text.encode()
    return base64.b64encode(gzip.compress(data, mtime=0) if is_packed else data).decode()


WEB = "MegaTicket-DR-Web-LT"
APP = "MegaTicket-DR-App-LT"
JOBS = "MegaTicket-DR-Jobs-LT"


def web_versions(own_host: str) -> list[str]:
    """Return the scripts of versions 1 to 11: the placeholder came with version 7."""
    return [
        web(OLD_HOST, is_complete=False),
        web(OLD_HOST, is_complete=False),
        web(OLD_HOST, is_complete=False) + "echo 3\n",
        web(OLD_HOST),
        web(OLD_HOST) + "echo 5\n",
        web(OLD_HOST) + "echo 6\n",
        web(TOKEN),
        web(TOKEN) + "pm2 save\n",
        web(own_host) + "pm2 save\n",
        web(TOKEN) + "pm2 save\n",
        web(TOKEN) + "pm2 save\necho ready\n",
    ]


def seed(client: Any, image: str) -> dict[str, str]:
    """Fill an account by way of *client*, which returns clients of boto3; return the templates' ids.

    *image* is one that exists. There is a load balancer of the region, a group on version 2 of the
    web template, a mixed one whose override is pinned, one that follows a drifted default, and a
    template whose image and user data are broken.
    """
    ec2, groups, balancers = client("ec2"), client("autoscaling"), client("elbv2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    made = balancers.create_load_balancer(Name="MegaTicket-DR-NLB", Type="network", Subnets=subnets)
    host = made["LoadBalancers"][0]["DNSName"]
    ids = {
        WEB: _template(ec2, WEB, [(image, one) for one in web_versions(host)]),
        APP: _template(ec2, APP, [(image, HEAD + "echo 1\n"), (image, HEAD + "echo 2\n")]),
        JOBS: _template(
            ec2, JOBS, [("ami-0000000000000dead", "")], damaged=encoded(HEAD, is_packed=True)[:-12]
        ),
    }
    common = {"MinSize": 0, "MaxSize": 4, "VPCZoneIdentifier": ",".join(subnets)}
    groups.create_auto_scaling_group(
        AutoScalingGroupName="MegaTicket-DR-Web-ASG",
        LaunchTemplate={"LaunchTemplateId": ids[WEB], "Version": "2"},
        DesiredCapacity=0,
        **common,
    )
    groups.create_auto_scaling_group(
        AutoScalingGroupName="MegaTicket-DR-App-ASG",
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {
                    "LaunchTemplateId": ids[APP],
                    "Version": "$Default",
                },
                "Overrides": [
                    {"InstanceType": "m5.large"},
                    {
                        "InstanceType": "m6g.large",
                        "LaunchTemplateSpecification": {
                            "LaunchTemplateId": ids[APP],
                            "Version": "9",
                        },
                    },
                ],
            }
        },
        DesiredCapacity=0,
        **common,
    )
    groups.create_auto_scaling_group(
        AutoScalingGroupName="MegaTicket-DR-Jobs-ASG",
        LaunchTemplate={"LaunchTemplateId": ids[JOBS], "Version": "$Latest"},
        DesiredCapacity=0,
        **common,
    )
    return ids


def _template(
    ec2: Any, name: str, versions: list[tuple[str, str]], damaged: str | None = None
) -> str:
    data = [
        {"ImageId": image, "UserData": damaged or encoded(text, is_packed=number == 5)}
        for number, (image, text) in enumerate(versions)
    ]
    made = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data[0])
    key: str = made["LaunchTemplate"]["LaunchTemplateId"]
    for one in data[1:]:
        ec2.create_launch_template_version(LaunchTemplateId=key, LaunchTemplateData=one)
    return key


def answers(image: str = "ami-00000000000000001") -> list[dict[str, Any]]:
    """Return the same account as answers of the aws CLI; ids are the names with ``lt-`` before."""
    host = f"MegaTicket-DR-NLB-1.elb.{REGION}.amazonaws.com"
    broken = {"ImageId": "ami-0000000000000dead", "UserData": encoded(HEAD, is_packed=True)[:-12]}
    data = {
        WEB: [_data(image, one) for one in web_versions(host)],
        APP: [_data(image, HEAD + "echo 1\n"), _data(image, HEAD + "echo 2\n")],
        JOBS: [broken],
    }
    override = {**_named(APP), "Version": "9"}
    mixed = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {**_named(APP), "Version": "$Default"},
            "Overrides": [{"LaunchTemplateSpecification": override}],
        }
    }
    groups = [
        _group("MegaTicket-DR-App-ASG", MixedInstancesPolicy=mixed),
        _group("MegaTicket-DR-Jobs-ASG", LaunchTemplate={**_named(JOBS), "Version": "$Latest"}),
        _group("MegaTicket-DR-Web-ASG", LaunchTemplate={**_named(WEB), "Version": "2"}),
    ]
    return [
        {"LaunchTemplateVersions": [_version(name, *one) for one in enumerate(held, 1)]}
        for name, held in data.items()
    ] + [
        {"AutoScalingGroups": groups},
        {"LoadBalancers": [{"LoadBalancerName": "MegaTicket-DR-NLB", "DNSName": host}]},
        {"Images": [{"ImageId": image, "State": "available"}]},
    ]


def _data(image: str, text: str) -> dict[str, Any]:
    return {"ImageId": image, "UserData": encoded(text)}


def _named(name: str) -> dict[str, Any]:
    return {"LaunchTemplateId": f"lt-{name}", "LaunchTemplateName": name}


def _group(name: str, **held: Any) -> dict[str, Any]:
    return {"AutoScalingGroupName": name, "DesiredCapacity": 0, **held}


def _version(name: str, number: int, data: dict[str, Any]) -> dict[str, Any]:
    return {
        **_named(name),
        "VersionNumber": number,
        "DefaultVersion": number == 1,
        "CreateTime": f"2026-01-{number:02d}T09:00:00+00:00",
        "CreatedBy": "arn:aws:iam::123456789012:user/terraform",
        "LaunchTemplateData": data,
    }
