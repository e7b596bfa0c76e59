"""A server that answers as AWS does, over HTTP, with the account of tests/seeds.py."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import seeds

TRIES = 200


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Start moto's server; it is empty."""
    pytest.importorskip("moto.server", reason="moto is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(TRIES):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("moto's server does not listen")


@pytest.fixture(scope="session")
def account(endpoint: str) -> dict[str, str]:
    """Fill the account; return the ids of its templates."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=seeds.REGION,
            endpoint_url=endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    image = client("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    return seeds.seed(client, image)
