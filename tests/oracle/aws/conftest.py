"""A server that answers as AWS does, over HTTP, with the account of tests/seeds.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import seeds
from servers import serving


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Start moto's server; it is empty."""
    with serving() as address:
        yield address


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
