"""Which files speak to EC2 of launch templates, and are no tests of somebody else's code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from megalint.classify import Kind, classify
from megalint.project.checkout import Checkout
from megalint.source import Location, Needle, Source, Span, whole

_FOLDERS: Final = frozenset({"test", "tests", "testing", "__tests__", "spec", "specs", "mocks"})
_NAMES: Final = re.compile(r"(?:test_.*|.*_test|conftest)\.py|.*\.(?:test|spec)\.[cm]?[jt]sx?")
_MOCKS: Final = Needle(
    (
        *map(whole, ("moto", "mock_aws", "mock_ec2", "Stubber")),
        ("aws-sdk-client-mock", "aws-sdk-client-mock"),
    )
)
_MENTIONS: Final = Needle(
    (("template", r"launch[-_ ]?template"), ("user", r"user[-_ ]?data")), is_folded=True
)
_MOVES: Final = re.compile(
    r"modify_launch_template|modify-launch-template|[mM]odifyLaunchTemplate"
    r"|EC2LaunchTemplate\b.*-DefaultVersion"
)
_UPDATES: Final = re.compile(
    r"update_auto_scaling_group|update-auto-scaling-group|[uU]pdateAutoScalingGroup"
    r"|start_instance_refresh|start-instance-refresh|[sS]tartInstanceRefresh"
    r"|create_fleet|modify_fleet|run_instances|run-instances|create-fleet|[rR]unInstances"
)


def speaking(checkout: Checkout, *kinds: Kind) -> Iterator[Source]:
    """Yield the files of some kinds that name launch templates, tests left out."""
    for source in checkout.of_kind(*kinds):
        if source.mentions(_MENTIONS) and not is_test(source):
            yield source


def moves_default(checkout: Checkout) -> Location | None:
    """Return where code of the checkout makes a version the default one."""
    return checkout.view(_moves_default)


def updates_referrers(checkout: Checkout) -> Location | None:
    """Return where code of the checkout gives a group, a fleet or machines a version."""
    return checkout.view(_updates_referrers)


def _moves_default(checkout: Checkout) -> Location | None:
    return _first(checkout, _MOVES)


def _updates_referrers(checkout: Checkout) -> Location | None:
    return _first(checkout, _UPDATES)


def _first(checkout: Checkout, pattern: re.Pattern[str]) -> Location | None:
    for source in checkout:
        kind = classify(source.path)
        if kind is not None and kind is not Kind.TERRAFORM:
            if not source.mentions(pattern) or is_test(source):
                continue
            match = pattern.search(source.text)
            if match is not None:
                return Location(source, Span(*match.span()))
    return None


def is_test(source: Source) -> bool:
    """Whether a file is a test, or speaks to a mock."""
    folders = {one.lower() for one in source.path.parts[:-1]}
    if not _FOLDERS.isdisjoint(folders) or _NAMES.fullmatch(source.path.name):
        return True
    return source.mentions(_MOCKS)
