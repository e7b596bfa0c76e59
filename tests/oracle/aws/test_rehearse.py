"""``megalint rehearse --live`` as people run it, against a server that speaks HTTP as AWS does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import seeds

AFTER = Path(__file__).parents[3] / "fixtures" / "projects" / "megaticket" / "after"


def rehearse(endpoint: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
    }
    return subprocess.run(
        [sys.executable, "-m", "megalint", "rehearse", "--repo", str(AFTER), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.usefixtures("account")
def test_account_says_what_starts(endpoint: str, tmp_path: Path) -> None:
    done = rehearse(endpoint, tmp_path, "--live", "--format", "json")
    data = json.loads(done.stdout)
    (process,) = data["processes"]

    assert process["template"] == f"{seeds.WEB} version 2"
    assert process["region"] == seeds.REGION
    assert {one["name"]: one["verdict"] for one in process["values"]} == {
        "AWS_REGION": "recovery",
        "INTERNAL_API_URL": "lacking",
    }
    assert done.returncode == 3  # the template of the jobs cannot be read
    assert "cannot be read: its gzip is cut off" in done.stderr
    assert [one["process"] for one in data["aside"]][-1] == f"{seeds.APP} version 1"


def test_empty_region_starts_nothing(endpoint: str, tmp_path: Path) -> None:
    done = rehearse(endpoint, tmp_path, "--live", "--to", "eu-west-1")

    assert "nothing starts a process in eu-west-1" in done.stdout
    assert done.returncode == 2
