"""The operations of AWS that take a launch template version, and where they take it.

Names are those of botocore's models, as boto3 writes them. The aws CLI writes them with hyphens,
Step Functions and the SDK for JavaScript in camel case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from megalint.project.versions.facts import Use

CREATES: Final = "create_launch_template_version"
DIRECT: Final[Mapping[str, tuple[str, Use]]] = {
    "describe_launch_template_versions": ("Versions", Use.READ),
    CREATES: ("SourceVersion", Use.BASE),
    "modify_launch_template": ("DefaultVersion", Use.ACTIVATE),
}
"""Operations with an argument of their own for the version."""
STARTING: Final = (
    *("run_instances", "create_fleet", "modify_fleet"),
    *("request_spot_fleet", "modify_spot_fleet_request"),
    *("create_auto_scaling_group", "update_auto_scaling_group", "start_instance_refresh"),
    *("create_nodegroup", "update_nodegroup_version"),
    *("create_compute_environment", "update_compute_environment"),
)
"""Operations that take a specification: the template and its version."""
WITHOUT_ALIAS: Final = frozenset(
    {
        *("modify_launch_template", "create_nodegroup", "update_nodegroup_version"),
        *("create_compute_environment", "update_compute_environment"),
    }
)
"""Operations for which ``$Latest`` is not the obvious replacement."""


def kebab(name: str) -> str:
    """Return an operation as the aws CLI names it."""
    return name.replace("_", "-")


def camel(name: str) -> str:
    """Return an operation as Step Functions names it."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def option(argument: str) -> str:
    """Return an argument as the aws CLI names it: ``SourceVersion`` is ``--source-version``."""
    return "--" + "".join(f"-{c.lower()}" if c.isupper() else c for c in argument).lstrip("-")
