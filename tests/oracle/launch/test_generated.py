"""Random launch scripts, run for real and by the model: each process has the same environment."""

from __future__ import annotations

import os
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from megalint.project.launches.facts import Certainty, Launch
from megalint.project.launches.interpret import launches_of_script
from megalint.source import Source
from megalint.text import Text
from oracle.launch.generate import NAMES, scripts
from oracle.launch.machine import Started, run, why_not

COUNT = int(os.environ.get("MEGALINT_ORACLE_SCRIPTS", "150"))
WATCHED = {*NAMES, *(name + "x" for name in NAMES)}
REASON = why_not()
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))


def model(script: str, family: str) -> list[Launch]:
    source = Source(PurePosixPath("user_data.sh"), script)
    found = launches_of_script(Text.of(source), os=family)
    return [one for one in found if one.starts is not Certainty.NEVER or is_of_npm(one)]


def is_of_npm(launch: Launch) -> bool:
    """Whether npm itself would end for want of a package.json: the one of the machine does not."""
    return (launch.note or "").startswith("npm finds no package.json")


def differences(real: list[Started], ours: list[Launch]) -> list[str]:
    if len(real) != len(ours) and all(one.starts is not Certainty.SOMETIMES for one in ours):
        return [f"{len(real)} processes were started, the model says {len(ours)}"]
    found = []
    for started, launch in zip(real, ours, strict=False):
        if (started.user, started.cwd) != (launch.user, launch.cwd or started.cwd):
            found.append(f"{started.user} in {started.cwd}: {launch.user} in {launch.cwd}")
        for name in sorted(WATCHED):
            given = launch.environment.get(name)
            if given is not None and given.value.known is None:
                continue
            ours_value = None if given is None else given.value.known
            if started.environment.get(name) != ours_value:
                found.append(f"{name}: {started.environment.get(name)!r}, we say {ours_value!r}")
    return found


@settings(
    max_examples=COUNT,
    deadline=None,
    derandomize="MEGALINT_ORACLE_SCRIPTS" not in os.environ,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(scripts(), st.sampled_from(("amazon", "debian")))
def test_environment_of_generated_scripts(script: str, family: str) -> None:
    assert differences(run(script.encode(), family), model(script, family)) == [], script
