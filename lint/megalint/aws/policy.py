"""The operations that are called, and the IAM policy that allows them and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

ACTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("ec2", "describe_launch_templates"): "ec2:DescribeLaunchTemplates",
    ("ec2", "describe_launch_template_versions"): "ec2:DescribeLaunchTemplateVersions",
    ("ec2", "describe_fleets"): "ec2:DescribeFleets",
    ("ec2", "describe_spot_fleet_requests"): "ec2:DescribeSpotFleetRequests",
    ("ec2", "describe_instances"): "ec2:DescribeInstances",
    ("ec2", "describe_images"): "ec2:DescribeImages",
    ("ec2", "describe_regions"): "ec2:DescribeRegions",
    ("autoscaling", "describe_auto_scaling_groups"): "autoscaling:DescribeAutoScalingGroups",
    ("autoscaling", "describe_instance_refreshes"): "autoscaling:DescribeInstanceRefreshes",
    ("eks", "list_clusters"): "eks:ListClusters",
    ("eks", "list_nodegroups"): "eks:ListNodegroups",
    ("eks", "describe_nodegroup"): "eks:DescribeNodegroup",
    ("batch", "describe_compute_environments"): "batch:DescribeComputeEnvironments",
    ("elbv2", "describe_load_balancers"): "elasticloadbalancing:DescribeLoadBalancers",
    ("elb", "describe_load_balancers"): "elasticloadbalancing:DescribeLoadBalancers",
    ("sts", "get_caller_identity"): "sts:GetCallerIdentity",
}
"""What each call of boto3 needs, as the service authorization reference names it.

The describe actions of EC2, Auto Scaling, Batch and Elastic Load Balancing know no resources, so
the resource is ``*``.
"""


def policy() -> dict[str, Any]:
    """Return the least IAM policy that lets every call through."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "MegalintReadsLaunchTemplates",
                "Effect": "Allow",
                "Action": sorted(set(ACTIONS.values())),
                "Resource": "*",
            }
        ],
    }
