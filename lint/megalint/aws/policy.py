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


FAILOVER_ACTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("route53", "list_health_checks"): "route53:ListHealthChecks",
    ("route53", "get_health_check_status"): "route53:GetHealthCheckStatus",
    ("route53", "list_hosted_zones"): "route53:ListHostedZones",
    ("route53", "list_resource_record_sets"): "route53:ListResourceRecordSets",
    ("cloudwatch", "describe_alarms"): "cloudwatch:DescribeAlarms",
    ("events", "list_event_buses"): "events:ListEventBuses",
    ("events", "list_rules"): "events:ListRules",
    ("events", "list_targets_by_rule"): "events:ListTargetsByRule",
    ("iam", "get_role"): "iam:GetRole",
    ("iam", "list_role_policies"): "iam:ListRolePolicies",
    ("iam", "get_role_policy"): "iam:GetRolePolicy",
    ("iam", "list_attached_role_policies"): "iam:ListAttachedRolePolicies",
    ("iam", "get_policy"): "iam:GetPolicy",
    ("iam", "get_policy_version"): "iam:GetPolicyVersion",
    ("stepfunctions", "list_state_machines"): "states:ListStateMachines",
    ("stepfunctions", "describe_state_machine"): "states:DescribeStateMachine",
    ("stepfunctions", "list_executions"): "states:ListExecutions",
    ("stepfunctions", "describe_execution"): "states:DescribeExecution",
    ("stepfunctions", "get_execution_history"): "states:GetExecutionHistory",
    ("sns", "list_topics"): "sns:ListTopics",
    ("sns", "list_subscriptions_by_topic"): "sns:ListSubscriptionsByTopic",
    ("elbv2", "describe_load_balancers"): "elasticloadbalancing:DescribeLoadBalancers",
    ("elbv2", "describe_target_groups"): "elasticloadbalancing:DescribeTargetGroups",
    ("elbv2", "describe_target_health"): "elasticloadbalancing:DescribeTargetHealth",
    ("autoscaling", "describe_auto_scaling_groups"): "autoscaling:DescribeAutoScalingGroups",
    ("dynamodb", "list_tables"): "dynamodb:ListTables",
    ("dynamodb", "describe_table"): "dynamodb:DescribeTable",
    ("dynamodb", "describe_global_table"): "dynamodb:DescribeGlobalTable",
    ("s3", "list_buckets"): "s3:ListAllMyBuckets",
    ("s3", "get_bucket_replication"): "s3:GetReplicationConfiguration",
    ("s3", "get_bucket_location"): "s3:GetBucketLocation",
}
"""What the checklist asks besides the launch templates."""


def policy() -> dict[str, Any]:
    """Return the least IAM policy that lets every call about launch templates through."""
    return _policy("MegalintReadsLaunchTemplates", set(ACTIONS.values()))


def failover_policy() -> dict[str, Any]:
    """Return the least IAM policy for the whole checklist of a failover."""
    return _policy("MegalintReadsFailover", set(ACTIONS.values()) | set(FAILOVER_ACTIONS.values()))


def _policy(sid: str, actions: set[str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": "*"}],
    }
