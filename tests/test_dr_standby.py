"""What takes over, on recorded answers."""

from __future__ import annotations

from typing import Any

import pytest

from checklists import FAIL, PASS, SEOUL, TOKYO, UNKNOWN, book, outcomes, reply
from megalint.formats.failover_answers import Reply
from megalint.readiness import Outcome, standby


def group(desired: int = 0, most: int = 4, ready: int = 0, **more: Any) -> Reply:
    machines = [{"LifecycleState": "InService", "HealthStatus": "Healthy"}] * ready
    one = {
        "AutoScalingGroupName": "web",
        "DesiredCapacity": desired,
        "MaxSize": most,
        "Instances": machines,
        **more,
    }
    return reply(
        f"{TOKYO} autoscaling describe_auto_scaling_groups", "", {"AutoScalingGroups": [one]}
    )


@pytest.mark.parametrize(
    ("found", "outcome", "words"),
    [
        (group(), PASS, "0 in service, 0 wanted, 4 at most"),
        (group(most=0), FAIL, "its maximum is 0"),
        (group(MaxSize=None), UNKNOWN, "its maximum is not in the answer"),
        (group(desired=2, ready=1), FAIL, "1 of 2 machines are in service"),
        (
            group(SuspendedProcesses=[{"ProcessName": "Launch"}]),
            FAIL,
            "its process Launch is suspended",
        ),
    ],
)
def test_capacity(found: Reply, outcome: Outcome, words: str) -> None:
    ((own, said),) = outcomes(list(standby.items(book(found), None)), "capacity")

    assert (own, said[: len(words)]) == (outcome, words)


@pytest.mark.parametrize(
    ("states", "desired", "outcome", "words"),
    [
        (["healthy", "healthy"], 2, PASS, "2 of 2 healthy"),
        (["healthy", "unhealthy"], 2, FAIL, "1 of 2 healthy; the others: unhealthy"),
        (["healthy", "initial"], 2, UNKNOWN, "1 of 2 healthy; the others: initial"),
        ([], 2, FAIL, "it has no targets, though its region wants 2 machines"),
        ([], 0, UNKNOWN, "it has no targets: no machine is wanted before the failover"),
    ],
)
def test_targets(states: list[str], desired: int, outcome: Outcome, words: str) -> None:
    groups = reply(
        f"{TOKYO} elbv2 describe_target_groups",
        "",
        {"TargetGroups": [{"TargetGroupArn": "arn", "TargetGroupName": "app"}]},
    )
    health = [{"TargetHealth": {"State": one}} for one in states]
    asked = reply(
        f"{TOKYO} elbv2 describe_target_health", "arn", {"TargetHealthDescriptions": health}
    )

    found = outcomes(
        list(standby.items(book(groups, asked, group(desired, ready=desired)), None)),
        "target-health",
    )
    assert found == [(outcome, words)]


def test_primary_region_that_is_ill_is_told() -> None:
    ringing = reply(
        f"{SEOUL} cloudwatch describe_alarms",
        "",
        {"MetricAlarms": [{"AlarmName": "5xx", "StateValue": "ALARM"}]},
    )

    (found,) = outcomes(list(standby.primary(book(ringing))), "primary-alarms")
    assert found == (FAIL, "in ALARM: 5xx")
